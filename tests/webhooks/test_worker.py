"""From an event to a receiver, and what happens when it does not answer as it should."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
import sqlalchemy as sa

from competency_api.accounts.service import change_organisation
from competency_api.accounts.values import COMMAND_LINE
from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable
from competency_api.events import service as events
from competency_api.events.queries import list_events
from competency_api.events.values import Audience, Viewer
from competency_api.webhooks import queries, service
from competency_api.webhooks.delivery import outbox
from competency_api.webhooks.delivery import worker as delivery
from competency_api.webhooks.delivery.retries import ATTEMPTS
from tests.support.keys import an_organisation
from tests.support.receivers import receiving
from tests.support.states import published
from tests.support.webhooks import SECRET, a_webhook, acting_for, happened, make_due, states, worker


def test_a_publication_reaches_a_subscriber_signed(database: Database) -> None:
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url(), types=("version.published",))
        happened(database, "thing/1")
        published(database, title="First")
        assert worker(database).run_once() == 1
        ((message),) = receiver.verified(SECRET)
        assert (message["type"], message["subject"]) == ("version.published", "version/1.0.0")
        assert message["data"]["title"] == "First"
        assert receiver.ids() == [message["id"]]
        assert states(database, webhook) == {message["id"]: "delivered"}
        assert worker(database).run_once() == 0


def test_a_webhook_is_told_of_what_happens_after_it_was_registered(database: Database) -> None:
    happened(database, "before")
    with receiving() as receiver:
        a_webhook(database, receiver.url())
        happened(database, "after", "later")
        worker(database).run_once()
        assert [message["subject"] for message in receiver.verified(SECRET)] == ["after", "later"]


def test_each_is_told_of_what_its_organisation_may_know(database: Database) -> None:
    an_organisation(database, "madrid", "provider")
    an_organisation(database, "lisbon", "partner")
    with receiving() as receiver:
        for name in ("madrid", "lisbon", None):
            a_webhook(database, receiver.url(f"/ok?{name}"), name)
        happened(database, "public")
        happened(database, "curators", audience=Audience.CURATORS)
        happened(database, "madrid", audience=Audience.ORGANISATION, whose="madrid")
        worker(database).run_once()
        told: dict[str, list[str]] = {}
        for (path, _, _), message in zip(receiver.received, receiver.verified(SECRET), strict=True):
            told.setdefault(path.partition("?")[2], []).append(message["subject"])
    assert told == {
        "madrid": ["public", "madrid"],
        "lisbon": ["public", "curators"],
        "None": ["public", "curators", "madrid"],
    }


def test_who_asked_for_what_touches_them_gets_that_alone_with_what_it_means(database: Database) -> None:
    an_organisation(database, "madrid", "provider")
    an_organisation(database, "porto", "provider")
    with receiving() as receiver:
        a_webhook(database, receiver.url(), "madrid", touching=True)
        happened(database, "of no concern")
        happened(database, "own", whose="madrid")
        with database.transaction() as session:
            event = events.record(session, "thing.done", "touching", "test", {}, audience=Audience.PUBLIC)
            madrid, porto = (acting_for(database, name).organisation_id or 0 for name in ("madrid", "porto"))
            events.touch(session, event, madrid, {"mappings": 3})
            events.touch(session, event, porto, {"mappings": 8})
        worker(database).run_once()
        told = {message["subject"]: message.get("touches") for message in receiver.verified(SECRET)}
    assert told == {"own": None, "touching": {"mappings": 3}}


@pytest.mark.campaign
def test_a_failure_is_tried_again_with_the_same_id_until_it_is_given_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url("/fail"))
        (message,) = happened(database, "thing/1")
        moment = clock.now()
        monkeypatch.setattr(clock, "now", lambda: moment)
        for attempt in range(1, ATTEMPTS + 1):
            assert states(database, webhook) == ({message: "pending"} if attempt > 1 else {})
            assert worker(database).run_once() == 1
            assert worker(database).run_once() == 0  # the next is not due yet
            make_due(database)
        assert receiver.ids() == [message] * ATTEMPTS
        assert states(database, webhook) == {message: "failed"}
        assert {headers["webhook-id"] for _, headers, _ in receiver.received} == {message}
    with database.reading(fresh=True) as session:
        row = queries.get_webhook(session, COMMAND_LINE, webhook)
        log = queries.list_attempts(session, queries.get_delivery(session, row, message))
        assert [attempt.status for attempt in log] == [500] * ATTEMPTS
        assert (row.active, row.disabled_because) == (False, "failing")


@pytest.mark.campaign
def test_a_receiver_that_is_gone_is_left_alone_and_its_organisation_told(database: Database) -> None:
    an_organisation(database, "madrid", "provider")
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url("/gone"), "madrid")
        (first,) = happened(database, "thing/1")
        worker(database).run_once()
        happened(database, "thing/2")
        assert worker(database).run_once() == 0
        assert receiver.ids() == [first]
    whose = acting_for(database, "madrid").organisation_id
    with database.reading(fresh=True) as session:
        row = queries.get_webhook(session, COMMAND_LINE, webhook)
        assert (row.active, row.disabled_because) == (False, "gone")
        (told,) = list_events(session, Viewer(organisation_id=whose), limit=9, types=["webhook.disabled"])
        assert (told.subject, told.data["because"]) == (f"webhook/{webhook}", "gone")
        assert list_events(session, Viewer(), limit=9, types=["webhook.disabled"]) == []


def test_made_active_again_it_is_told_of_what_it_missed(database: Database) -> None:
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url())
        for active, subject in ((False, "missed"), (True, "after")):
            with database.transaction() as session:
                revision = frozenset({queries.get_webhook(session, COMMAND_LINE, webhook).revision})
                service.change_webhook(session, COMMAND_LINE, webhook, revision, {"active": active}, ())
            happened(database, subject)
            worker(database).run_once()
            assert len(receiver.received) == (2 if active else 0)
        assert [message["subject"] for message in receiver.verified(SECRET)] == ["missed", "after"]


def test_nothing_is_sent_for_an_organisation_that_is_not_active(database: Database) -> None:
    an_organisation(database, "madrid", "provider")
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url(), "madrid")
        with database.transaction() as session:
            change_organisation(session, COMMAND_LINE, "madrid", frozenset({1}), {"active": False})
        happened(database, "thing/1")
        assert worker(database).run_once() == 0
    with database.reading(fresh=True) as session:
        assert queries.get_webhook(session, COMMAND_LINE, webhook).disabled_because == "inactive"


@pytest.mark.campaign
def test_a_receiver_that_hangs_holds_up_nobody_else(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "POLL", 60.0)  # what only the next look would begin comes too late
    with receiving() as receiver:
        a_webhook(database, receiver.url("/hang"))
        good = a_webhook(database, receiver.url("/ok"))
        messages = happened(database, *(f"thing/{n}" for n in range(10)))
        stop = threading.Event()
        patient = worker(database, WEBHOOK_CONCURRENCY="2", WEBHOOK_TIMEOUT_SECONDS="60")
        thread = threading.Thread(target=patient.run, args=(stop,))
        thread.start()
        end = time.monotonic() + 50
        while states(database, good) != dict.fromkeys(messages, "delivered") and time.monotonic() < end:
            time.sleep(0.05)
        hung = [path for path, _, _ in receiver.received].count("/hang")
        stop.set()
        receiver.ended.set()
        thread.join()
        assert states(database, good) == dict.fromkeys(messages, "delivered")
        assert hung == 1, "all were delivered while the first message to the one that hangs was waited for"


def test_what_a_worker_took_that_died_is_sent_by_another_when_its_time_is_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {"WEBHOOK_TIMEOUT_SECONDS": "10", "WEBHOOK_TAKEOVER_SECONDS": "50"}
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url())
        (message,) = happened(database, "thing/1")
        taken = clock.now()
        with monkeypatch.context() as dying:
            dying.setattr(clock, "now", lambda: taken)
            dying.setattr(delivery.Worker, "_deliver", lambda *_: None)
            assert worker(database, **times).run_once() == 1
        for seconds, attempts in ((59, 0), (60, 1)):
            monkeypatch.setattr(clock, "now", lambda passed=seconds: taken + dt.timedelta(seconds=passed))
            assert worker(database, **times).run_once() == attempts
        assert receiver.ids() == [message]
        assert states(database, webhook) == {message: "delivered"}


@pytest.mark.campaign
def test_a_redirect_is_an_error_and_the_wish_to_wait_is_granted(database: Database) -> None:
    with receiving() as receiver:
        hooks = {path: a_webhook(database, receiver.url(path)) for path in ("/redirect", "/busy")}
        (message,) = happened(database, "thing/1")
        worker(database).run_once()
        assert sorted(path for path, _, _ in receiver.received) == ["/busy", "/redirect"]
    with database.reading(fresh=True) as session:
        rows = {p: queries.get_webhook(session, COMMAND_LINE, uuid) for p, uuid in hooks.items()}
        found = {p: queries.get_delivery(session, row, message) for p, row in rows.items()}
        (attempt,) = queries.list_attempts(session, found["/redirect"])
    assert "not followed" in (attempt.error or "")
    assert (found["/busy"].due_at - found["/busy"].created_at).total_seconds() >= 3600


def test_old_deliveries_are_forgotten_with_their_attempts(database: Database) -> None:
    with receiving() as receiver:
        webhook = a_webhook(database, receiver.url())
        happened(database, "thing/1")
        worker(database).run_once()
        with database.transaction() as session:
            session.execute(sa.text("UPDATE webhook_delivery SET finished_at = '2020-01-01 00:00:00'"))
        worker(database).run_once()
    assert states(database, webhook) == {}
    with database.reading(fresh=True) as session:
        assert session.scalar(sa.text("SELECT count(*) FROM webhook_attempt")) == 0


def test_a_database_that_is_away_ends_no_worker(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, asked = threading.Event(), 0

    def away(*_given: object) -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:
            stop.set()
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(outbox, "has_work", away)
    monkeypatch.setattr(delivery, "POLL", 0.01)
    worker(sqlite_database).run(stop)
    assert asked == 2
    with pytest.raises(DatabaseUnavailable):
        worker(sqlite_database).run_once()


@pytest.mark.slow
@pytest.mark.campaign
def test_events_during_the_making_of_deliveries_are_neither_lost_nor_doubled(database: Database) -> None:
    with receiving() as receiver:
        hook = a_webhook(database, receiver.url())
        messages: list[str] = []
        stop = threading.Event()
        threads = [threading.Thread(target=worker(database).run, args=(stop,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(40):
            messages += happened(database, f"thing/{n}")
        end = time.monotonic() + 60
        while states(database, hook) != dict.fromkeys(messages, "delivered"):
            assert time.monotonic() < end
            time.sleep(0.2)
        stop.set()
        for thread in threads:
            thread.join()
        assert sorted(receiver.ids()) == sorted(messages)
