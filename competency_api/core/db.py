"""The database: engines, sessions, the base of all tables.

SQLite as it comes with Python and SQLAlchemy loses updates silently: two writers read, both write, one wins. Here a
write transaction takes the write lock *before* it reads (``BEGIN IMMEDIATE``), and a reading one cannot write. On
PostgreSQL the same two context managers give READ COMMITTED and a read-only snapshot. There writers run side by
side: what is read and then written needs ``UPDATE … WHERE revision = …`` (a ``version_id_col``) or :func:`lock`.

``with db.transaction() as session`` commits at its end and rolls back on any exception. Only entry points (routes,
commands, workers) open one; services flush and never commit. Objects stay readable after the end
(``expire_on_commit=False``), since answers are built then.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from competency_api.core import db_engines
from competency_api.core.config import Settings
from competency_api.core.db_failures import service_error
from competency_api.core.errors import PreconditionFailed

#: ``INSERT`` with ``ON CONFLICT`` by the dialect's name: alike in both, and in neither part of the common language.
INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Base(orm.DeclarativeBase):
    """Base of every table. Constraints are named by rule, so that migrations can name them on both databases."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """A moment: aware in Python on both databases, UTC in the table. A naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was given to the database")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Database:
    """One database of one process. Connects on first use, so that making one costs and touches nothing."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.is_sqlite = settings.database_url.startswith("sqlite")

    @cached_property
    def engine(self) -> sa.Engine:
        """The writing engine: each of its transactions holds SQLite's write lock from the start."""
        return db_engines.writing_engine(self.settings)

    @cached_property
    def read_engine(self) -> sa.Engine:
        """The reading engine: on the replica, if one is configured."""
        return db_engines.reading_engine(self.settings, self.engine)

    @cached_property
    def _primary_read_engine(self) -> sa.Engine:
        return db_engines.read_only(self.engine) if self.settings.database_read_url else self.read_engine

    @contextmanager
    def transaction(self) -> Iterator[orm.Session]:
        """A session that writes: commits at the end, rolls back on any exception.

        Raises DatabaseUnavailable (not reachable, locked for too long, full, not migrated), Conflict (a unique key
        is taken) and PreconditionFailed (a revision was changed by another) instead of the driver's exceptions.
        """
        with (
            self._translated(writing=True),
            orm.Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def rehearsal(self) -> Iterator[orm.Session]:
        """As :meth:`transaction`, but nothing of it stays: everything is tried as it would be done."""
        with self.transaction() as session:
            yield session
            session.rollback()

    @contextmanager
    def reading(self, *, fresh: bool = False) -> Iterator[orm.Session]:
        """A read-only session that sees one state throughout; writing in it is an error of the database.

        ``fresh`` reads from the primary: for what must see a commit made a moment ago, which a replica may not yet.
        """
        engine = self._primary_read_engine if fresh else self.read_engine
        with self._translated(writing=False), orm.Session(engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def _translated(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except StaleDataError as error:
            raise PreconditionFailed("It was changed by another since it was read; read it again.") from error
        except (DBAPIError, sa.exc.TimeoutError) as error:
            translated = service_error(error, self.settings.database_url, writing=writing)
            if translated is None:
                raise
            raise translated from error

    def ping(self) -> None:
        """Ask the database something. Raises DatabaseUnavailable."""
        with self.reading() as session:
            # on SQLite, SELECT 1 would not even look into the file
            session.execute(sa.text("PRAGMA schema_version" if self.is_sqlite else "SELECT 1"))

    def close(self) -> None:
        """Close all connections; before a process forks, and at the end of a test."""
        for name in ("read_engine", "_primary_read_engine", "engine"):
            if name in self.__dict__:
                self.__dict__.pop(name).dispose()


def insert_into(session: orm.Session, target: Any) -> Any:
    """One of :data:`INSERTS`, for the session's database."""
    return INSERTS[session.get_bind().dialect.name](target)


def lock(session: orm.Session, name: str) -> None:
    """Wait until no other transaction holds the lock ``name``, and hold it until this one ends.

    On SQLite a writer is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def require_revision(revision: int, expected: frozenset[int]) -> None:
    """Raises PreconditionFailed when the stored revision is none of those that a change was made from.

    For an early and clear answer only: who wins of two at once is decided by the table's ``version_id_col``.
    """
    if revision not in expected:
        raise PreconditionFailed("It was changed since you read it; read it again.", extra={"etag": f'"{revision}"'})
