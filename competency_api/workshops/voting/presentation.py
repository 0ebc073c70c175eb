"""Participants and ballots as they are answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from competency_api.core import clock
from competency_api.workshops import wording
from competency_api.workshops.models import BallotRow, ParticipantRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.values import topic_state_at


def seat_document(workshop: WorkshopRow, table: TableRow, row: ParticipantRow) -> dict[str, Any]:
    return {
        "workshop": workshop.code,
        "title": wording.read(workshop.title),
        "table": {"number": table.number, "name": table.name},
        "role": row.role,
    }


def me_document(
    workshop: WorkshopRow,
    table: TableRow,
    row: ParticipantRow,
    topics: Iterable[TopicRow],
    ballots: Mapping[int, BallotRow],
) -> dict[str, Any]:
    now = clock.now()
    return {
        **seat_document(workshop, table, row),
        "state": workshop.state,
        "activity": workshop.activity,
        "topics": [
            {
                "name": topic.name,
                "state": topic_state_at(topic.state, topic.closes_at, now).value,
                "closes_at": None if topic.closes_at is None else clock.iso(topic.closes_at),
                "levels": wording.read(ballots[topic.id].levels) if topic.id in ballots else None,
            }
            for topic in topics
        ],
    }


def counts_document(
    tables: Iterable[TableRow], seated: Mapping[int, int], ballots: Mapping[int, int]
) -> dict[str, Any]:
    items = [
        {"table": table.number, "participants": seated.get(table.id, 0), "ballots": ballots.get(table.id, 0)}
        for table in tables
    ]
    return {
        "participants": sum(item["participants"] for item in items),
        "ballots": sum(item["ballots"] for item in items),
        "tables": items,
    }
