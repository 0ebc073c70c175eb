"""Workshops that came to something, for tests: a topic of concepts and a need, with ballots."""

from __future__ import annotations

import json
from typing import Any

from competency_api.core.db import Database
from competency_api.workshops import queries
from competency_api.workshops.models import BallotRow
from tests.support.workshops import Room

CONTENTS = {
    "name": "contents",
    "question": {"en": "What is needed?", "es": "¿Qué hace falta?"},
    "takes_needs": True,
    "options": [
        *({"concept": code} for code in ("C001", "C002", "C003")),
        {"name": "data-spaces", "texts": {"es": "Espacios de datos", "en": "Data spaces"}},
    ],
}


def cast(database: Database, room: Room, topic: str, *ballots: tuple[int, str]) -> None:
    """Ballots as they lie in the database: (table, ``C001>data-spaces=C002``)."""
    with database.transaction() as session:
        workshop = queries.get_workshop(session, room.code)
        tables = {number: row for row, number in queries.numbers_of_tables(session, workshop.id).items()}
        topic_id = queries.get_topic(session, workshop, topic).id
        for table, written in ballots:
            levels = json.dumps([level.split("=") for level in written.split(">")])
            session.add(BallotRow(topic_id=topic_id, table_id=tables[table], levels=levels, casts=1))


def closed_with(database: Database, room: Room, *ballots: tuple[int, str], **members: Any) -> None:
    """Lead an open room to its end, with these ballots on `contents`."""
    room.add("/topics", CONTENTS | members)
    room.act("/topics/contents/opening")
    cast(database, room, "contents", *ballots)
    room.act("/closing")
