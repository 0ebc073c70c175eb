"""How connections to the two databases are made. The reasons stand beside each setting."""

from __future__ import annotations

import math
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from competency_api.core.config import Settings
from competency_api.core.errors import ConfigurationError, DatabaseUnavailable

log = structlog.get_logger(__name__)

# SQLite up to 3.51.2 can corrupt a database in WAL mode (the "WAL-reset" bug, fixed in 3.51.3 and in two backports).
_WAL_FIXED = (3, 51, 3)
_WAL_BACKPORTS = ((3, 44, 6), (3, 50, 7))

#: Seconds for which a connection to PostgreSQL that was used is taken to be there still.
_TRUSTED = 1.0


def journal_mode(version: tuple[int, int, int]) -> str:
    """``WAL`` where this SQLite is safe with it, else the rollback journal (about a fifth slower)."""
    is_backport = any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_BACKPORTS)
    return "WAL" if version >= _WAL_FIXED or is_backport else "DELETE"


def writing_engine(settings: Settings) -> sa.Engine:
    if not settings.database_url.startswith("sqlite"):
        return _postgresql(settings, settings.database_url)
    mode = journal_mode(sqlite3.sqlite_version_info[:3])
    pragmas = (f"journal_mode={mode}", "synchronous=FULL")
    engine = _sqlite(settings, begin="BEGIN IMMEDIATE", pragmas=pragmas, prepare=_make_folder)

    @sa.event.listens_for(engine, "connect", once=True)
    def tell(_connection: object, _record: object) -> None:
        log.info("database.opened", sqlite=sqlite3.sqlite_version, journal_mode=mode)

    return engine


def reading_engine(settings: Settings, writer: sa.Engine) -> sa.Engine:
    if settings.database_url.startswith("sqlite"):
        return _sqlite(settings, begin="BEGIN", pragmas=("query_only=ON",), prepare=_require_file)
    if settings.database_read_url:
        return read_only(_postgresql(settings, settings.database_read_url))
    return read_only(writer)


def read_only(engine: sa.Engine) -> sa.Engine:
    """The same PostgreSQL pool, for transactions that read one snapshot and cannot write."""
    return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")


def _make_folder(file: str) -> None:
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder of the database {file} cannot be made: {error.strerror}."
        raise DatabaseUnavailable(message) from error


def _require_file(file: str) -> None:
    """SQLite makes a file that is not there, even for a connection that may not write in it."""
    if file.startswith("file:"):
        return
    try:
        os.stat(file)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DatabaseUnavailable(f"There is no database at {file}; `competency-api migrate` makes one.") from error
    except OSError:
        return  # that it may not be looked at, SQLite says


def _sqlite(settings: Settings, *, begin: str, pragmas: tuple[str, ...], prepare: Callable[[str], None]) -> sa.Engine:
    engine = sa.create_engine(settings.database_url, connect_args={"timeout": settings.database_timeout_seconds})

    @sa.event.listens_for(engine, "do_connect")
    def before(_dialect: object, _record: object, args: list[Any], _kwargs: dict[str, Any]) -> None:
        prepare(str(args[0]))

    @sa.event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver would begin transactions by its own rules and too late; "begin" below does it.
        connection.isolation_level = None
        # trusted_schema: a database file from elsewhere must not run functions from its views and triggers.
        for pragma in (*pragmas, "foreign_keys=ON", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def emit_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(settings: Settings, url: str) -> sa.Engine:
    timeout = settings.database_timeout_seconds
    try:
        engine = sa.create_engine(
            url,
            pool_timeout=timeout,
            isolation_level="READ COMMITTED",
            connect_args={
                "connect_timeout": max(2, round(timeout)),
                "options": f"-c lock_timeout={round(timeout * 1000)} -c timezone=utc",
            },
        )
    except ModuleNotFoundError as error:
        message = "PostgreSQL needs the driver psycopg: pip install 'competency-api[postgresql]'."
        raise ConfigurationError(message) from error
    except sa.exc.ArgumentError as error:
        raise ConfigurationError(
            "DATABASE_URL cannot be read; right is postgresql://USER:PASSWORD@HOST/NAME."
        ) from error
    _ask_after_rest(engine)
    return engine


def _ask_after_rest(engine: sa.Engine) -> None:
    """Whether a connection is still there is asked when it has rested: each time would be a way to the server and back
    for every session, and no server is gone and back again within :data:`_TRUSTED` seconds.
    """

    @sa.event.listens_for(engine, "checkin")
    def rest(_connection: object, record: Any) -> None:
        record.info["rested"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("rested", math.inf) < _TRUSTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error
