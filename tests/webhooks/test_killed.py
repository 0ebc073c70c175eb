"""Workers that are killed lose nothing, and send at most rarely twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from tests.support.receivers import LOOPBACK, Receiver, receiving
from tests.support.running import COMMAND
from tests.support.sources import ROOT
from tests.support.webhooks import SECRET, a_webhook, happened, states

KILLS = 20
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


def wait_for(condition: object, seconds: float) -> None:
    assert callable(condition)
    latest = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < latest, f"waited {seconds} seconds"
        time.sleep(0.2)


def all_delivered(database: Database, hooks: list[str], messages: list[str]) -> bool:
    return all(states(database, hook) == dict.fromkeys(messages, "delivered") for hook in hooks)


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_rarely_send_twice(database: Database) -> None:
    delays = random.Random(5)
    with receiving() as receiver:
        hooks = [a_webhook(database, receiver.url(f"/slow?{n}")) for n in range(WEBHOOKS)]
        messages: list[str] = []
        workers = [started(database) for _ in range(3)]
        try:
            for _ in range(KILLS):
                wait_until_ready(workers[0])
                messages += happened(database, *(f"thing/{n}" for n in range(EVENTS_A_KILL)))
                time.sleep(delays.uniform(0, 0.4))
                end(workers.pop(0))
                workers.append(started(database))
            wait_for(lambda: all_delivered(database, hooks, messages), 120)
        finally:
            for process in workers:
                end(process)
        _check(receiver, hooks, messages)
    with database.reading(fresh=True) as session:
        # kills have hit: there were deliveries that another worker took over
        assert session.scalar(sa.text("SELECT count(*) FROM webhook_delivery WHERE attempts > 1"))


def _check(receiver: Receiver, hooks: list[str], messages: list[str]) -> None:
    receiver.verified(SECRET)
    arrived = Counter((path, headers["webhook-id"]) for path, headers, _ in receiver.received)
    assert set(arrived) == {(f"/slow?{n}", message) for n in range(len(hooks)) for message in messages}
    # one more for each that was being sent when its worker was killed
    assert sum(arrived.values()) - len(arrived) <= KILLS * len(hooks)
    assert max(arrived.values()) <= 3


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
