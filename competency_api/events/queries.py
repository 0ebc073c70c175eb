"""Reads of the feed."""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.events.models import EventRow, EventTouchRow
from competency_api.events.values import Audience, Event, Viewer


def list_events(
    session: orm.Session,
    viewer: Viewer,
    *,
    after: int = 0,
    limit: int,
    types: Collection[str] = (),
    subject: str | None = None,
) -> list[Event]:
    """At most ``limit`` events that the viewer may know of, oldest first, behind the position ``after``."""
    statement = _seen_by(viewer).where(EventRow.position > after).order_by(EventRow.position).limit(limit)
    if types:
        statement = statement.where(EventRow.type.in_(types))
    if subject is not None:
        statement = statement.where(EventRow.subject == subject)
    return [_event(row, details, viewer) for row, details in session.execute(statement)]


def last_position(session: orm.Session) -> int:
    """The position of the newest event, 0 while there is none."""
    return session.scalar(sa.select(sa.func.max(EventRow.position))) or 0


def _seen_by(viewer: Viewer) -> sa.Select[EventRow, str]:
    # no organisation has this id; None would match the events that belong to none
    own = -1 if viewer.organisation_id is None else viewer.organisation_id
    is_touched = sa.and_(EventTouchRow.event_id == EventRow.id, EventTouchRow.organisation_id == own)
    statement = sa.select(EventRow, EventTouchRow.details).outerjoin(EventTouchRow, is_touched)
    if viewer.sees_all:
        return statement
    audiences = [Audience.PUBLIC.value, *([Audience.CURATORS.value] if viewer.curates else [])]
    return statement.where(
        sa.or_(
            EventRow.audience.in_(audiences),
            EventRow.organisation_id == own,
            EventTouchRow.event_id.is_not(None),
        )
    )


def _event(row: EventRow, details: str | None, viewer: Viewer) -> Event:
    assert row.position is not None  # behind a position are only events that have one
    return Event(
        position=row.position,
        id=row.uuid,
        type=row.type,
        subject=row.subject,
        at=row.at,
        actor=row.actor,
        data=json.loads(row.data),
        touches=None if details is None else json.loads(details),
        is_own=row.organisation_id is not None and row.organisation_id == viewer.organisation_id,
    )
