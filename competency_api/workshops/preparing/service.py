"""Setting a workshop up in one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.courses.pins import Pins
from competency_api.workshops import queries
from competency_api.workshops.models import WorkshopRow
from competency_api.workshops.preparing.faults import Faults
from competency_api.workshops.service import create_workshop
from competency_api.workshops.tables.service import add_table, put_round
from competency_api.workshops.topics.service import add_topic
from competency_api.workshops.traces import leave_trace


def set_up(session: orm.Session, actor: Actor, body: Mapping[str, Any], pins: Pins) -> WorkshopRow:
    """A workshop with its rounds, tables and topics.

    Raises as :func:`create_workshop`, and then InvalidInput with everything that is wrong in the parts.
    """
    row = create_workshop(session, actor, body, pins)
    taxonomy, faults = pins.taxonomy(row.version_id), Faults()
    for number, each in enumerate(body.get("rounds", ()), 1):
        with faults.of(f"/rounds/{number - 1}"):
            put_round(session, row, number, each)
            leave_trace(session, actor, row, "workshop-round.created", round=number)
    for number, each in enumerate(body.get("tables", ())):
        with faults.of(f"/tables/{number}"):
            add_table(session, actor, row, each, taxonomy)
    for number, each in enumerate(body.get("topics", ())):
        with faults.of(f"/topics/{number}"):
            topic = add_topic(session, row, each, taxonomy)
            leave_trace(session, actor, row, "workshop-topic.created", topic=topic.name)
    faults.tell()
    session.refresh(row)
    return row


def parts_of(session: orm.Session, row: WorkshopRow) -> dict[str, int]:
    """How many rounds, tables, topics and options the workshop has."""
    topics = [topic.id for topic in queries.list_topics(session, row.id)]
    return {
        "rounds": len(queries.list_rounds(session, row.id)),
        "tables": len(queries.list_tables(session, row.id)),
        "topics": len(topics),
        "options": sum(len(options) for options in queries.list_options(session, topics).values()),
    }
