"""Workers that are killed lose nothing, and send at most rarely twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from tests.support.campaigns import rounds
from tests.support.receivers import LOOPBACK, Receiver, receiving
from tests.support.running import COMMAND
from tests.support.sources import ROOT
from tests.support.webhooks import SECRET, a_webhook, happened, states

KILLS = rounds(20, 500)
EVENTS_A_KILL = 3
WEBHOOKS = 3


def started(database: Database) -> subprocess.Popen[bytes]:
    environ = {
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "WEBHOOK_NETWORKS": LOOPBACK,
        "WEBHOOK_TIMEOUT_SECONDS": "1",
        "WEBHOOK_TAKEOVER_SECONDS": "1",
        "LOG_LEVEL": "error",
        "PATH": "",
    }
    return subprocess.Popen([*COMMAND, "worker"], cwd=ROOT, env=environ, stderr=subprocess.PIPE)


def wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    assert process.stderr is not None
    assert process.stderr.readline() == b"Delivering webhooks.\n"


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def wait_for(condition: object, seconds: float, every: float = 0.2) -> None:
    assert callable(condition)
    latest = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < latest, f"waited {seconds} seconds"
        time.sleep(every)


def all_delivered(database: Database, hooks: list[str], messages: list[str]) -> bool:
    return all(states(database, hook) == dict.fromkeys(messages, "delivered") for hook in hooks)


@pytest.mark.slow
@pytest.mark.campaign
def test_killed_workers_lose_nothing_and_rarely_send_twice(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    delays = random.Random(5)
    with receiving() as receiver:
        hooks = [a_webhook(database, receiver.url(f"/slow?{n}")) for n in range(WEBHOOKS)]
        messages: list[str] = []
        workers = [started(database) for _ in range(3)]
        try:
            for _ in range(KILLS):
                wait_until_ready(workers[0])
                messages += happened(database, *(f"thing/{n}" for n in range(EVENTS_A_KILL)))
                before = len(receiver.received)
                wait_for(lambda arrived=before: len(receiver.received) > arrived, 30, every=0.01)
                time.sleep(delays.uniform(0, 0.15))
                # one of three, one of which is sending just now
                end(workers.pop(0))
                workers.append(started(database))
            wait_for(lambda: all_delivered(database, hooks, messages), 120)
        finally:
            for process in workers:
                end(process)
        check(database, receiver, messages)


def check(database: Database, receiver: Receiver, messages: list[str]) -> None:
    """Everything arrived, and what arrived more than once did so because of a kill and of nothing else."""
    receiver.verified(SECRET)
    arrived = Counter((path, headers["webhook-id"]) for path, headers, _ in receiver.received)
    assert set(arrived) == {(f"/slow?{n}", message) for n in range(WEBHOOKS) for message in messages}
    statement = (
        "SELECT w.url, d.message, d.attempts, count(a.id) FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id"
        " LEFT JOIN webhook_attempt a ON a.delivery_id = d.id GROUP BY w.url, d.message, d.attempts"
    )
    with database.reading(fresh=True) as session:
        rows = session.execute(sa.text(statement)).all()
    cut_off = 0
    for url, message, attempts, logged in rows:
        # an attempt without an entry in the log is one whose worker was killed
        assert 1 <= arrived["/" + url.rpartition("/")[2], message] <= attempts
        assert logged == 1
        cut_off += attempts - logged
    # each kill cuts off at most one attempt of each webhook; and some did, else nothing was tried here
    assert 0 < cut_off <= KILLS * WEBHOOKS


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_finishes_what_it_is_sending(database: Database) -> None:
    with receiving() as receiver:
        hook = a_webhook(database, receiver.url("/slow"))
        messages = happened(database, *(f"thing/{n}" for n in range(100)))
        process = started(database)
        wait_for(lambda: len(receiver.received) > 2, 30)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0
        delivered = [message for message, state in states(database, hook).items() if state == "delivered"]
        assert sorted(delivered) == sorted(receiver.ids())
        assert len(delivered) < len(messages)
