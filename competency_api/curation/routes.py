"""Proposals over HTTP. Every operation needs a key of a curator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint as PageBlueprint
from flask import Flask, Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import (
    Blueprint,
    Made,
    PageQuerySchema,
    as_page,
    as_response,
    db,
    made_once,
    page_behind,
    page_of,
    page_schema,
    provide,
    seen_in,
    service,
    with_revision,
)
from competency_api.curation import presentation, queries, schemas
from competency_api.curation import service as commands
from competency_api.curation.authoring import editing
from competency_api.curation.draft.store import DraftStore
from competency_api.curation.lifecycle import State
from competency_api.curation.models import ProposalRow
from competency_api.curation.sources import UseSources
from competency_api.taxonomy.taxonomy import Taxonomy

blp = Blueprint(
    "proposals",
    __name__,
    url_prefix="/api/v1/proposals",
    description="Changing the taxonomy together: proposals, what they do, whom they touch, and their review",
)
pages = PageBlueprint("curation_pages", __name__, template_folder="templates")
blueprints = (blp, pages)
_ID = [schemas.ID_PARAMETER]
_CHANGE = [schemas.ID_PARAMETER, schemas.NUMBER_PARAMETER]


def register(app: Flask) -> None:
    provide(app, DraftStore())
    provide(app, UseSources())


def draft(session: orm.Session) -> Taxonomy:
    """The working state as this session sees it."""
    return service(DraftStore).draft(session)


def _document(session: orm.Session, row: ProposalRow) -> dict[str, Any]:
    return presentation.proposal_document(row, queries.surroundings(session, [row]))


def one(session: orm.Session, row: ProposalRow) -> Response:
    """The answer about one proposal."""
    return with_revision(as_response(_document(session, row)), row.revision)


def made(session: orm.Session, make: Callable[[], ProposalRow], status: int = 201) -> Response:
    """What a request that may be repeated answers: the proposal as it made it."""

    def answer(_salt: bytes) -> Made:
        row = make()
        address = f"{presentation.BASE}/{row.uuid}"
        return Made(_document(session, row), {"Location": address, "ETag": f'"{row.revision}"'}, status)

    return made_once(session, answer)


# -- proposals ---------------------------------------------------------------------------------------------------------


@blp.get("")
@blp.scope(Scope.PROPOSE)
@blp.arguments(schemas.ProposalsQuerySchema, location="query")
@blp.response(200, page_schema(schemas.ProposalSchema), description="A page of proposals, newest first")
def list_proposals(query: dict[str, Any]) -> Response:
    """List the proposals

    One's own organisation's, and those of others once they were submitted.
    """
    before = seen_in(query.get("cursor"), 0)
    state = State(query["state"]) if "state" in query else None
    chosen = {"state": state, "code": query.get("code"), "is_own": query.get("own", False)}
    with db.reading(fresh=True) as session:
        rows = queries.list_proposals(session, actor(), before, query["limit"], **chosen)
        around = queries.surroundings(session, rows)
    page = page_behind(rows, lambda row: row.id, query["limit"])
    return as_page(page, lambda row: presentation.proposal_document(row, around))


@blp.post("")
@blp.scope(Scope.PROPOSE)
@blp.idempotent
@blp.arguments(schemas.ProposalCreateSchema)
@blp.response(201, schemas.ProposalSchema, description="The proposal, a draft")
def create_proposal(body: dict[str, Any]) -> Response:
    """Propose changes

    All of them or none. A draft is seen by its organisation only; submit it when it is ready.
    """
    with db.transaction() as session:
        return made(session, lambda: editing.create_proposal(session, actor(), **body, draft=draft))


@blp.get("/<id>", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.response(200, schemas.ProposalSchema, description="The proposal")
def read_proposal(**path: str) -> Response:
    """Read a proposal"""
    with db.reading(fresh=True) as session:
        return one(session, queries.get_proposal(session, actor(), path["id"]))


@blp.patch("/<id>", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.arguments(schemas.ProposalChangeSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal as it is now")
def change_proposal(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Change a proposal's title or rationale"""
    with db.transaction() as session:
        return one(session, editing.change_proposal(session, actor(), path["id"], expected, body))


# -- changes -----------------------------------------------------------------------------------------------------------


@blp.get("/<id>/changes", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.ProposedChangeSchema), description="A page of changes, in their order")
def list_changes(query: dict[str, Any], **path: str) -> Response:
    """List the changes of a proposal"""
    with db.reading(fresh=True) as session:
        row = queries.get_proposal(session, actor(), path["id"])
        changes = list(queries.get_content(session, row).changes.items())
    page = page_of(changes, lambda pair: pair[0], limit=query["limit"], cursor=query.get("cursor"))
    return with_revision(as_page(page, lambda pair: presentation.change_document(*pair)), row.revision)


@blp.post("/<id>/changes", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.ChangesCreateSchema)
@blp.response(201, schemas.ProposalSchema, description="The proposal as it is now")
def add_changes(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Add changes to a proposal

    All of them or none, behind those that are there.
    """
    me, changes = actor(), body["changes"]
    with db.transaction() as session:
        return made(session, lambda: editing.append_changes(session, me, path["id"], expected, changes, draft))


@blp.put("/<id>/changes/<int:number>", parameters=_CHANGE)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.arguments(schemas.ChangeReplaceSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal as it is now")
def replace_change(body: dict[str, Any], expected: frozenset[int], number: int, **path: str) -> Response:
    """Replace one change of a proposal"""
    change = body["change"]
    with db.transaction() as session:
        row = editing.replace_change(session, actor(), path["id"], number, expected, change, draft)
        return one(session, row)


@blp.delete("/<id>/changes/<int:number>", parameters=_CHANGE)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(200, schemas.ProposalSchema, description="The proposal as it is now")
def remove_change(expected: frozenset[int], number: int, **path: str) -> Response:
    """Take one change out of a proposal"""
    with db.transaction() as session:
        return one(session, editing.replace_change(session, actor(), path["id"], number, expected, None, draft))


# -- comments ----------------------------------------------------------------------------------------------------------


@blp.get("/<id>/comments", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.CommentSchema), description="A page of comments, oldest first")
def list_comments(query: dict[str, Any], **path: str) -> Response:
    """List the comments on a proposal"""
    after = seen_in(query.get("cursor"), 0)
    with db.reading(fresh=True) as session:
        row = queries.get_proposal(session, actor(), path["id"])
        comments = queries.list_comments(session, row, after, query["limit"])
        around = queries.surroundings(session, [comment for comment, _ in comments])
    page = page_behind(comments, lambda pair: pair[0].id, query["limit"])
    return as_page(page, lambda pair: presentation.comment_document(*pair, around))


@blp.post("/<id>/comments", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.idempotent
@blp.arguments(schemas.CommentCreateSchema)
@blp.response(201, schemas.CommentSchema, description="The comment")
def create_comment(body: dict[str, Any], **path: str) -> Response:
    """Comment on a proposal, on one of its changes, or on a comment"""

    def answer(_salt: bytes) -> Made:
        row = commands.comment(session, actor(), path["id"], **body)
        return Made(presentation.comment_document(row, body.get("reply_to"), queries.surroundings(session, [row])))

    with db.transaction() as session:
        return made_once(session, answer)
