"""Conclusions over HTTP: written by whoever facilitates, read by everybody once the workshop is reported."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import Blueprint, as_response, db, service, with_revision
from competency_api.publishing.values import Signing
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import Asker, require_organiser, require_running, require_table
from competency_api.workshops.models import WorkshopRow
from competency_api.workshops.outcome.conclusions import schemas
from competency_api.workshops.outcome.conclusions.presentation import conclusion_document, conclusions_document
from competency_api.workshops.outcome.conclusions.queries import (
    REPORT,
    Chain,
    get_chain,
    list_conclusions,
    subject_of,
)
from competency_api.workshops.outcome.conclusions.service import conclude
from competency_api.workshops.presentation import BASE
from competency_api.workshops.queries import get_table, get_topic
from competency_api.workshops.schemas import TOPIC_PARAMETER, WORKSHOP_PARAMETER
from competency_api.workshops.tables.schemas import TABLE_PARAMETER
from competency_api.workshops.values import State
from competency_api.workshops.wording import checked

blp = Blueprint(
    "workshop_conclusions",
    __name__,
    url_prefix=BASE,
    description="What tables and the plenary of a workshop concluded: every version, sealed and signed",
)
blueprints = (blp,)
_WORKSHOP = [WORKSHOP_PARAMETER]
_CONCLUSION = [WORKSHOP_PARAMETER, TABLE_PARAMETER, TOPIC_PARAMETER]


def readable(session: orm.Session, code: str) -> tuple[WorkshopRow, Asker]:
    """The workshop, for whoever may read what came of it: all once it is reported, before that who runs it.

    Raises NotFound and Forbidden.
    """
    row, asker = asking.asked(session, code)
    if row.state != State.REPORTED:
        require_running(asker)
    return row, asker


def _subject(session: orm.Session, row: WorkshopRow, topic: str, number: int) -> str:
    return subject_of(get_topic(session, row, topic).name, get_table(session, row, number).number)


def _answer(row: WorkshopRow, chain: Chain) -> Response:
    return with_revision(as_response(conclusion_document(chain, row)), chain[-1].number)


def _written(
    session: orm.Session, row: WorkshopRow, subject: str, body: dict[str, Any], expected: frozenset[int] | None
) -> Response:
    text = checked(body["text"], "/text", required=True)
    chain = conclude(session, actor(), row, subject, text, expected, service(Signing).signer)
    response = _answer(row, chain)
    response.status_code = 201 if len(chain) == 1 and not expected else 200
    return response


@blp.get("/<workshop>/conclusions", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.ConclusionsSchema, description="The newest version of each, with those before it")
def list_conclusions_of_workshop(workshop: str) -> Response:
    """List the conclusions of a workshop

    Public once it is reported; until then for those who run it.
    """
    with db.reading(fresh=True) as session:
        row, _ = readable(session, workshop)
        document = conclusions_document(list_conclusions(session, row), row)
    return as_response(document)


@blp.get("/<workshop>/tables/<int:number>/conclusions/<topic>", parameters=_CONCLUSION)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.ConclusionSchema, description="The newest version, with those before it")
def read_conclusion(workshop: str, number: int, topic: str) -> Response:
    """Read what a table concluded on a topic"""
    with db.reading(fresh=True) as session:
        row, _ = readable(session, workshop)
        return _answer(row, get_chain(session, row, _subject(session, row, topic, number)))


@blp.put("/<workshop>/tables/<int:number>/conclusions/<topic>", parameters=_CONCLUSION)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.upserting
@blp.arguments(schemas.ConclusionWriteSchema)
@blp.also(201, schemas.ConclusionSchema, "The first version")
@blp.response(200, schemas.ConclusionSchema, description="The new version, with those before it")
def put_conclusion(
    body: dict[str, Any], expected: frozenset[int] | None, workshop: str, number: int, topic: str
) -> Response:
    """Write what a table concluded on a topic

    Each writing is a new version, signed in the name of the key; the same text again makes none. For the table's
    facilitator, and for organisers.
    """
    with db.transaction() as session:
        row, asker = asking.asked(session, workshop)
        subject = _subject(session, row, topic, number)
        require_table(asker, number)
        return _written(session, row, subject, body, expected)


@blp.get("/<workshop>/report/text", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.ConclusionSchema, description="The newest version, with those before it")
def read_report_text(workshop: str) -> Response:
    """Read what the plenary of a workshop reported"""
    with db.reading(fresh=True) as session:
        row, _ = readable(session, workshop)
        return _answer(row, get_chain(session, row, REPORT))


@blp.put("/<workshop>/report/text", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.upserting
@blp.arguments(schemas.ConclusionWriteSchema)
@blp.also(201, schemas.ConclusionSchema, "The first version")
@blp.response(200, schemas.ConclusionSchema, description="The new version, with those before it")
def put_report_text(body: dict[str, Any], expected: frozenset[int] | None, workshop: str) -> Response:
    """Write what the plenary of a workshop reported

    Each writing is a new version, signed in the name of the key. It is part of the report. For organisers.
    """
    with db.transaction() as session:
        row, asker = asking.asked(session, workshop)
        require_organiser(asker)
        return _written(session, row, REPORT, body, expected)
