from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy import orm
from sqlalchemy.exc import DBAPIError, StatementError

from competency_api.core import db_engines
from competency_api.core.config import Settings
from competency_api.core.db import Base, Database, UtcDateTime, lock
from competency_api.core.db_engines import journal_mode
from competency_api.core.errors import Conflict, DatabaseUnavailable, PreconditionFailed


class Tables(orm.DeclarativeBase):
    """A metadata of its own: these tables are no part of the product."""

    metadata = sa.MetaData(naming_convention=Base.metadata.naming_convention)


class Counter(Tables):
    __tablename__ = "counter"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)
    count: orm.Mapped[int] = orm.mapped_column(default=0)
    at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int] = orm.mapped_column()

    __mapper_args__ = {"version_id_col": revision}


@pytest.fixture
def counters(empty_database: Database) -> Iterator[Database]:
    Tables.metadata.create_all(empty_database.engine)
    with empty_database.transaction() as session:
        session.add(Counter(id=1, name="one"))
    yield empty_database
    Tables.metadata.drop_all(empty_database.engine)


def sqlite(path: Path, **environ: str) -> Database:
    return Database(Settings.from_env({"DATABASE_URL": f"sqlite:///{path}", **environ}))


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(sa.select(Counter.count)).one()


def test_a_transaction_is_kept_at_its_end_and_undone_on_any_exception(counters: Database) -> None:
    with counters.transaction() as session:
        session.get_one(Counter, 1).count = 5
    with pytest.raises(ZeroDivisionError), counters.transaction() as session:
        session.get_one(Counter, 1).count = 1 // 0
    assert count(counters) == 5


def test_no_update_is_lost_between_writers_that_read_first(counters: Database) -> None:
    def add_many() -> None:
        for _ in range(25):
            with counters.transaction() as session:
                lock(session, "counter")
                session.get_one(Counter, 1).count += 1

    threads = [threading.Thread(target=add_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(counters) == 100


def test_a_reading_session_cannot_write(counters: Database) -> None:
    with pytest.raises(DBAPIError), counters.reading() as session:
        session.execute(sa.insert(Counter).values(id=2, name="two", revision=1))


def test_a_reading_session_sees_one_state_throughout(counters: Database) -> None:
    if counters.is_sqlite and journal_mode(sqlite_version()) == "DELETE":
        # with a rollback journal the writer waits for the readers, which gives the same by another way
        return
    with counters.reading() as reader:
        before = reader.scalars(sa.select(Counter.count)).one()
        with counters.transaction() as session:
            session.get_one(Counter, 1).count = 7
        reader.expire_all()
        assert reader.scalars(sa.select(Counter.count)).one() == before


def sqlite_version() -> tuple[int, int, int]:
    import sqlite3

    return sqlite3.sqlite_version_info


def test_a_taken_key_is_a_conflict(counters: Database) -> None:
    with pytest.raises(Conflict), counters.transaction() as session:
        session.add(Counter(id=2, name="one"))


def test_a_revision_that_another_changed_is_a_failed_precondition(counters: Database) -> None:
    with counters.reading() as session:
        stale = session.get_one(Counter, 1)
    with counters.transaction() as session:
        session.get_one(Counter, 1).count = 1
    stale.count = 2
    with pytest.raises(PreconditionFailed), counters.transaction() as session:
        session.add(stale)


def test_times_come_back_aware_and_in_utc(counters: Database) -> None:
    moment = dt.datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with counters.transaction() as session:
        session.get_one(Counter, 1).at = moment
    with counters.reading() as session:
        found = session.get_one(Counter, 1).at
    assert found == moment
    assert found is not None
    assert found.tzinfo is dt.UTC


def test_a_time_without_a_zone_never_reaches_the_database(counters: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), counters.transaction() as session:
        session.get_one(Counter, 1).at = dt.datetime(2026, 7, 1)  # noqa: DTZ001  # the naive time is what is refused


def test_a_database_without_tables_says_how_to_make_them(empty_database: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="competency-api migrate"), empty_database.reading() as session:
        session.scalars(sa.select(Counter)).all()


def test_a_defect_in_a_statement_stays_what_it_is(counters: Database) -> None:
    with pytest.raises(DBAPIError), counters.reading() as session:
        session.execute(sa.text("SELEKT 1"))


def test_a_writer_that_waits_too_long_is_told_to_come_again(tmp_path: Path) -> None:
    first, second = (sqlite(tmp_path / "a.sqlite", DATABASE_TIMEOUT_SECONDS="0.1") for _ in range(2))
    with first.transaction() as session:
        session.execute(sa.text("SELECT 1"))
        with pytest.raises(DatabaseUnavailable, match="busy"), second.transaction() as other:
            other.execute(sa.text("SELECT 1"))
    first.close()
    second.close()


def test_the_folder_of_the_database_is_made_by_whoever_writes_first(tmp_path: Path) -> None:
    database = sqlite(tmp_path / "new" / "folder" / "a.sqlite")
    with pytest.raises(DatabaseUnavailable, match=r"There is no database at .+; `competency-api migrate` makes one"):
        database.ping()
    assert not (tmp_path / "new").exists()
    with database.transaction() as session:
        session.execute(sa.text("SELECT 1"))
    assert (tmp_path / "new" / "folder").is_dir()
    database.close()


def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "no-database.sqlite").write_text("no database" * 100)
    for path, words in (
        (tmp_path / "file" / "a.sqlite", "cannot be made"),
        (tmp_path, "cannot be opened"),
        (tmp_path / "no-database.sqlite", "is not an SQLite database"),
    ):
        with structlog.testing.capture_logs() as logged:
            database = sqlite(path)
            with pytest.raises(DatabaseUnavailable, match=words) as caught, database.transaction() as session:
                session.execute(sa.text("SELECT 1"))
        assert "\n" not in str(caught.value)
        assert not logged
        database.close()


def test_an_unreachable_server_is_named_without_its_password() -> None:
    url = "postgresql://user:hunter2@127.0.0.1:1/none"
    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as caught:
        Database(Settings.from_env({"DATABASE_URL": url})).ping()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
    ],
)
def test_write_ahead_logging_only_where_it_cannot_corrupt(version: tuple[int, int, int], mode: str) -> None:
    assert journal_mode(version) == mode


def test_an_sqlite_connection_is_durable_and_distrustful(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        found = {name: session.scalar(sa.text(f"PRAGMA {name}")) for name in ("foreign_keys", "trusted_schema")}
        assert session.scalar(sa.text("PRAGMA synchronous")) == 2
    assert found == {"foreign_keys": 1, "trusted_schema": 0}


def all_connections_ended(database: Database) -> None:
    """As a server does that is started anew; a file has none to lose."""
    if database.is_sqlite:
        return
    statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    engine = sa.create_engine(database.engine.url)
    with engine.connect() as connection:
        connection.execute(sa.text(f"{statement} pg_backend_pid()"))
    engine.dispose()


def test_connections_that_were_lost_while_they_rested_are_made_anew_and_nobody_is_told(
    counters: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_engines, "_TRUSTED", 0.0)
    for _ in range(2):
        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(lambda _: count(counters), range(3))) == [0, 0, 0]
        all_connections_ended(counters)
    assert count(counters) == 0


def test_a_connection_that_was_lost_in_use_is_an_unavailable_database_once(counters: Database) -> None:
    assert count(counters) == 0
    all_connections_ended(counters)
    with suppress(DatabaseUnavailable):  # where it was used a moment ago, it is not asked whether it is there
        count(counters)
    assert count(counters) == 0
