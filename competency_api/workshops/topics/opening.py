"""When ballots are taken: topics are opened, perhaps with a timer, and closed, by whoever runs the workshop."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import require_revision
from competency_api.core.errors import Conflict
from competency_api.workshops import queries
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import TopicRow, WorkshopRow
from competency_api.workshops.values import TOPIC_TRANSITIONS, State, TopicState, Verb


def act_on_topic(
    session: orm.Session,
    workshop: WorkshopRow,
    topic: TopicRow,
    verb: Verb,
    expected: frozenset[int],
    minutes: int | None = None,
) -> TopicRow:
    """Open a topic, for so many minutes if they are given, or close it.

    Raises PreconditionFailed, and Conflict where its state or the workshop's does not permit it.
    """
    raise_activity(session, workshop.id, topic.id)
    session.refresh(workshop)
    session.refresh(topic)
    require_revision(topic.revision, expected)
    if workshop.state != State.OPEN:
        raise Conflict(f"The workshop is {workshop.state}; topics are opened and closed while it is open.")
    transition = TOPIC_TRANSITIONS[verb]
    if topic.state not in transition.sources:
        raise Conflict(f"The topic is {topic.state}; only one that is open can be closed.")
    if verb is Verb.OPENING and not (topic.takes_needs or queries.options_of(session, topic)):
        raise Conflict("The topic has nothing to rank yet; add options first.")
    topic.state = str(transition.target)
    topic.closes_at = None
    if verb is Verb.OPENING and minutes:
        topic.closes_at = clock.now() + dt.timedelta(minutes=minutes)
    session.flush()
    return topic


def close_all(session: orm.Session, workshop: WorkshopRow) -> None:
    """Close what is open, as the workshop is closed."""
    for topic in queries.list_topics(session, workshop.id):
        if topic.state == TopicState.OPEN:
            topic.state, topic.closes_at = TopicState.CLOSED.value, None
    session.flush()
