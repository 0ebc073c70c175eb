"""Topics and options over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import Blueprint, Made, as_response, db, made_once, with_revision
from competency_api.courses.routes import pins
from competency_api.workshops import queries
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import Asker, require_running
from competency_api.workshops.models import TopicRow, WorkshopRow
from competency_api.workshops.presentation import BASE, option_document, shown_options, topic_document
from competency_api.workshops.routes import organised
from competency_api.workshops.schemas import TOPIC_PARAMETER, WORKSHOP_PARAMETER
from competency_api.workshops.topics import opening, schemas, service
from competency_api.workshops.traces import leave_trace
from competency_api.workshops.values import TOPIC_TRANSITIONS, Verb

blp = Blueprint("workshop_topics", __name__, url_prefix=BASE, description="What is ranked in workshops")
blueprints = (blp,)
_WORKSHOP = [WORKSHOP_PARAMETER]
_TOPIC = [WORKSHOP_PARAMETER, TOPIC_PARAMETER]
_OPTION = [*_TOPIC, schemas.OPTION_PARAMETER]


def _document(session: orm.Session, workshop: WorkshopRow, row: TopicRow, asker: Asker) -> dict[str, Any]:
    numbers = queries.numbers_of_tables(session, workshop.id)
    taxonomy = pins().taxonomy(workshop.version_id)
    return topic_document(row, queries.options_of(session, row), asker, taxonomy, numbers)


@blp.get("/<workshop>/topics", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.TopicsSchema, description="Its topics in their order, with their options")
def list_topics(workshop: str) -> Response:
    """List the topics of a workshop"""
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        topics = queries.list_topics(session, row.id)
        options = queries.list_options(session, [topic.id for topic in topics])
        numbers = queries.numbers_of_tables(session, row.id)
    taxonomy = pins().taxonomy(row.version_id)
    return as_response({"items": [topic_document(each, options[each.id], asker, taxonomy, numbers) for each in topics]})


@blp.post("/<workshop>/topics", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.arguments(schemas.TopicCreateSchema)
@blp.response(201, schemas.TopicSchema, description="The topic, waiting to be opened")
def create_topic(body: dict[str, Any], workshop: str) -> Response:
    """Add a topic to a workshop"""
    with db.transaction() as session:
        row, asker = organised(session, workshop)

        def make(_salt: bytes) -> Made:
            topic = service.add_topic(session, row, body, pins().taxonomy(row.version_id))
            leave_trace(session, actor(), row, "workshop-topic.created", topic=topic.name)
            address = f"{BASE}/{row.code}/topics/{topic.name}"
            return Made(_document(session, row, topic, asker), {"Location": address, "ETag": f'"{topic.revision}"'})

        return made_once(session, make)


@blp.get("/<workshop>/topics/<topic>", parameters=_TOPIC)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.TopicSchema, description="The topic, with its options")
def read_topic(workshop: str, topic: str) -> Response:
    """Read a topic of a workshop"""
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        found = queries.get_topic(session, row, topic)
        document = _document(session, row, found, asker)
    return with_revision(as_response(document), found.revision)


@blp.patch("/<workshop>/topics/<topic>", parameters=_TOPIC)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.arguments(schemas.TopicChangeSchema)
@blp.response(200, schemas.TopicSchema, description="The topic as it is now")
def change_topic(body: dict[str, Any], expected: frozenset[int], workshop: str, topic: str) -> Response:
    """Change a topic of a workshop

    Only the members that are sent; the question only while the topic waits.
    """
    with db.transaction() as session:
        row, asker = organised(session, workshop)
        found = queries.get_topic(session, row, topic)
        service.change_topic(session, row, found, expected, body)
        leave_trace(session, actor(), row, "workshop-topic.changed", topic=topic, members=sorted(body))
        document = _document(session, row, found, asker)
    return with_revision(as_response(document), found.revision)


@blp.delete("/<workshop>/topics/<topic>", parameters=_TOPIC)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(204, description="It is gone, with its options")
def delete_topic(expected: frozenset[int], workshop: str, topic: str) -> Response:
    """Remove a topic that nobody answered"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        service.delete_topic(session, row, queries.get_topic(session, row, topic), expected)
        leave_trace(session, actor(), row, "workshop-topic.deleted", topic=topic)
    return Response(status=204)


def _acted(workshop: str, topic: str, verb: Verb, expected: frozenset[int], minutes: int | None = None) -> Response:
    with db.transaction() as session:
        row, asker = asking.asked(session, workshop)
        require_running(asker)
        found = queries.get_topic(session, row, topic)
        opening.act_on_topic(session, row, found, verb, expected, minutes)
        known = {"minutes": minutes} if minutes else {}
        done = TOPIC_TRANSITIONS[verb].event
        leave_trace(session, actor(), row, f"workshop-topic.{done}", topic=topic, **known)
        document = _document(session, row, found, asker)
    return with_revision(as_response(document), found.revision)


@blp.post("/<workshop>/topics/<topic>/opening", parameters=_TOPIC)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.arguments(schemas.TopicOpeningSchema)
@blp.response(200, schemas.TopicSchema, description="The topic, which takes ballots now")
def open_topic(body: dict[str, Any], expected: frozenset[int], workshop: str, topic: str) -> Response:
    """Open a topic

    For so many minutes if they are given, else until it is closed; opened again, its ballots are still there. For all
    tables at once, by organisers and by every facilitator.
    """
    return _acted(workshop, topic, Verb.OPENING, expected, body.get("minutes"))


@blp.post("/<workshop>/topics/<topic>/closing", parameters=_TOPIC)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(200, schemas.TopicSchema, description="The topic, which takes no ballots any more")
def close_topic(expected: frozenset[int], workshop: str, topic: str) -> Response:
    """Close a topic"""
    return _acted(workshop, topic, Verb.CLOSING, expected)


# -- options -----------------------------------------------------------------------------------------------------------


@blp.get("/<workshop>/topics/<topic>/options", parameters=_TOPIC)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.OptionsSchema, description="What can be ranked, for all and at one's own table")
def list_topic_options(workshop: str, topic: str) -> Response:
    """List the options of a topic"""
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        options = queries.options_of(session, queries.get_topic(session, row, topic))
        numbers = queries.numbers_of_tables(session, row.id)
    taxonomy = pins().taxonomy(row.version_id)
    shown = shown_options(options, asker, numbers)
    return as_response({"items": [option_document(each, taxonomy, numbers) for each in shown]})


@blp.post("/<workshop>/topics/<topic>/options", parameters=_TOPIC)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.arguments(schemas.OptionsWriteSchema)
@blp.response(201, schemas.OptionsSchema, description="The options that were added")
def add_topic_options(body: dict[str, Any], workshop: str, topic: str) -> Response:
    """Add options to a topic"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        found, taxonomy = queries.get_topic(session, row, topic), pins().taxonomy(row.version_id)

        def make(_salt: bytes) -> Made:
            added = service.add_options(session, row, found, body["items"], taxonomy)
            names = [option.name for option in added]
            leave_trace(session, actor(), row, "workshop-options.added", topic=topic, options=names)
            return Made({"items": [option_document(each, taxonomy, {}) for each in added]})

        return made_once(session, make)


@blp.delete("/<workshop>/topics/<topic>/options/<option>", parameters=_OPTION)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.response(204, description="It is gone")
def delete_topic_option(workshop: str, topic: str, option: str) -> Response:
    """Remove an option of a topic that was never opened"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        service.delete_option(session, row, queries.get_topic(session, row, topic), option)
        leave_trace(session, actor(), row, "workshop-option.deleted", topic=topic, option=option)
    return Response(status=204)
