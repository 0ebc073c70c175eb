"""Whole versions as files over HTTP, and files as proposals."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue import presentation
from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import Publications
from competency_api.core.errors import Conflict, DatabaseUnavailable, NotFound, TooLarge, UnsupportedMediaType
from competency_api.core.http import Blueprint, Format, Made, as_response, db, made_once, published, service
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.curation.presentation import proposal_document
from competency_api.curation.queries import surroundings
from competency_api.curation.routes import draft
from competency_api.formats import FORMATS
from competency_api.formats.document import Document
from competency_api.interchange.proposing import ProposalPlan, plan_changes, propose_documents
from competency_api.interchange.schemas import ImportedSchema, ImportPlanSchema, ImportQuerySchema

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
    file = presentation.file_name(found.version, chosen.suffix)
    return published(
        data,
        {"version": found.number},
        written=Format(chosen.name, chosen.media_type),
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


# -- files as proposals ------------------------------------------------------------------------------------------------

_BODY = {
    "required": True,
    "content": {item.media_type: {"schema": {"type": "string", "format": "binary"}} for item in FORMATS.values()},
}
_PLAN = {
    "description": "With `dry_run`: what the file would change. Nothing is written",
    "content": {"application/json": {"schema": ImportPlanSchema}},
}


@blp.post("/imports")
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound, UnsupportedMediaType, TooLarge, Conflict)
@blp.idempotent
@blp.arguments(ImportQuerySchema, location="query")
@blp.doc(requestBody=_BODY, responses={"200": _PLAN})
@blp.response(201, ImportedSchema, description="The proposal, a draft, and what the file changes")
def import_file(query: dict[str, Any]) -> Response:
    """Make a proposal of a file

    A file in one of our formats. Only what differs from what its editor saw becomes a change; what is missing in it is
    never taken for deleted. Look at the plan first: `dry_run=true`.
    """
    documents = [_document_in_request()]
    before = service(Publications).get(query["from_"]).taxonomy if "from_" in query else None
    with db.transaction() as session:
        plan = plan_changes(session, documents, draft(session), before)
        if query["dry_run"]:
            return as_response(plan.as_json())
        return made_once(session, lambda _salt: _proposed(session, query, plan))


def _document_in_request() -> Document:
    chosen = next((item for item in FORMATS.values() if item.media_type == request.mimetype), None)
    if chosen is None:
        known = ", ".join(item.media_type for item in FORMATS.values())
        raise UnsupportedMediaType(f"A file is sent as one of: {known}.")
    return chosen.load(request.get_data(), f"file{chosen.suffix}")


def _proposed(session: orm.Session, query: dict[str, Any], plan: ProposalPlan) -> Made:
    row = propose_documents(session, actor(), query["title"], query["rationale"], plan, draft)
    body = {"proposal": proposal_document(row, surroundings(session, [row])), **plan.as_json()}
    return Made(body, {"Location": f"/api/v1/proposals/{row.uuid}", "ETag": f'"{row.revision}"'})
