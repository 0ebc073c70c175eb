"""Comments on concepts over HTTP, for curators."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.concepts.absence import absent_from
from competency_api.core.errors import NotFound
from competency_api.core.http import (
    Blueprint,
    Made,
    PageQuerySchema,
    as_page,
    db,
    made_once,
    page_behind,
    page_schema,
    seen_in,
    service,
)
from competency_api.curation.draft.store import DraftStore
from competency_api.curation.remarks import queries, schemas
from competency_api.curation.remarks.service import BASE, comment_on_concept

blp = Blueprint(
    "concept_comments",
    __name__,
    url_prefix=BASE,
    description="What curators say of concepts, whether or not a proposal changes them",
)
blueprints = (blp,)
_CODE = [schemas.CODE_PARAMETER]


def _require_concept(session: orm.Session, code: str) -> None:
    draft = service(DraftStore).draft(session)
    if code not in draft:
        raise absent_from("the draft", code, draft)


@blp.get("/<code>/comments", parameters=_CODE)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.ConceptCommentSchema), description="A page of comments, oldest first")
def list_concept_comments(query: dict[str, Any], code: str) -> Response:
    """List the comments on a concept

    Those of people, and those that came of workshops which ranked it.
    """
    after, limit = seen_in(query.get("cursor"), 0), query["limit"]
    with db.reading(fresh=True) as session:
        _require_concept(session, code)
        page = page_behind(queries.list_comments(session, code, after, limit), lambda row: row.id, limit)
        shown = {
            row.id: document for row, document in zip(page.items, queries.documents(session, page.items), strict=True)
        }
    return as_page(page, lambda row: shown[row.id])


@blp.post("/<code>/comments", parameters=_CODE)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.idempotent
@blp.arguments(schemas.ConceptCommentCreateSchema)
@blp.response(201, schemas.ConceptCommentSchema, description="The comment")
def create_concept_comment(body: dict[str, Any], code: str) -> Response:
    """Comment on a concept

    What should change is better said by a proposal; this is for what is known of a concept before there is one.
    """

    def answer(_salt: bytes) -> Made:
        _require_concept(session, code)
        return Made(queries.documents(session, [comment_on_concept(session, actor(), code, body["text"])])[0])

    with db.transaction() as session:
        return made_once(session, answer)
