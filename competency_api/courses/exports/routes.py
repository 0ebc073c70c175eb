"""Catalogues of providers as files."""

from __future__ import annotations

from flask import Response

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import DatabaseUnavailable, NotAcceptable, NotFound
from competency_api.core.http import Blueprint, Format, as_response, db
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.courses import queries
from competency_api.courses.exports.catalogue import Catalogue
from competency_api.courses.exports.formats import FORMATS
from competency_api.courses.presentation import BASE
from competency_api.courses.routes import pins
from competency_api.courses.schemas import PROVIDER_PARAMETER

blp = Blueprint("catalogue-exports", __name__, url_prefix=BASE, description="Whole catalogues of providers as files")
blueprints = (blp,)

_NAME = {
    "in": "path",
    "name": "name",
    "description": f"Name of the format: {', '.join(FORMATS)}.",
    "schema": {"type": "string", "enum": list(FORMATS)},
    "example": "json",
}


@blp.get("/<provider>/export/<name>", parameters=[PROVIDER_PARAMETER, _NAME])
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, NotAcceptable, DatabaseUnavailable)
@blp.files(*{item.media_type: Format(name, item.media_type) for name, item in FORMATS.items()}.values())
def export_catalogue(provider: str, name: str) -> Response:
    """Download the catalogue of a provider

    `json`, `ndjson`, `courses-csv`, `mappings-csv` and `xlsx` are complete: imported again, everything is unchanged.
    """
    chosen = FORMATS.get(name)
    if chosen is None:
        message = f'There is no export format "{printable(name)}".{did_you_mean(name, FORMATS)}'
        raise NotFound(message, extra={"available": list(FORMATS)})
    with db.reading(fresh=True) as session:
        found = queries.get_provider(session, actor(), provider)
        data = b"".join(chosen.dump(Catalogue(session, found, pins())))
    response = as_response(data, Format(name, chosen.media_type))
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}-{chosen.file}"'
    return response
