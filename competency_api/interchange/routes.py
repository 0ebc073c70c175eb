"""Whole versions as files over HTTP."""

from __future__ import annotations

from flask import Response

from competency_api.catalogue import presentation
from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import Publications
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import Blueprint, Format, published, service
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.formats import FORMATS

#: Enough of the digest to tell files apart; the whole one is in the header of the file.
_DIGITS = 12
_FORMAT_PARAMETER = {
    "in": "path",
    "name": "name",
    "description": f"Name of the format: {', '.join(FORMATS)}.",
    "schema": {"type": "string", "enum": list(FORMATS)},
    "example": "json",
}

blp = Blueprint("interchange", __name__, url_prefix="/api/v1", description="Whole versions as files")
blueprints = (blp,)


@blp.get("/versions/<version>/export/<name>", parameters=[VERSION_PARAMETER, _FORMAT_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.files(*(Format(item.name, item.media_type) for item in FORMATS.values()))
def export_version(version: str, name: str) -> Response:
    """Download a version

    Complete and lossless; what is exported and imported again is the same. The name of the file carries the beginning
    of the version's digest.
    """
    chosen = FORMATS.get(name)
    if chosen is None:
        message = f'There is no export format "{printable(name)}".{did_you_mean(name, FORMATS)}'
        raise NotFound(message, extra={"available": list(FORMATS)})
    found = service(Publications).get(version)
    data = b"".join(chosen.dump(found.taxonomy, presentation.file_header(found.version)))
    file = f"smart-city-competencies-{found.number}-{found.version.digest[:_DIGITS]}{chosen.suffix}"
    return published(
        data,
        {"version": found.number},
        written=Format(chosen.name, chosen.media_type),
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )
