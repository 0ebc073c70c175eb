"""Needs over HTTP: participants type them, facilitators decide on those of their table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.serving import Publication, Publications
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import Blueprint, Made, as_response, db, made_once
from competency_api.core.http import service as provided
from competency_api.courses.routes import pins
from competency_api.search.index import SearchIndex
from competency_api.workshops import queries
from competency_api.workshops.access import asking
from competency_api.workshops.models import NeedRow, WorkshopRow
from competency_api.workshops.needs import schemas, service
from competency_api.workshops.needs.suggesting import suggestions
from competency_api.workshops.presentation import BASE
from competency_api.workshops.schemas import TOPIC_PARAMETER, WORKSHOP_PARAMETER
from competency_api.workshops.traces import leave_trace
from competency_api.workshops.values import NeedState

blp = Blueprint("workshop_needs", __name__, url_prefix=BASE, description="Needs that participants type")
blueprints = (blp,)
_TOPIC = [WORKSHOP_PARAMETER, TOPIC_PARAMETER]
_NEED = [*_TOPIC, schemas.NEED_PARAMETER]


def _document(row: NeedRow, table: int) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "text": row.text,
        "language": row.language,
        "table": table,
        "state": row.state,
        "option": row.option,
    }


def _with_suggestions(document: dict[str, Any], found: Publication) -> dict[str, Any]:
    if document["state"] != NeedState.WAITING:
        return document
    index = provided(Publications).beside(found, SearchIndex)
    return {**document, "suggestions": suggestions(index, found.taxonomy, document["text"], document["language"])}


@blp.get("/<workshop>/topics/<topic>/needs", parameters=_TOPIC)
@blp.welcoming
@blp.raises(NotFound, Forbidden)
@blp.response(200, schemas.NeedsSchema, description="Your own, those of your table, or all, by who you are")
def list_needs(workshop: str, topic: str) -> Response:
    """List the needs that were typed on a topic

    For facilitators and organisers with concepts that each may already be.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        numbers = queries.numbers_of_tables(session, row.id)
        needs = service.list_needs(session, queries.get_topic(session, row, topic), asker, numbers)
    items = [_document(need, numbers[need.table_id]) for need in needs]
    if asker.runs and items:
        found = provided(Publications).load(pins().of(row.version_id))
        items = [_with_suggestions(item, found) for item in items]
    return as_response({"items": items})


@blp.post("/<workshop>/topics/<topic>/needs", parameters=_TOPIC)
@blp.participating
@blp.raises(NotFound, Conflict)
@blp.arguments(schemas.NeedCreateSchema)
@blp.response(201, schemas.NeedSchema, description="The need, which the facilitator of your table sees first")
def create_need(body: dict[str, Any], workshop: str, topic: str) -> Response:
    """Type a need

    Plain text: HTML in it is shown as it was typed. The same words again are the same need.
    """
    with db.transaction() as session:
        row = queries.get_workshop(session, workshop)
        me = asking.participant(session, row)
        found = queries.get_topic(session, row, topic)
        need, _ = service.add_need(session, row, found, me, body["text"], body["language"])
        table = queries.numbers_of_tables(session, row.id)[need.table_id]
    response = as_response(_document(need, table))
    response.status_code = 201
    return response


def _decided(
    workshop: str,
    topic: str,
    need: str,
    decide: Callable[[orm.Session, WorkshopRow, service.Moderation], NeedRow],
    **said: Any,
) -> Response:
    """``said`` is what the audit trail tells beside what became of the need."""
    with db.transaction() as session:
        row, asker = asking.asked(session, workshop)

        def make(_salt: bytes) -> Made:
            given = service.moderating(session, row, asker, topic, need)
            document = _document(decide(session, row, given), given.table.number)
            known = {name: document[name] for name in ("table", "option") if document[name]} | said
            leave_trace(session, actor(), row, f"need.{document['state']}", topic=topic, need=document["id"], **known)
            return Made(document, status=200)

        return made_once(session, make)


@blp.post("/<workshop>/topics/<topic>/needs/<need>/merging", parameters=_NEED)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.arguments(schemas.MergingSchema)
@blp.response(200, schemas.NeedSchema, description="The need, which is that option from now on")
def merge_need(body: dict[str, Any], workshop: str, topic: str, need: str) -> Response:
    """Merge a need with an option or a concept"""
    return _decided(
        workshop,
        topic,
        need,
        lambda session, row, given: service.merge(
            session, given, pins().taxonomy(row.version_id), body.get("option"), body.get("concept")
        ),
    )


@blp.post("/<workshop>/topics/<topic>/needs/<need>/release", parameters=_NEED)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.arguments(schemas.ReleaseSchema)
@blp.response(200, schemas.NeedSchema, description="The need, which is an option of its own from now on")
def release_need(body: dict[str, Any], workshop: str, topic: str, need: str) -> Response:
    """Release a need to its table, or to all

    An organiser may release to all tables what was released to one.
    """
    return _decided(
        workshop,
        topic,
        need,
        lambda session, row, given: service.release(
            session, given, pins().taxonomy(row.version_id), everyone=body["everyone"]
        ),
        everyone=body["everyone"],
    )


@blp.post("/<workshop>/topics/<topic>/needs/<need>/declining", parameters=_NEED)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.response(200, schemas.NeedSchema, description="The need, which is shown to nobody else")
def decline_need(workshop: str, topic: str, need: str) -> Response:
    """Decline a need"""
    return _decided(workshop, topic, need, lambda session, _row, given: service.decline(session, given))
