"""The feed is in the order of the commits, without a gap, whatever transactions do to each other."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from competency_api.accounts.queries import find_organisation
from competency_api.accounts.values import COMMAND_LINE
from competency_api.core import clock, migrations
from competency_api.core.db import Database
from competency_api.events import queries, service
from competency_api.events.models import MESSAGE
from competency_api.events.values import EVERYBODY, Audience, Event, Viewer
from tests.support.keys import an_organisation
from tests.support.published import MOMENT
from tests.support.states import published, second_state


def record(database: Database, subject: str, audience: Audience = Audience.PUBLIC, whose: int | None = None) -> None:
    with database.transaction() as session:
        service.record(session, "thing.done", subject, "test", {"n": 1}, audience=audience, organisation_id=whose)


def feed(database: Database, viewer: Viewer = EVERYBODY, after: int = 0) -> list[Event]:
    with database.reading(fresh=True) as session:
        return queries.list_events(session, viewer, after=after, limit=10_000)


def subjects(events: Sequence[Event]) -> list[str]:
    return [event.subject for event in events]


def organisation_id(database: Database, code: str) -> int:
    an_organisation(database, code)
    with database.reading(fresh=True) as session:
        row = find_organisation(session, COMMAND_LINE, code)
    assert row is not None
    return row.id


def test_events_come_in_order_and_a_cursor_gives_what_is_behind_it(database: Database) -> None:
    for subject in ("a", "b", "c"):
        record(database, subject)
    assert subjects(feed(database)) == ["a", "b", "c"]
    assert [event.position for event in feed(database)] == [1, 2, 3]
    assert subjects(feed(database, after=1)) == ["b", "c"]
    with database.reading(fresh=True) as session:
        assert queries.last_position(session) == 3
        assert subjects(queries.list_events(session, EVERYBODY, limit=9, types=["thing.done"], subject="b")) == ["b"]


def test_what_was_undone_leaves_neither_an_event_nor_a_gap(database: Database) -> None:
    record(database, "a")
    with database.transaction() as session:
        service.record(session, "thing.done", "undone", "test", {}, audience=Audience.PUBLIC)
        session.rollback()
    with database.transaction() as session:
        service.record(session, "thing.done", "b", "test", {}, audience=Audience.PUBLIC)
        part = session.begin_nested()
        service.record(session, "thing.done", "undone", "test", {}, audience=Audience.PUBLIC)
        part.rollback()
        with session.begin_nested():
            service.record(session, "thing.done", "c", "test", {}, audience=Audience.PUBLIC)
    assert [(event.position, event.subject) for event in feed(database)] == [(1, "a"), (2, "b"), (3, "c")]


def test_a_transaction_that_began_first_and_ends_last_is_behind_what_readers_saw(database: Database) -> None:
    if database.is_sqlite:  # a writer is alone there: the other one waits
        record(database, "alone")
        assert subjects(feed(database)) == ["alone"]
        return
    with database.transaction() as slow:
        service.record(slow, "thing.done", "slow", "test", {}, audience=Audience.PUBLIC)
        record(database, "quick")
        seen = feed(database)
        assert subjects(seen) == ["quick"]
    assert subjects(feed(database, after=seen[-1].position)) == ["slow"]


@pytest.mark.slow
def test_a_reader_with_a_cursor_misses_nothing_of_many_writers(database: Database) -> None:
    writers, each = 6, 15
    seen: list[Event] = []

    def write(writer: int) -> None:
        pauses = random.Random(writer)
        for n in range(each):
            with database.transaction() as session:
                service.record(session, "thing.done", f"{writer}/{n}", "test", {}, audience=Audience.PUBLIC)
                time.sleep(pauses.uniform(0, 0.01))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen += feed(database, after=seen[-1].position if seen else 0)
    seen += feed(database, after=seen[-1].position if seen else 0)
    assert [event.position for event in seen] == list(range(1, writers * each + 1))
    assert len(set(subjects(seen))) == writers * each


def test_each_sees_what_is_public_and_what_is_their_own(database: Database) -> None:
    one, other = organisation_id(database, "one"), organisation_id(database, "other")
    record(database, "for all")
    record(database, "for curators", Audience.CURATORS, one)
    record(database, "for one", Audience.ORGANISATION, one)
    record(database, "for administrators", Audience.ADMINISTRATORS)
    assert subjects(feed(database)) == ["for all"]
    assert subjects(feed(database, Viewer(organisation_id=other))) == ["for all"]
    assert subjects(feed(database, Viewer(organisation_id=other, curates=True))) == ["for all", "for curators"]
    assert subjects(feed(database, Viewer(organisation_id=one))) == ["for all", "for curators", "for one"]
    assert len(feed(database, Viewer(sees_all=True))) == 4


def test_what_touches_an_organisation_is_told_to_it_alone(database: Database) -> None:
    one, other = organisation_id(database, "one"), organisation_id(database, "other")
    with database.transaction() as session:
        event = service.record(session, "thing.done", "a", "test", {}, audience=Audience.ADMINISTRATORS)
        service.touch(session, event, one, {"mappings": 3})
    assert [event.touches for event in feed(database, Viewer(organisation_id=one))] == [{"mappings": 3}]
    assert feed(database, Viewer(organisation_id=other)) == []
    with pytest.raises(sa.exc.NoResultFound), database.transaction() as session:
        service.touch(session, event, other, {})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET subject = 'other'",
        "UPDATE event SET position = 7",
        "DELETE FROM event",
        "UPDATE event_touch SET details = '{}'",
        "DELETE FROM event_touch",
    ],
)
def test_nobody_changes_what_happened(database: Database, statement: str) -> None:
    whose = organisation_id(database, "one")
    with database.transaction() as session:
        event = service.record(session, "thing.done", "a", "test", {}, audience=Audience.PUBLIC)
        service.touch(session, event, whose, {})
    with pytest.raises(DBAPIError, match=MESSAGE), database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(("type_", "subject"), [("published", "a"), ("Version.Published", "a"), ("thing.done", "")])
def test_a_badly_named_event_is_a_defect(sqlite_database: Database, type_: str, subject: str) -> None:
    with pytest.raises(ValueError, match="cannot be called"), sqlite_database.transaction() as session:
        service.record(session, type_, subject, "test", {}, audience=Audience.PUBLIC)


def test_a_publication_is_told_once_however_often_it_is_asked_for(database: Database) -> None:
    published(database, idempotency_key="first", title="First")
    published(database, idempotency_key="first", title="First")
    (event,) = feed(database)
    assert (event.type, event.subject) == ("version.published", "version/1.0.0")
    assert event.data["title"] == "First"
    assert event.data["bump"] is None


def test_the_feed_begins_with_versions_that_were_published_before_there_was_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # an event is written a moment after its version, which may be in the next second
    monkeypatch.setattr(clock, "now", lambda: MOMENT)
    published(database)
    published(database, second_state())
    before = [(event.position, event.type, event.subject, event.at, event.data) for event in feed(database)]
    migrations.downgrade(database, "0002")
    migrations.upgrade(database)
    assert [(event.position, event.type, event.subject, event.at, event.data) for event in feed(database)] == before
