"""Results over HTTP: live for who runs the session, and for everybody when it is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.errors import Forbidden, NotFound
from competency_api.core.http import Blueprint, as_response, db, entity_tag, find_unchanged, provide, service
from competency_api.courses.routes import pins
from competency_api.workshops import queries
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import Asker, may_see_results
from competency_api.workshops.models import TopicRow, WorkshopRow
from competency_api.workshops.presentation import BASE
from competency_api.workshops.results import presentation, schemas
from competency_api.workshops.results.counting import Counts
from competency_api.workshops.schemas import TOPIC_PARAMETER, WORKSHOP_PARAMETER
from competency_api.workshops.values import topic_state_at

blp = Blueprint("workshop_results", __name__, url_prefix=BASE, description="What the ballots of workshops say")
blueprints = (blp,)
_WORKSHOP = [WORKSHOP_PARAMETER]
_TOPIC = [WORKSHOP_PARAMETER, TOPIC_PARAMETER]


def register(app: Flask) -> None:
    provide(app, Counts())


def seen_topics(asker: Asker, workshop: WorkshopRow, topics: Sequence[TopicRow]) -> list[TopicRow]:
    """Those whose results are shown to whoever asks. Raises Forbidden when there are topics, and none is."""
    now = clock.now()
    seen = [
        topic
        for topic in topics
        if may_see_results(asker, workshop.state, topic_state_at(topic.state, topic.closes_at, now))
    ]
    if topics and not seen:
        raise Forbidden(
            "Results are shown to who runs the workshop, to participants when the topic is closed, and to everybody "
            "when the workshop is reported."
        )
    return seen


def _state(workshop: WorkshopRow, topics: Sequence[TopicRow]) -> str:
    """The entity tag: what the answer follows from, so that who asks again and again costs no counting."""
    now = clock.now()
    states = [(topic.name, topic.activity, topic_state_at(topic.state, topic.closes_at, now)) for topic in topics]
    return entity_tag(repr((workshop.code, workshop.state, states, request.query_string)).encode())


def _documents(
    session: orm.Session, workshop: WorkshopRow, topics: Sequence[TopicRow], matrices: bool
) -> list[dict[str, Any]]:
    numbers = queries.numbers_of_tables(session, workshop.id)
    taxonomy, counts = pins().taxonomy(workshop.version_id), service(Counts)
    return [
        presentation.result_document(
            workshop, topic, counts.of(session, topic, numbers), taxonomy, numbers, matrices=matrices
        )
        for topic in topics
    ]


def _tagged(document: dict[str, Any], tag: str) -> Response:
    response = as_response(document)
    response.set_etag(tag)
    return response


@blp.get("/<workshop>/results", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound, Forbidden)
@blp.arguments(schemas.ResultsQuerySchema, location="query")
@blp.response(200, schemas.ResultsSchema, description="The result of every topic that is shown to you")
def read_results(query: dict[str, Any], workshop: str) -> Response:
    """Read the results of a workshop

    Organisers and facilitators see them as they come in, participants when a topic is closed, everybody when the
    workshop is reported. `If-None-Match` with the last `ETag` answers 304 as long as nothing changed.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        topics = queries.list_topics(session, row.id)
        seen = seen_topics(asker, row, topics)
        tag = _state(row, seen)
        if (unchanged := find_unchanged(tag)) is not None:
            return unchanged
        items = _documents(session, row, seen, query["matrices"])
    shown = {"workshop": row.code, "state": row.state, "provisional": presentation.is_provisional(row)}
    hidden = [topic.name for topic in topics if topic not in seen]
    return _tagged({**shown, "activity": row.activity, "items": items, "hidden": hidden}, tag)


@blp.get("/<workshop>/topics/<topic>/results", parameters=_TOPIC)
@blp.welcoming
@blp.raises(NotFound, Forbidden)
@blp.arguments(schemas.ResultsQuerySchema, location="query")
@blp.response(200, schemas.TopicResultSchema, description="The result of the topic")
def read_topic_result(query: dict[str, Any], workshop: str, topic: str) -> Response:
    """Read the result of a topic

    Places by Schulze's method with their firmness, Borda points, and how much people and tables agree.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        seen = seen_topics(asker, row, [queries.get_topic(session, row, topic)])
        tag = _state(row, seen)
        if (unchanged := find_unchanged(tag)) is not None:
            return unchanged
        found = _documents(session, row, seen, query["matrices"])
    return _tagged(found[0], tag)
