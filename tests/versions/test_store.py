"""What a worker keeps in memory: loaded once, bounded, and never older than it promises."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.versions.store import VersionStore
from tests.factories import a_taxonomy
from tests.support.states import published, second_state


class Time:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_store(database: Database, time: Time | None = None, max_bytes: int = 10**9) -> VersionStore:
    return VersionStore(database, max_bytes=max_bytes, refresh_seconds=1, clock=time or Time())


def test_a_new_version_shows_after_the_refresh_time_and_not_before(database: Database) -> None:
    time = Time()
    store = a_store(database, time)
    with pytest.raises(NotFound, match="nothing is published yet"):
        store.resolve("latest")
    published(database)
    with pytest.raises(NotFound):
        store.resolve("latest")
    time.seconds = 1.0
    assert str(store.resolve("latest").version.number) == "1.0.0"


def test_in_steady_state_reading_runs_no_sql(database: Database) -> None:
    published(database)
    store = a_store(database)
    first = store.taxonomy(store.resolve("latest").version)
    statements: list[str] = []
    sa.event.listen(database.read_engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert store.taxonomy(store.resolve("1.0.0").version) is first
    assert statements == []


def test_versions_that_exceed_the_bound_leave_memory_but_the_one_in_use_stays(database: Database) -> None:
    first, second = published(database), published(database, second_state())
    store = a_store(database, max_bytes=1)
    assert store.taxonomy(first) == a_taxonomy()
    assert store.taxonomy(second) == second_state()
    assert store.loaded_count == 1
    assert store.loaded_bytes > 1
    assert store.taxonomy(first) == a_taxonomy()


def test_what_is_published_stays_readable_while_the_database_is_away(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(sqlite_database)
    time = Time()
    store = a_store(sqlite_database, time)
    version = store.resolve("latest").version
    store.taxonomy(version)

    def unavailable() -> None:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(sqlite_database, "reading", unavailable)
    time.seconds = 5
    assert store.taxonomy(store.resolve("latest").version) == a_taxonomy()
