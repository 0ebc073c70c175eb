"""Workers that are killed lose nothing, and send at most rarely twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from tests.support.campaigns import rounds
from tests.support.processes import processes
from tests.support.receivers import LOOPBACK, Receiver, receiving
from tests.support.running import COMMAND
from tests.support.sources import ROOT
from tests.support.webhooks import SECRET, a_webhook, happened, states

KILLS = rounds(10, 500)
#: Seconds for what never takes as long.
PATIENCE = 300
EVENTS_A_KILL = 3
WEBHOOKS = 3


#: Longer than a trial: nothing is given up or taken over because a machine is slow.
ENVIRON = {"WEBHOOK_NETWORKS": LOOPBACK, "WEBHOOK_TIMEOUT_SECONDS": "120", "WEBHOOK_TAKEOVER_SECONDS": "3600"}


def started(database: Database) -> subprocess.Popen[bytes]:
    url = database.engine.url.render_as_string(hide_password=False)
    environ = {**ENVIRON, "DATABASE_URL": url, "LOG_LEVEL": "error", "PATH": ""}
    return subprocess.Popen([*COMMAND, "worker"], cwd=ROOT, env=environ, stderr=subprocess.PIPE)


def take_over(database: Database, claims: Sequence[str]) -> None:
    """As if the time of those who took these deliveries were over."""
    with database.transaction() as session:
        moved = "UPDATE webhook_delivery SET due_at = created_at WHERE state = 'pending' AND claim = :claim"
        for claim in claims:
            session.execute(sa.text(moved), {"claim": claim})


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
    database: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    delays = random.Random(5)
    with receiving() as receiver, processes(database, **ENVIRON) as own:
        hooks = [a_webhook(database, receiver.url(f"/slow?{n}")) for n in range(WEBHOOKS)]
        messages: list[str] = []
        notes = [tmp_path / f"{number}" for number in range(KILLS + 3)]
        workers = [own.work(file) for file in notes[:3]]
        for number in range(KILLS):
            messages += happened(database, *(f"thing/{n}" for n in range(EVENTS_A_KILL)))
            before = len(receiver.received)
            wait_for(lambda arrived=before: len(receiver.received) > arrived, PATIENCE, every=0.01)
            time.sleep(delays.uniform(0, 0.15))
            # one of three, one of which is sending just now
            own.kill(workers[number])
            if notes[number].exists():
                take_over(database, notes[number].read_text().split())
            workers.append(own.work(notes[number + 3]))
        wait_for(lambda: all_delivered(database, hooks, messages), PATIENCE)
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
        wait_for(lambda: len(receiver.received) > 2, PATIENCE)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        delivered = [message for message, state in states(database, hook).items() if state == "delivered"]
        assert sorted(delivered) == sorted(receiver.ids())
        assert len(delivered) < len(messages)
