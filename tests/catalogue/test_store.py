"""What a worker keeps in memory: loaded once, bounded, and never older than it promises."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from time import sleep

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.catalogue.store import VersionStore
from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
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


def test_a_new_version_is_the_latest_after_the_refresh_time_and_not_before(database: Database) -> None:
    time = Time()
    store = a_store(database, time)
    published(database)
    assert str(store.resolve("latest").version.number) == "1.0.0"
    published(database, second_state())
    assert str(store.resolve("latest").version.number) == "1.0.0"
    time.seconds = 1.0
    assert str(store.resolve("latest").version.number) == "1.1.0"


def test_whoever_knows_the_name_of_a_new_version_finds_it_at_once(database: Database) -> None:
    store = a_store(database)
    with pytest.raises(NotFound, match="nothing is published yet"):
        store.resolve("latest")
    published(database)
    assert str(store.resolve("latest").version.number) == "1.0.0"
    with pytest.raises(NotFound, match=r"There is no version '1\.1\.0'\. Nearest: 1\.0\.0"):
        store.resolve("1.1.0")
    published(database, second_state())
    assert [str(store.resolve(name).version.number) for name in ("1.1.0", "1.1", "latest")] == ["1.1.0"] * 3


def test_what_is_published_while_the_list_is_read_shows_at_once(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, marks = a_store(sqlite_database), queries.marks
    publisher = Thread(target=store.expire)
    with sqlite_database.reading() as session:
        before = marks(session)
    published(sqlite_database)

    def outdated(_session: orm.Session) -> tuple[int, int]:
        monkeypatch.setattr(queries, "marks", marks)
        publisher.start()
        publisher.join(0.1)
        return before

    monkeypatch.setattr(queries, "marks", outdated)
    assert store.versions() == ()
    publisher.join()
    assert len(store.versions()) == 1


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


class Beside:
    """Something that is made of a version, large and slow."""

    made = 0
    memory_bytes = 10**6

    def __init__(self, taxonomy: Taxonomy) -> None:
        type(self).made += 1
        sleep(0.05)
        self.taxonomy = taxonomy


def test_what_is_made_of_a_version_is_made_once_for_all_that_ask_at_once(sqlite_database: Database) -> None:
    version = published(sqlite_database)
    store, makers = a_store(sqlite_database), type("Counted", (Beside,), {"made": 0})
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: store.beside(version, makers), range(16)))
    assert {id(one) for one in found} == {id(found[0])}
    assert makers.made == 1
    assert found[0].taxonomy is store.taxonomy(version)


def test_while_something_is_made_of_a_version_everything_else_is_answered(sqlite_database: Database) -> None:
    first, second = published(sqlite_database), published(sqlite_database, second_state())
    store, began, go_on = a_store(sqlite_database), Event(), Event()

    def make(taxonomy: Taxonomy) -> Beside:
        began.set()
        assert go_on.wait(10)
        return Beside(taxonomy)

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(store.beside, first, make)
        assert began.wait(10)
        assert store.taxonomy(first) == a_taxonomy()
        assert store.beside(second, Beside).taxonomy == second_state()
        go_on.set()
        assert slow.result(10).taxonomy is store.taxonomy(first)


def test_what_is_beside_a_version_counts_with_it_and_leaves_memory_with_it(sqlite_database: Database) -> None:
    first, second = published(sqlite_database), published(sqlite_database, second_state())
    store = a_store(sqlite_database, max_bytes=10**6)
    store.taxonomy(first)
    alone = store.loaded_bytes
    index = weakref.ref(store.beside(first, Beside))
    assert store.loaded_bytes == alone + Beside.memory_bytes
    store.taxonomy(second)
    gc.collect()
    assert index() is None
    assert (store.loaded_count, store.loaded_bytes < Beside.memory_bytes) == (1, True)


def test_what_is_made_too_large_pushes_out_other_versions(sqlite_database: Database) -> None:
    first, second = published(sqlite_database), published(sqlite_database, second_state())
    store = a_store(sqlite_database, max_bytes=10**6)
    store.taxonomy(first)
    store.taxonomy(second)
    assert store.loaded_count == 2
    store.beside(second, Beside)
    assert store.loaded_count == 1
    assert store.beside(second, Beside) is store.beside(second, Beside)


def test_what_could_not_be_made_is_tried_again(sqlite_database: Database) -> None:
    version, store, attempts = published(sqlite_database), a_store(sqlite_database), iter([True, False])

    def make(taxonomy: Taxonomy) -> Beside:
        if next(attempts):
            raise MemoryError
        return Beside(taxonomy)

    with pytest.raises(MemoryError):
        store.beside(version, make)
    assert store.beside(version, make).memory_bytes == Beside.memory_bytes


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


def test_what_is_in_memory_is_told_when_it_changes_and_not_at_every_request(database: Database) -> None:
    first, second = published(database), published(database, second_state())
    told: list[tuple[int, int]] = []
    store = VersionStore(
        database, max_bytes=1, refresh_seconds=1, clock=Time(), observe=lambda count, size: told.append((count, size))
    )
    for version in (first, first, second, second):
        store.taxonomy(version)
    assert [count for count, _size in told] == [1, 1]
    assert told[-1] == (store.loaded_count, store.loaded_bytes)
