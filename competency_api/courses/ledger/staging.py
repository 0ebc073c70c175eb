"""Rows on their way into the tables: laid down in a temporary table, from where few statements do the rest.

Laying them down costs a third of writing them, and then comparing, counting, ending and adding are each one statement
over all rows: a million of them need no memory here, and a course with three the same statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.schema import CreateTable

from competency_api.core.memory import uncollected
from competency_api.courses.models import code_type

_MAPPING_KEY = ("course_id", "concept", "relation", "line")


@cache
def staged_mappings(dialect: str) -> sa.Table:
    """``line`` says where the row comes from; ``version_id`` 0 is that the row does not say."""
    return _temporary(
        dialect,
        "staged_mapping",
        _MAPPING_KEY,
        sa.Column("line", sa.Integer),
        sa.Column("course_id", sa.Integer),
        sa.Column("concept", code_type()),
        sa.Column("relation", sa.String(8)),
        sa.Column("version_id", sa.Integer),
        sa.Column("level", sa.SmallInteger),
        sa.Column("hours", sa.Integer),
        sa.Column("evidence", sa.Text),
        sa.Column("span", sa.String(60)),
    )


@cache
def staged_courses(dialect: str) -> sa.Table:
    """``languages`` are separated by spaces; ``uuid`` is for the course if it is new."""
    return _temporary(
        dialect,
        "staged_course",
        ("external_id", "line"),
        sa.Column("line", sa.Integer),
        sa.Column("external_id", sa.String(200)),
        sa.Column("uuid", sa.String(36)),
        sa.Column("content", sa.Text),
        sa.Column("visibility", sa.String(8)),
        sa.Column("modality", sa.String(10)),
        sa.Column("hours", sa.Integer),
        sa.Column("languages", sa.Text),
    )


def _temporary(dialect: str, name: str, key: Sequence[str], *columns: sa.Column[Any]) -> sa.Table:
    """A table of the connection. On SQLite it is its key: sorted already when it is read by it."""
    if dialect == "postgresql":
        return sa.Table(name, sa.MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DELETE ROWS")
    constraint = sa.PrimaryKeyConstraint(*key)
    return sa.Table(name, sa.MetaData(), *columns, constraint, prefixes=["TEMPORARY"], sqlite_with_rowid=False)


def clear(session: orm.Session, table: sa.Table) -> None:
    """Make the table if this connection has none yet, and empty it."""
    session.execute(CreateTable(table, if_not_exists=True))
    session.execute(sa.delete(table))


def lay(session: orm.Session, table: sa.Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows, with the values in the order of the columns, by the fastest way of the driver."""
    with uncollected():
        _lay(session, table, rows)


def _lay(session: orm.Session, table: sa.Table, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = session.connection().connection.dbapi_connection
    if session.get_bind().dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join("?" * len(table.columns))
        driver.executemany(f"INSERT INTO {table.name} VALUES ({places})", rows)  # noqa: S608  # names of our own


def weigh(session: orm.Session, table: sa.Table, column: str) -> None:
    """Tell PostgreSQL how many rows there are, which it does not find out by itself for such tables."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ANALYZE {table.name} ({column})"))
