"""Writing the feed: :func:`record` tells of a change, in the transaction of the change.

Readers come back with a cursor, the position of the last event that they saw. A number that is taken when an event is
written would not do: of two transactions at once on PostgreSQL the one with the smaller number may commit later, and
whoever read in between never sees its event. Positions are therefore given at the very end of a transaction, under a
lock that is held until it is committed: in the order of the commits, without a gap. The lock is the last that a
transaction takes, so that it is held for milliseconds however long the transaction, and never part of a deadlock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import lock
from competency_api.core.ids import new_uuid
from competency_api.events.models import EventRow, EventTouchRow
from competency_api.events.values import LONGEST_SUBJECT, Audience, is_type

_FEED_LOCK = "events.feed"
_RECORDED = "competency-api.events"


def record(
    session: orm.Session,
    type_: str,
    subject: str,
    actor: str,
    data: Mapping[str, Any],
    *,
    audience: Audience,
    organisation_id: int | None = None,
) -> str:
    """Tell that something happened, and give the event's id. It is in the feed when the transaction is committed.

    ``type_`` is ``noun.past-participle`` (``proposal.accepted``), ``subject`` names what it happened to
    (``proposal/17``), ``data`` is what is specific to the type, in JSON types and without secrets: it goes to everybody
    in the audience. ``organisation_id`` is whose event it is; that organisation sees it whatever the audience.
    """
    if not is_type(type_) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ValueError(f"an event cannot be called {type_!r} of {subject!r}")
    row = EventRow(
        uuid=new_uuid(),
        type=type_,
        subject=subject,
        at=clock.now(),
        actor=actor,
        audience=audience.value,
        organisation_id=organisation_id,
        data=_written(data),
    )
    session.add(row)
    session.flush()
    session.info[_RECORDED] = True
    return row.uuid


def touch(session: orm.Session, event: str, organisation_id: int, details: Mapping[str, Any]) -> None:
    """Say what an event means for an organisation, in the transaction that recorded it: only they get to see it.

    For features above the one that recorded it. Those who asked for *what touches me* are told of this event.
    """
    event_id = session.scalars(sa.select(EventRow.id).where(EventRow.uuid == event, EventRow.position.is_(None))).one()
    session.add(EventTouchRow(event_id=event_id, organisation_id=organisation_id, details=_written(details)))
    session.flush()


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@sa.event.listens_for(orm.Session, "before_commit")
def _place(session: orm.Session) -> None:
    """Give positions to what this transaction recorded."""
    # the end of a savepoint is not the end of the transaction
    if session.in_nested_transaction() or not session.info.pop(_RECORDED, False):
        return
    session.flush()
    lock(session, _FEED_LOCK)
    last = session.scalar(sa.select(sa.func.max(EventRow.position))) or 0
    # those of others are not visible before they have a position
    waiting = session.scalars(sa.select(EventRow.id).where(EventRow.position.is_(None)).order_by(EventRow.id)).all()
    for position, event_id in enumerate(waiting, last + 1):
        session.execute(
            sa.update(EventRow).where(EventRow.id == event_id).values(position=position),
            execution_options={"synchronize_session": False},
        )
