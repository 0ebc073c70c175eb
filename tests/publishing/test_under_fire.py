"""Publications at once, repeated, broken off at every statement, and killed: one version or none, and whole."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http import context_of
from competency_api.core.migrations import upgrade
from competency_api.versions.queries import list_versions, load_draft
from competency_api.versions.verification import verify_versions
from tests.factories import a_concept
from tests.support.keys import a_key, an_administrator
from tests.support.publications import SIGNING_KEY, VERSIONS, ready, sent, state_of
from tests.support.publisher import state
from tests.support.running import environment, free_port, service
from tests.support.states import drafted
from tests.versions.test_publishing import counts, failing_at, is_whole

TIMES = 32
BODY = {"number": "1.1.0", "title": "Second"}
#: Kills over HTTP; the versions' own tests kill the same service many times more.
KILLS = 6


def at_once(times: int, send: Any) -> list[Any]:
    start = threading.Barrier(times)

    def one(number: int) -> Any:
        start.wait()
        return send(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_the_same_request_many_times_at_once_is_one_version_and_all_are_told(database: Database) -> None:
    with ready(database, signing_key=SIGNING_KEY, database_timeout_seconds=60) as (client, key):
        seen = state_of(client, key)
        make = client.application.test_client
        answers = at_once(TIMES, lambda _: sent(make(), key, BODY, seen, Idempotency_Key="once"))
        later = sent(client, key, BODY, seen, Idempotency_Key="once")
        other = sent(client, key, {**BODY, "title": "x"}, seen, Idempotency_Key="once")
        audit = [row for row in counts(database).items() if row[0] in ("version", "version_signature")]
    assert {answer.status_code for answer in (*answers, later)} == {201}
    assert len({answer.data for answer in (*answers, later)}) == 1
    assert (other.status_code, other.get_json()["errors"][0]["header"]) == (422, "Idempotency-Key")
    assert dict(audit) == {"version": 2, "version_signature": 1}
    assert is_whole(database)


def test_of_publications_at_once_one_wins_and_the_others_are_told(database: Database) -> None:
    with ready(database, database_timeout_seconds=60) as (client, key):
        seen = state_of(client, key)
        make = client.application.test_client
        answers = at_once(4, lambda number: sent(make(), key, {"number": f"{number + 2}.0.0"}, seen))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412]
    assert counts(database)["version"] == 2
    assert is_whole(database)


def test_a_failure_at_any_statement_leaves_nothing_behind(database: Database) -> None:
    with ready(database, signing_key=SIGNING_KEY) as (client, key):
        own = context_of(client.application).database
        seen, before, number = state_of(client, key), counts(database), 0
        while True:
            with failing_at(own, number) as statements:
                answer = sent(client, key, BODY, seen, Idempotency_Key="k")
            if answer.status_code == 201:
                break
            assert answer.status_code == 500
            assert counts(database) == before, statements[-1]
            number += 1
    assert number > 15
    assert any("version_signature" in statement for statement in statements)
    assert is_whole(database)


def posted(port: int, key: str, body: bytes, **fields: str) -> tuple[int, str]:
    """Status and entity tag of an answer over a connection of its own."""
    query = "?dry_run=true" if "If-Match" not in fields else ""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **fields}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{VERSIONS}{query}", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        return error.code, ""


@pytest.mark.slow
def test_a_service_killed_while_it_publishes_leaves_a_whole_version_or_none(tmp_path: Path) -> None:
    environ = environment(tmp_path, free_port(), LOG_LEVEL="error", SIGNING_KEY=SIGNING_KEY)
    (tmp_path / "data").mkdir()
    database = Database(Settings.from_env({"DATABASE_URL": environ["DATABASE_URL"]}))
    upgrade(database)
    an_administrator(database)
    key, _ = a_key(database, "publish")
    delays, published = random.Random(5), 0
    for number in range(1, KILLS + 1):
        with database.transaction() as session:
            drafted(session, [a_concept("discipline", "D001"), *state(number)])
        body = b'{"number": "%d.0.0"}' % number
        reported = killed_while_publishing(environ, key, body, delays.uniform(0, 0.15))
        with database.reading(fresh=True) as session:
            assert verify_versions(session).faults == ()
            load_draft(session)
            numbers = [str(version.number) for version in list_versions(session)]
        assert len(numbers) in (published, published + 1)
        assert not reported or numbers[-1] == f"{number}.0.0"
        published = len(numbers)
    database.close()


def killed_while_publishing(environ: dict[str, str], key: str, body: bytes, seconds: float) -> bool:
    """Whether the service said that it published before it was killed."""
    port = int(environ["PORT"])
    with service(environ) as process:
        _, seen = posted(port, key, body)
        status: list[int] = []

        def publish() -> None:
            try:
                status.append(posted(port, key, body, **{"If-Match": seen, "Idempotency-Key": "k" + seen[1:9]})[0])
            except OSError:
                status.append(0)

        thread = threading.Thread(target=publish)
        thread.start()
        time.sleep(seconds)
        kill_group(process.pid)
        thread.join()
    return status == [201]


def kill_group(pid: int) -> None:
    """The service and its workers: it was started as the leader of a group of its own."""
    os.killpg(pid, signal.SIGKILL)
