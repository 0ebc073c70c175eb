"""What those who watch a workshop are told, and what of it is new to them. Pure but for :func:`read_snapshot`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.workshops import queries
from competency_api.workshops.access.permissions import Asker, may_see_results
from competency_api.workshops.models import BallotRow, NeedRow, ParticipantRow, TopicRow, WorkshopRow
from competency_api.workshops.values import NeedState, State, TopicState, topic_state_at


@dataclass(frozen=True)
class WatchedTopic:
    """A topic as it is watched: ``state`` is what was last done to it; that its timer ran out follows from the time."""

    name: str
    state: str
    closes_at: dt.datetime | None
    activity: int
    ballots: int
    needs: int

    def state_at(self, moment: dt.datetime) -> TopicState:
        return topic_state_at(self.state, self.closes_at, moment)


@dataclass(frozen=True)
class Snapshot:
    """A workshop as it is watched, at one activity."""

    code: str
    state: str
    activity: int
    participants: int
    topics: tuple[WatchedTopic, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen that is watched."""
        return self.state in (State.CLOSED, State.REPORTED)

    def document(self, moment: dt.datetime) -> dict[str, Any]:
        """What everybody is told, as the event ``state``."""
        return {
            "workshop": self.code,
            "state": self.state,
            "activity": self.activity,
            "participants": self.participants,
            "topics": [
                {
                    "name": topic.name,
                    "state": topic.state_at(moment).value,
                    "closes_at": None if topic.closes_at is None else clock.iso(topic.closes_at),
                    "activity": topic.activity,
                    "ballots": topic.ballots,
                    "waiting_needs": topic.needs,
                }
                for topic in self.topics
            ],
        }


class Watcher:
    """What one of those who watch was told last. ``seen`` is the activity up to which they know, from before."""

    def __init__(self, asker: Asker, seen: int = 0) -> None:
        self._asker = asker
        self._told: dict[str, Any] | None = None
        self._seen: dict[str, int] = {}
        self._before = seen

    def news(self, snapshot: Snapshot, moment: dt.datetime) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        """The events that are new to them: name, id (the workshop's activity) and data."""
        document = snapshot.document(moment)
        if document != self._told:
            self._told = document
            # their clock may be wrong, and a timer counts down on it
            yield "state", snapshot.activity, {**document, "now": clock.iso(moment)}
        for topic in snapshot.topics:
            is_shown = may_see_results(self._asker, snapshot.state, topic.state_at(moment))
            if is_shown and topic.activity > self._seen.get(topic.name, self._before):
                self._seen[topic.name] = topic.activity
                yield "results", snapshot.activity, {"topic": topic.name, "activity": topic.activity}


def read_snapshot(session: orm.Session, code: str) -> Snapshot:
    """Raises NotFound."""
    row = queries.get_workshop(session, code)
    topics = queries.list_topics(session, row.id)
    ballots = _by_topic(session, row, BallotRow)
    needs = _by_topic(session, row, NeedRow, NeedRow.state == NeedState.WAITING.value)
    return Snapshot(
        row.code,
        row.state,
        row.activity,
        queries.count(session, ParticipantRow, ParticipantRow.workshop_id == row.id),
        tuple(
            WatchedTopic(
                topic.name,
                topic.state,
                topic.closes_at,
                topic.activity,
                ballots.get(topic.id, 0),
                needs.get(topic.id, 0),
            )
            for topic in topics
        ),
    )


def refreshed(session: orm.Session, known: Snapshot | None, code: str) -> Snapshot:
    """The present snapshot, which is the known one while nothing happened."""
    if known is not None:
        now = session.execute(sa.select(WorkshopRow.activity, WorkshopRow.state).where(WorkshopRow.code == code)).one()
        if now.activity == known.activity:
            return known if now.state == known.state else replace(known, state=now.state)
    return read_snapshot(session, code)


def _by_topic(session: orm.Session, row: WorkshopRow, table: Any, *conditions: Any) -> dict[int, int]:
    topics = sa.select(TopicRow.id).where(TopicRow.workshop_id == row.id)
    statement = sa.select(table.topic_id, sa.func.count()).where(table.topic_id.in_(topics), *conditions)
    return {found[0]: found[1] for found in session.execute(statement.group_by(table.topic_id))}


def written(name: str, number: int, data: Mapping[str, Any]) -> bytes:
    """A server-sent event. JSON has no raw line breaks, so that it is one line."""
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
