"""Tables of the feed, and the triggers that keep it append-only.

The one place of the triggers' definition; the migration takes it from here. An event changes once: when it is given its
position, at the end of the transaction that wrote it.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

import competency_api.accounts.queries  # noqa: F401  # brings the tables that foreign keys here refer to
from competency_api.core.db import Base, UtcDateTime


class EventRow(Base):
    """One thing that happened. ``position`` is empty only inside the transaction that writes it."""

    __tablename__ = "event"
    __table_args__ = (
        sa.CheckConstraint("audience IN ('public', 'curators', 'organisation', 'administrators')", name="audience"),
        sa.CheckConstraint("audience <> 'organisation' OR organisation_id IS NOT NULL", name="whose"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    position: orm.Mapped[int | None] = orm.mapped_column(unique=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    type: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    subject: orm.Mapped[str] = orm.mapped_column(sa.String(120), index=True)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)
    audience: orm.Mapped[str] = orm.mapped_column(sa.String(16))
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    data: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON object


class EventTouchRow(Base):
    """What an event means for one organisation: the mappings of a provider that a new version affects, for example."""

    __tablename__ = "event_touch"

    event_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("event.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    organisation_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False, index=True
    )
    details: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON object


MESSAGE = "the feed of events is only ever added to"
# Condition under which the statement is refused, by table and statement.
_REFUSED = (
    ("event", "UPDATE", "OLD.position IS NOT NULL"),
    ("event", "DELETE", "OLD.position IS NOT NULL"),
    ("event_touch", "UPDATE", "1 = 1"),
    ("event_touch", "DELETE", "1 = 1"),
)


def feed_guards(dialect: str) -> list[str]:
    """The statements that put the triggers up. ``dialect`` is SQLAlchemy's name of it."""
    if dialect != "postgresql":
        return [
            f"CREATE TRIGGER append_only_{table}_{verb.lower()} BEFORE {verb} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for table, verb, condition in _REFUSED
        ]
    refusal = (
        "CREATE FUNCTION append_only_feed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    rows = [
        f"CREATE TRIGGER append_only_{table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({condition})"
        " EXECUTE FUNCTION append_only_feed()"
        for table, verb, condition in _REFUSED
    ]
    return [refusal, *rows, *(_truncate_guard(table) for table in ("event", "event_touch"))]


def _truncate_guard(table: str) -> str:
    return (
        f"CREATE TRIGGER append_only_{table}_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION append_only_feed()"
    )


def feed_guard_removals(dialect: str) -> list[str]:
    """The statements that take them down, for a downgrade of the schema."""
    names = [(table, f"append_only_{table}_{verb.lower()}") for table, verb, _ in _REFUSED]
    if dialect != "postgresql":
        return [f"DROP TRIGGER {name}" for _, name in names]
    names += [(table, f"append_only_{table}_truncate") for table in ("event", "event_touch")]
    return [*(f"DROP TRIGGER {name} ON {table}" for table, name in names), "DROP FUNCTION append_only_feed"]
