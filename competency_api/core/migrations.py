"""The schema's versions: forwards, backwards, and whether a database stands where this program expects it.

Alembic is used by its programming interface; there is no alembic.ini. A run is **one transaction**: it happens whole or
not at all, and of two programs that start together one migrates while the other waits.

``migrations/`` stands beside the package in a checkout. An installed package finds it, as well as ``seeds/``, below the
environment's ``share/competency-api`` (setup.cfg, ``options.data_files``).
"""

from __future__ import annotations

import sysconfig
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, IntegrityError

from competency_api.core.db import Database
from competency_api.core.db_failures import service_error
from competency_api.core.errors import DatabaseUnavailable

#: What counts as a difference between the models and a database.
COMPARISON: dict[str, Any] = {"compare_type": True, "compare_server_default": True}

#: On PostgreSQL a migration that waits for a lock blocks every reader behind it: better to fail and to try again.
_TIME_LIMITS = {"lock_timeout": "4s", "statement_timeout": "5s"}
_LOCK = zlib.crc32(b"competency-api migrations")


def shipped_folder(name: str) -> Path:
    """The folder ``migrations``, ``seeds`` or ``docs/how-to``, of the checkout or of the installation."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "setup.cfg").is_file():
        return checkout / name
    return Path(sysconfig.get_path("data")) / "share" / "competency-api" / name


@lru_cache(maxsize=1)
def scripts() -> ScriptDirectory:
    """The migrations that this program brings."""
    return ScriptDirectory.from_config(_config())


def head() -> str | None:
    """The revision that this program works with; None while there is no migration at all."""
    return scripts().get_current_head()


def current(connection: sa.Connection) -> str | None:
    """The revision of the database; None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def is_at_head(connection: sa.Connection) -> bool:
    return current(connection) == head()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database forwards to ``revision``; without effect when it is there.

    Raises DatabaseUnavailable when it cannot be reached or written, is locked for too long, or is at a revision that
    this program does not know.
    """
    with _migrating(database) as config:
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the database back to ``revision`` (``"base"``: to nothing). Data that only later revisions hold is lost."""
    with _migrating(database) as config:
        command.downgrade(config, revision)


def differences(connection: sa.Connection, metadata: sa.MetaData) -> list[Any]:
    """Alembic's operations that would make the database equal to ``metadata``; empty when they agree.

    Check constraints and triggers are not compared: Alembic does not see them.
    """
    return cast("list[Any]", compare_metadata(MigrationContext.configure(connection, opts=COMPARISON), metadata))


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    # Config reads "%" as the beginning of an interpolation.
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(database: Database) -> Iterator[Config]:
    transaction = _sqlite_transaction if database.is_sqlite else _postgresql_transaction
    try:
        with database.engine.connect() as connection, transaction(connection):
            _refuse_unknown_revision(connection)
            yield _config(connection)
    except DBAPIError as error:
        # data that break a new constraint are no conflict of a user with another
        is_defect = isinstance(error, IntegrityError)
        translated = None if is_defect else service_error(error, database.settings.database_url, writing=True)
        if translated is None:
            raise
        raise translated from error


@contextmanager
def _sqlite_transaction(connection: sa.Connection) -> Iterator[None]:
    """With foreign keys off, as altering copies and drops a table, and would take the rows that refer to it along.

    SQLite ignores that setting inside a transaction, and any statement through SQLAlchemy begins one: hence the
    driver's own connection.
    """
    driver = cast(Any, connection.connection.dbapi_connection)
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            _refuse_dangling_rows(connection)
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _postgresql_transaction(connection: sa.Connection) -> Iterator[None]:
    with connection.begin():
        # Another program may be migrating just now: waiting for it is not subject to the limits below.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        for setting, limit in _TIME_LIMITS.items():
            connection.exec_driver_sql(f"SET LOCAL {setting} = '{limit}'")
        yield


def _refuse_unknown_revision(connection: sa.Connection) -> None:
    revision = current(connection)
    if revision is None:
        return
    try:
        scripts().get_revision(revision)
    except CommandError as error:
        raise DatabaseUnavailable(
            f"The database is at revision {revision}, which this program does not know: a newer one migrated it. "
            "Use that program, or restore a backup from before."
        ) from error


def _refuse_dangling_rows(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise DatabaseUnavailable(
            f"The migration was undone: it would leave rows that refer to nothing, {len(broken)} of them in {tables}."
        )
