"""What makes published versions immutable below the service: triggers, and a guard in the ORM with a clear error.

The one place of the triggers' definition; the migration and the tests take it from here. A content or an identity that
no version holds yet may be deleted (that is how a draft is discarded); nothing of a version may ever be.

SQLite's ``INSERT OR REPLACE`` deletes the rows that stand in its way without asking a trigger on DELETE (unless
``PRAGMA recursive_triggers`` is on). So there an INSERT is refused as soon as a row with one of its keys exists. On
PostgreSQL that is not needed: ``ON CONFLICT DO UPDATE`` and ``MERGE`` are updates, and COPY can only add.

A later migration that alters one of these tables on SQLite copies it, and the copy has no triggers: it must put them up
again with :func:`creation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.errors import Conflict
from competency_api.versions.models import IMMUTABLE, SEALED

MESSAGE = "published versions are immutable"

# Table, statement, and the condition under which it is refused; OLD and NEW are the row.
Refused = tuple[tuple[str, str, str], ...]

_PUBLISHED = "EXISTS (SELECT 1 FROM version WHERE id = NEW.version_id)"
#: What is refused of the tables of the first migration.
FIRST: Refused = (
    ("concept", "UPDATE", ""),
    (
        "concept",
        "DELETE",
        "EXISTS (SELECT 1 FROM concept_version cv JOIN version_entry e ON e.concept_version_id = cv.id"
        " WHERE cv.concept_id = OLD.id)",
    ),
    ("concept_version", "UPDATE", ""),
    ("concept_version", "DELETE", "EXISTS (SELECT 1 FROM version_entry WHERE concept_version_id = OLD.id)"),
    ("version", "UPDATE", ""),
    ("version", "DELETE", ""),
    ("version_entry", "INSERT", _PUBLISHED),
    ("version_entry", "UPDATE", ""),
    ("version_entry", "DELETE", ""),
    ("version_change", "INSERT", _PUBLISHED),
    ("version_change", "UPDATE", ""),
    ("version_change", "DELETE", ""),
)
#: What is refused of those that came later: a version is signed as it is published or never, a withdrawal is final.
LATER: Refused = (
    ("version_signature", "INSERT", _PUBLISHED),
    ("version_signature", "UPDATE", ""),
    ("version_signature", "DELETE", ""),
    ("version_withdrawal", "UPDATE", ""),
    ("version_withdrawal", "DELETE", ""),
)


def _tables(refused: Refused) -> tuple[str, ...]:
    return tuple(dict.fromkeys(table for table, _, _ in refused))


# The keys of which a new row could take one away from an existing row. Beside them the rowid, which is a key even where
# no column shows it: an INSERT may name it.
_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "concept": (("id",), ("code",), ("uuid",)),
    "concept_version": (("id",), ("concept_id", "digest")),
    "version": (("id",), ("parent_id",), ("major", "minor", "patch"), ("idempotency_key",)),
    "version_entry": (("version_id", "concept_version_id"),),
    "version_change": (("version_id", "position"),),
    "version_signature": (("version_id",),),
    "version_withdrawal": (("version_id",),),
}


def _taken(table: str) -> str:
    """The condition that a row with the rowid or another key of the new one exists."""
    same = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in (("rowid",), *_KEYS[table]))
    rows = f"SELECT 1 FROM {table} WHERE"  # noqa: S608  # of our own tables: a trigger takes no parameters
    return " OR ".join(f"EXISTS ({rows} {condition})" for condition in same)


def _sqlite(refused: Refused) -> Iterator[str]:
    rows = [(f"{table}_{verb.lower()}", table, verb, condition) for table, verb, condition in refused]
    rows += [(f"{table}_replace", table, "INSERT", _taken(table)) for table in _tables(refused)]
    for name, table, verb, condition in rows:
        when = f" WHEN {condition}" if condition else ""
        yield (
            f"CREATE TRIGGER immutable_{name} BEFORE {verb} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {verb} {table}'); END"
        )


def _postgresql(refused: Refused) -> Iterator[str]:
    for table, verb, condition in refused:
        name = f"immutable_{table}_{verb.lower()}"
        kept = "OLD" if verb == "DELETE" else "NEW"
        test = f"IF {condition} THEN " if condition else ""
        end = f" END IF; RETURN {kept};" if condition else ""
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {test}"
            f"RAISE EXCEPTION '{MESSAGE}: {verb} {table}' USING ERRCODE = 'restrict_violation';{end} END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    if refused is FIRST:
        yield (
            "CREATE FUNCTION immutable_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION USING MESSAGE = '{MESSAGE}: TRUNCATE ' || TG_TABLE_NAME,"
            " ERRCODE = 'restrict_violation'; END $$"
        )
    for table in _tables(refused):
        yield (
            f"CREATE TRIGGER immutable_{table}_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION immutable_truncate()"
        )


def creation(dialect: str, refused: Refused = FIRST) -> list[str]:
    """The statements that put the triggers up. ``dialect`` is SQLAlchemy's name of it."""
    return list(_postgresql(refused) if dialect == "postgresql" else _sqlite(refused))


def removal(dialect: str, refused: Refused = FIRST) -> list[str]:
    """The statements that take the triggers down, for a downgrade of the schema."""
    names = [(table, f"immutable_{table}_{verb.lower()}") for table, verb, _ in refused]
    if dialect != "postgresql":
        replaced = [f"immutable_{table}_replace" for table in _tables(refused)]
        return [f"DROP TRIGGER {name}" for name in (*(name for _, name in names), *replaced)]
    truncates = [f"DROP TRIGGER immutable_{table}_truncate ON {table}" for table in _tables(refused)]
    rows = [
        statement for table, name in names for statement in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}")
    ]
    return [*truncates, *(["DROP FUNCTION immutable_truncate"] if refused is FIRST else ()), *rows]


class ImmutableVersion(Conflict):
    """Code tried to change what is published: a defect of the program, refused before it reaches the database."""


def _refuse(_mapper: orm.Mapper[Any], _connection: sa.Connection, target: object) -> None:
    raise ImmutableVersion(f"{type(target).__name__} belongs to published versions and cannot be changed or deleted.")


def _refuse_bulk(state: orm.ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if mapper is None or not (state.is_update or state.is_delete):
        return
    # What no version holds yet may be deleted in bulk when a draft is discarded; the triggers check that it is so.
    if mapper.class_ in (IMMUTABLE if state.is_update else SEALED):
        raise ImmutableVersion(f"{mapper.class_.__name__} belongs to published versions and cannot be changed.")


def guard_sessions() -> None:
    """Put the ORM guard up, once for the process."""
    for model in IMMUTABLE:
        for event in ("before_update", "before_delete"):
            if not sa.event.contains(model, event, _refuse):
                sa.event.listen(model, event, _refuse)
    if not sa.event.contains(orm.Session, "do_orm_execute", _refuse_bulk):
        sa.event.listen(orm.Session, "do_orm_execute", _refuse_bulk)


guard_sessions()
