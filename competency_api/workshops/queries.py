"""Reads of workshops and of what they are made of. Who may read what is decided by :mod:`.access.permissions`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.values import Actor, Scope
from competency_api.core.errors import NotFound
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import fault_of, printable
from competency_api.workshops.access.permissions import identities_of, key_identity
from competency_api.workshops.models import OptionRow, RoundRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.values import State

#: Rows may have been read before a lock was waited for.
_FRESH = {"populate_existing": True}
_OPTIONS_AT = (
    sa.select(OptionRow.name)
    .where(OptionRow.topic_id == sa.bindparam("topic"))
    .where(sa.or_(OptionRow.table_id.is_(None), OptionRow.table_id == sa.bindparam("table")))
    .order_by(OptionRow.position, OptionRow.name)
)


def no_workshop(code: str) -> NotFound:
    return NotFound(f'There is no workshop "{printable(code)}".')


def find_workshop(session: orm.Session, code: str) -> WorkshopRow | None:
    if fault_of(code):
        return None
    statement = sa.select(WorkshopRow).where(WorkshopRow.code == code)
    return session.scalar(statement.execution_options(**_FRESH))


def get_workshop(session: orm.Session, code: str) -> WorkshopRow:
    """Raises NotFound. Whether whoever asks may see it, :mod:`.access.asking` decides."""
    row = find_workshop(session, code)
    if row is None:
        raise no_workshop(code)
    return row


class Asked(NamedTuple):
    """Which workshops are asked for: by whom, in which states (none named: in all), and whether only their own."""

    actor: Actor | None = None
    states: Sequence[str] = ()
    only_own: bool = False


def list_workshops(session: orm.Session, asked: Asked, before: int | None, limit: int) -> Sequence[WorkshopRow]:
    """Newest first, one more than ``limit``: those reported, and for who holds workshops those of the organisation."""
    actor = asked.actor
    wanted: sa.ColumnElement[bool] = sa.false()
    if actor is not None and Scope.WORKSHOPS in actor.scopes and not is_table_key(session, actor):
        wanted = sa.true() if actor.is_outside else WorkshopRow.organisation_id == actor.organisation_id
    if not asked.only_own:
        wanted = sa.or_(WorkshopRow.state == State.REPORTED.value, wanted)
    statement = sa.select(WorkshopRow).where(wanted)
    if asked.states:
        statement = statement.where(WorkshopRow.state.in_(asked.states))
    if before is not None:
        statement = statement.where(WorkshopRow.id < before)
    return session.scalars(statement.order_by(WorkshopRow.id.desc()).limit(limit + 1)).all()


def is_table_key(session: orm.Session, actor: Actor) -> bool:
    """Whether the actor's key was made for a table, of whichever workshop."""
    if actor.key is None:
        return False
    where = TableRow.facilitator == key_identity(actor.key)
    return session.scalar(sa.select(TableRow.id).where(where).limit(1)) is not None


def facilitators_of(session: orm.Session, workshop_id: int) -> dict[int, str | None]:
    """By the number of the table."""
    rows = session.execute(sa.select(TableRow.number, TableRow.facilitator).where(TableRow.workshop_id == workshop_id))
    return {row[0]: row[1] for row in rows}


def tables_run_by(session: orm.Session, actor: Actor) -> Sequence[TableRow]:
    """The tables of any workshop that the actor facilitates."""
    statement = sa.select(TableRow).where(TableRow.facilitator.in_(identities_of(actor)))
    return session.scalars(statement.order_by(TableRow.id)).all()


# -- what a workshop is made of ----------------------------------------------------------------------------------------


def list_rounds(session: orm.Session, workshop_id: int) -> Sequence[RoundRow]:
    return session.scalars(
        sa.select(RoundRow).where(RoundRow.workshop_id == workshop_id).order_by(RoundRow.number)
    ).all()


def list_tables(session: orm.Session, workshop_id: int) -> Sequence[TableRow]:
    statement = sa.select(TableRow).where(TableRow.workshop_id == workshop_id).order_by(TableRow.number)
    return session.scalars(statement.execution_options(**_FRESH)).all()


def get_table(session: orm.Session, workshop: WorkshopRow, number: int) -> TableRow:
    """Raises NotFound naming the tables that there are."""
    statement = sa.select(TableRow).where(TableRow.workshop_id == workshop.id, TableRow.number == number)
    row = session.scalar(statement.execution_options(**_FRESH))
    if row is None:
        known = [str(table.number) for table in list_tables(session, workshop.id)]
        there = f"There are: {', '.join(known[:20])}." if known else "There is none yet."
        raise NotFound(f"The workshop has no table {number}. {there}")
    return row


def list_topics(session: orm.Session, workshop_id: int) -> Sequence[TopicRow]:
    statement = sa.select(TopicRow).where(TopicRow.workshop_id == workshop_id).order_by(TopicRow.position, TopicRow.id)
    return session.scalars(statement.execution_options(**_FRESH)).all()


def get_topic(session: orm.Session, workshop: WorkshopRow, name: str) -> TopicRow:
    """Raises NotFound naming the nearest."""
    found = next((topic for topic in list_topics(session, workshop.id) if topic.name == name), None)
    if found is None:
        raise no_topic(session, workshop, name)
    return found


def no_topic(session: orm.Session, workshop: WorkshopRow, name: str) -> NotFound:
    """Names the nearest."""
    hint = did_you_mean(name, [topic.name for topic in list_topics(session, workshop.id)])
    return NotFound(f'The workshop has no topic "{printable(name)}".{hint}')


def list_options(session: orm.Session, topic_ids: Iterable[int]) -> dict[int, list[OptionRow]]:
    """The options of these topics, by topic, in their order."""
    wanted = list(topic_ids)
    found: dict[int, list[OptionRow]] = {topic: [] for topic in wanted}
    statement = sa.select(OptionRow).where(OptionRow.topic_id.in_(wanted)).order_by(OptionRow.position, OptionRow.name)
    for row in session.scalars(statement.execution_options(**_FRESH)):
        found[row.topic_id].append(row)
    return found


def options_of(session: orm.Session, topic: TopicRow) -> list[OptionRow]:
    return list_options(session, [topic.id])[topic.id]


def options_at(session: orm.Session, topic_id: int, table_id: int) -> list[str]:
    """The names of the options that a table ranks, in their order: those of all, and its own."""
    return list(session.scalars(_OPTIONS_AT, {"topic": topic_id, "table": table_id}))


def numbers_of_tables(session: orm.Session, workshop_id: int) -> dict[int, int]:
    """The numbers of a workshop's tables, by their ids."""
    rows = session.execute(sa.select(TableRow.id, TableRow.number).where(TableRow.workshop_id == workshop_id))
    return {row[0]: row[1] for row in rows}


def count(session: orm.Session, table: Any, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0
