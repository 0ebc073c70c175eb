"""Fixtures that need a life cycle: databases and the real data. Everything else is a plain function (factories.py)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from competency_api.core.db import Database
from tests.support.databases import PostgresqlServer, Source, SqliteFiles, settings_for
from tests.support.published import serving_starter, serving_two_versions

IN_CI = os.environ.get("CI") == "true"
DIALECTS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))

# A slow machine is no defect of the code: no deadlines. In CI the same inputs every time; at the desk, new ones; and
# many, new ones too, when the properties are tried by themselves (make properties).
_PATIENT: dict[str, Any] = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", max_examples=25, derandomize=True, **_PATIENT)
settings.register_profile("desk", max_examples=25, **_PATIENT)
settings.register_profile("many", max_examples=1_000, **_PATIENT)
settings.load_profile("ci" if IN_CI else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "realdata" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.realdata)


@pytest.fixture(scope="session")
def database_source(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Callable[[str], Source]]:
    """Sources of databases by dialect, each started when a test first asks for it."""
    sources: dict[str, SqliteFiles | PostgresqlServer] = {}

    def source(dialect: str) -> Source:
        if dialect not in sources:
            is_sqlite = dialect == "sqlite"
            sources[dialect] = (
                SqliteFiles(tmp_path_factory.mktemp("sqlite")) if is_sqlite else PostgresqlServer(worker_id)
            )
        return sources[dialect]

    yield source
    for made in sources.values():
        if isinstance(made, PostgresqlServer):
            made.stop()


@pytest.fixture(params=DIALECTS)
def database(request: pytest.FixtureRequest, database_source: Callable[[str], Source]) -> Iterator[Database]:
    """A migrated database of the test's own, once on SQLite and once on PostgreSQL."""
    yield from _lend(database_source(request.param), empty=False)


@pytest.fixture(params=DIALECTS)
def empty_database(request: pytest.FixtureRequest, database_source: Callable[[str], Source]) -> Iterator[Database]:
    """A database that was never migrated, once on SQLite and once on PostgreSQL."""
    yield from _lend(database_source(request.param), empty=True)


@pytest.fixture
def sqlite_database(database_source: Callable[[str], Source]) -> Iterator[Database]:
    """A migrated SQLite file, for tests of what does not depend on the database."""
    yield from _lend(database_source("sqlite"), empty=False)


def _lend(source: Source, *, empty: bool) -> Iterator[Database]:
    url = source.make(empty=empty)
    database = Database(settings_for(url))
    yield database
    database.close()
    source.remove(url)


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over the published starter taxonomy, for tests that only read."""
    with serving_starter(tmp_path_factory.mktemp("starter") / "starter.sqlite") as client:
        yield client


@pytest.fixture(scope="session")
def two_versions(database_source: Callable[[str], Source]) -> Iterator[FlaskClient]:
    """A client over two small versions, 1.0.0 and 1.1.0, for tests that only read."""
    database = Database(settings_for(database_source("sqlite").make(empty=False)))
    with serving_two_versions(database) as client:
        yield client
    database.close()


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of the real data sets. Absent, the test is skipped at the desk and fails in CI."""
    beside = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    folder = Path(os.environ.get("REALDATA_DIR") or beside)
    if not folder.is_dir():
        reason = f"needs the real data sets in {folder}, or in the folder that REALDATA_DIR names"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
