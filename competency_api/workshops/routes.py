"""Workshops over HTTP, as a whole. Their parts have routes of their own in the packages beside."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response
from sqlalchemy import orm
from werkzeug.routing import BaseConverter

from competency_api.accounts.authentication import actor
from competency_api.accounts.queries import names_of_organisations
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import (
    Blueprint,
    Made,
    as_page,
    as_response,
    db,
    made_once,
    page_behind,
    page_schema,
    seen_in,
    with_revision,
)
from competency_api.courses.routes import pins
from competency_api.workshops import queries, schemas, service
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import Asker, require_organiser
from competency_api.workshops.models import WorkshopRow
from competency_api.workshops.preparing.schemas import DryRunQuerySchema, WorkshopMadeSchema, WorkshopSetUpSchema
from competency_api.workshops.preparing.service import parts_of, set_up
from competency_api.workshops.presentation import BASE, workshop_document
from competency_api.workshops.values import RESERVED, Verb

blp = Blueprint("workshops", __name__, url_prefix=BASE, description="Workshops: a room ranks what is needed")
blueprints = (blp,)
_WORKSHOP = [schemas.WORKSHOP_PARAMETER]


class WorkshopCode(BaseConverter):
    """A workshop's code, which is no other word of these addresses."""

    regex = rf"(?!(?:{'|'.join(RESERVED)})$)[^/]+"


def register(app: Flask) -> None:
    """Let rules take codes."""
    app.url_map.converters["workshop_code"] = WorkshopCode


def _document(session: orm.Session, row: WorkshopRow, asker: Asker) -> dict[str, Any]:
    holders = names_of_organisations(session, [row.organisation_id] if row.organisation_id else [])
    return workshop_document(row, holders, pins(), asker)


def organised(session: orm.Session, code: str) -> tuple[WorkshopRow, Asker]:
    """The workshop, for its organisers. Raises NotFound and Forbidden."""
    row, asker = asking.asked(session, code)
    require_organiser(asker)
    return row, asker


@blp.get("")
@blp.welcoming
@blp.arguments(schemas.WorkshopsQuerySchema, location="query")
@blp.response(200, page_schema(schemas.WorkshopSchema), description="A page of workshops, newest first")
def list_workshops(query: dict[str, Any]) -> Response:
    """List workshops

    Those that are reported; with a key that has the scope `workshops` also all of its organisation.
    """
    before = seen_in(query.get("cursor"), 0)
    with db.reading(fresh=True) as session:
        asked = queries.Asked(asking.find_actor(), query.get("state", ()), only_own=query["own"])
        rows = queries.list_workshops(session, asked, before, query["limit"])
        holders = names_of_organisations(session, {row.organisation_id for row in rows if row.organisation_id})
    versions = pins()
    page = page_behind(rows, lambda row: row.id, query["limit"])
    return as_page(page, lambda row: workshop_document(row, holders, versions))


@blp.post("")
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, NotFound)
@blp.idempotent
@blp.arguments(DryRunQuerySchema, location="query")
@blp.arguments(WorkshopSetUpSchema)
@blp.alternative(200, WorkshopMadeSchema, description="With `dry_run=true`: what would be made")
@blp.response(201, WorkshopMadeSchema, description="The workshop, a draft that only its organisers see")
def create_workshop(query: dict[str, Any], body: dict[str, Any]) -> Response:
    """Create a workshop

    With `rounds`, `tables` and `topics` all of it at once, or nothing and everything that is wrong. `template` gives it
    topics to begin with: `world-cafe` the five of the partnership's first session, with the competencies of the version
    as contents.
    """
    if query["dry_run"]:
        with db.rehearsal() as session:
            return as_response(_set_up(session, body)[1])

    def make(_salt: bytes) -> Made:
        row, document = _set_up(session, body)
        return Made(document, {"Location": f"{BASE}/{row.code}", "ETag": f'"{row.revision}"'})

    with db.transaction() as session:
        return made_once(session, make)


def _set_up(session: orm.Session, body: dict[str, Any]) -> tuple[WorkshopRow, dict[str, Any]]:
    row = set_up(session, actor(), body, pins())
    document = _document(session, row, asking.asker_with(session, actor(), row))
    return row, document | {"parts": parts_of(session, row)}


@blp.get("/<workshop_code:workshop>", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.WorkshopSeenSchema, description="The workshop, and what whoever asks is in it")
def read_workshop(workshop: str) -> Response:
    """Read a workshop

    A draft is seen by those who prepare it, everything else by everybody.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        document = _document(session, row, asker)
    return with_revision(as_response(document), row.revision)


@blp.patch("/<workshop_code:workshop>", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.arguments(schemas.WorkshopChangeSchema)
@blp.response(200, schemas.WorkshopSeenSchema, description="The workshop as it is now")
def change_workshop(body: dict[str, Any], expected: frozenset[int], workshop: str) -> Response:
    """Change a workshop

    Only the members that are sent.
    """
    with db.transaction() as session:
        row, asker = organised(session, workshop)
        service.change_workshop(session, actor(), row, expected, body)
        document = _document(session, row, asker)
    return with_revision(as_response(document), row.revision)


@blp.delete("/<workshop_code:workshop>", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(204, description="It is gone, with all that was prepared")
def delete_workshop(expected: frozenset[int], workshop: str) -> Response:
    """Delete a workshop that was never open"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        service.delete_workshop(session, actor(), row, expected)
    return Response(status=204)


def _acted(workshop: str, verb: Verb, expected: frozenset[int]) -> Response:
    with db.transaction() as session:
        row, asker = organised(session, workshop)
        service.act(session, actor(), row, verb, expected)
        document = _document(session, row, asker)
    return with_revision(as_response(document), row.revision)


@blp.post("/<workshop>/opening", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(200, schemas.WorkshopSeenSchema, description="The workshop, which can be joined now")
def open_workshop(expected: frozenset[int], workshop: str) -> Response:
    """Open a workshop"""
    return _acted(workshop, Verb.OPENING, expected)


@blp.post("/<workshop>/closing", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(200, schemas.WorkshopSeenSchema, description="The workshop, which nobody is in any more")
def close_workshop(expected: frozenset[int], workshop: str) -> Response:
    """Close a workshop

    For good: tokens of participants are forgotten, ballots belong to a table and a role only.
    """
    return _acted(workshop, Verb.CLOSING, expected)


@blp.post("/<workshop>/reporting", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(200, schemas.WorkshopSeenSchema, description="The workshop, whose results everybody sees")
def report_workshop(expected: frozenset[int], workshop: str) -> Response:
    """Report a workshop

    From then on its results, conclusions and report are public.
    """
    return _acted(workshop, Verb.REPORTING, expected)
