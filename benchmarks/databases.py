"""Empty databases to measure on, one of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.machine import WORK, Missing
from competency_api.core.config import Settings
from tests.support.databases import PostgresqlServer


@contextmanager
def sqlite(name: str) -> Iterator[str]:
    """The URL of a new file."""
    file = WORK / f"{name}.sqlite"
    file.unlink(missing_ok=True)
    yield f"sqlite:///{file}"


@contextmanager
def postgresql(_name: str) -> Iterator[str]:
    """The URL of a database of a new server, which does not wait for its disk. Raises Missing."""
    try:
        server = PostgresqlServer("benchmark")
    except ModuleNotFoundError as absent:
        raise Missing(f"{absent.name} is not installed: pip install --editable '.[test]'") from absent
    try:
        yield Settings.from_env({"DATABASE_URL": server.make(empty=True)}).database_url
    finally:
        server.stop()


DATABASES = (("SQLite", sqlite), ("PostgreSQL", postgresql))
