"""Publications at once, repeated, broken off at every statement, and killed: one version or none, and whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from structlog.testing import capture_logs

from competency_api.core.db import Database
from competency_api.core.http import context_of
from competency_api.versions.queries import list_versions, load_draft
from competency_api.versions.verification import verify_versions
from tests.factories import a_concept
from tests.support.campaigns import rounds
from tests.support.keys import a_key, an_administrator, bearer
from tests.support.processes import Aim, asked, killed_while, processes
from tests.support.proposals import state_of
from tests.support.publications import SIGNING_KEY, VERSIONS, curated, ready, sent
from tests.support.publications import state_of as seen_in
from tests.support.publisher import state
from tests.support.states import drafted, published
from tests.versions.test_publishing import counts, failing_at, is_whole

Recorded = Callable[[str, object], None]
TIMES, REPETITIONS = 32, rounds(10, 500)
PUBLISHERS, RACES = 4, rounds(5, 300)
KILLS = rounds(10, 300)
BODY = {"number": "1.1.0", "title": "Second"}


def at_once(times: int, send: Callable[[int], Any]) -> list[Any]:
    start = threading.Barrier(times)

    def one(number: int) -> Any:
        start.wait()
        return send(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def redrafted(database: Database, number: int) -> None:
    """Change something in the draft, as the ``number``-th editor."""
    with database.transaction() as session:
        drafted(session, [a_concept("technology", "T009", scope_note={"en": f"Seen by the editor {number}."})])


def numbers(database: Database) -> list[str]:
    with database.reading(fresh=True) as session:
        return [str(version.number) for version in list_versions(session)]


@pytest.mark.slow
@pytest.mark.campaign
def test_the_same_publication_many_times_at_once_is_one_version_and_all_are_told(
    database: Database, record_property: Recorded
) -> None:
    record_property("rounds", REPETITIONS)
    with ready(database, database_timeout_seconds=60, requests_per_minute_key=0) as (client, key):
        make = client.application.test_client
        for number in range(REPETITIONS):
            redrafted(database, number)
            seen, once = seen_in(client, key), {"Idempotency_Key": f"once-{number}"}
            answers = at_once(TIMES, lambda _, seen=seen, once=once: sent(make(), key, {}, seen, **once))
            answers.append(sent(client, key, {}, seen, **once))
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.data for answer in answers}) == 1
            assert len(numbers(database)) == number + 2
        other = sent(client, key, {"title": "x"}, seen, **once)
    assert (other.status_code, other.get_json()["errors"][0]["header"]) == (422, "Idempotency-Key")
    assert is_whole(database)


@pytest.mark.campaign
def test_of_publications_at_once_one_wins_and_the_others_are_told(
    database: Database, record_property: Recorded
) -> None:
    record_property("rounds", RACES)
    with ready(database, database_timeout_seconds=60, requests_per_minute_key=0) as (client, key):
        make = client.application.test_client
        for number in range(RACES):
            redrafted(database, number)
            seen, first = seen_in(client, key), 10 * (number + 1)
            answers = at_once(
                PUBLISHERS,
                lambda n, seen=seen, first=first: sent(make(), key, {"number": f"{first + n}.0.0"}, seen),
            )
            assert sorted(answer.status_code for answer in answers) == [201] + [412] * (PUBLISHERS - 1)
            [winner] = [answer.get_json()["number"] for answer in answers if answer.status_code == 201]
            assert numbers(database)[-1] == winner
            assert len(numbers(database)) == number + 2
            assert all("Look at it again" in a.get_json()["detail"] for a in answers if a.status_code == 412)
    assert is_whole(database)


@pytest.mark.campaign
def test_a_failure_at_any_statement_leaves_nothing_behind(database: Database) -> None:
    with curated(database) as (client, key, proposal, _, (somebody, _)):
        before, number = stored(database, somebody, proposal), 0
        own, seen = context_of(client.application).database, seen_in(client, key)
        while True:
            # what is logged of each failure is a page with the whole draft in it
            with capture_logs(), failing_at(own, number) as statements:
                answer = sent(client, key, BODY, seen, Idempotency_Key="k")
            if answer.status_code == 201:
                break
            assert answer.status_code == 500
            assert stored(database, somebody, proposal) == before, statements[-1]
            number += 1
        events = client.get("/api/v1/events", headers=bearer()).get_json()["items"]
    assert number > 25
    for table in ("version_signature", "proposal", "audit_entry", "event", "remembered_answer"):
        assert any(f" {table} " in statement for statement in statements), table
    assert [event["type"] for event in events].count("version.published") == 2
    assert is_whole(database)


def stored(database: Database, actor: Any, proposal: str) -> Sequence[Any]:
    """Everything that a publication changes."""
    with database.reading(fresh=True) as session:
        draft = load_draft(session).digest
    return counts(database), draft, state_of(database, actor, proposal)


# -- processes that are killed -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.campaign
def test_a_service_killed_while_it_publishes_leaves_a_whole_version_or_none(
    database: Database, record_property: Recorded
) -> None:
    record_property("rounds", KILLS)
    key = an_administrator(database)
    aim, reported, cut_off = Aim(5), 0, 0
    with processes(database, SIGNING_KEY=SIGNING_KEY) as own:
        port = own.start()
        for number in range(1, KILLS + 1):
            with database.transaction() as session:
                drafted(session, [a_concept("discipline", "D001"), *state(number)])
            _, seen, _ = asked(port, key, f"{VERSIONS}?dry_run=true", {})

            def publish(at: int, seen: str = seen, number: int = number) -> tuple[int, str, Any]:
                fields = {"If_Match": seen, "Idempotency_Key": f"k{number}"}
                return asked(at, key, VERSIONS, {"number": f"{number}.0.0"}, **fields)

            was_told = killed_while(own, port, lambda at: publish(at)[0], aim) == 201
            with database.reading(fresh=True) as session:
                assert verify_versions(session).faults == ()
                load_draft(session)
            found = numbers(database)
            assert len(found) in ((number,) if was_told else (number - 1, number))
            aim.was(late=was_told)
            reported, cut_off = reported + was_told, cut_off + (len(found) < number)
            # asked again, the service that comes after it gives the one version, whether it was there or not
            port = own.start()
            status, _, told = publish(port)
            assert (status, told["number"], told["signature"] is None) == (201, f"{number}.0.0", False)
            assert numbers(database) == [f"{n}.0.0" for n in range(1, number + 1)]
    record_property("cut off", cut_off)
    assert reported > 0
    assert cut_off > 0


def test_every_process_gives_the_new_latest_within_a_second(database: Database) -> None:
    published(database)
    an_administrator(database)
    key, _ = a_key(database, "publish")
    latest = f"{VERSIONS}/latest"
    with processes(database) as own:
        one, other = own.start(), own.start()
        redrafted(database, 1)
        _, seen, _ = asked(one, key, f"{VERSIONS}?dry_run=true", {})
        assert {asked(port, key, latest)[2]["number"] for port in (one, other)} == {"1.0.0"}
        assert asked(one, key, VERSIONS, {"number": "1.1.0"}, If_Match=seen)[0] == 201
        since = time.monotonic()
        assert asked(one, key, latest)[2]["number"] == "1.1.0"
        stale = since
        while time.monotonic() < since + 2:
            moment = time.monotonic()
            if asked(other, key, latest)[2]["number"] != "1.1.0":
                stale = moment
            time.sleep(0.02)
    assert stale < since + 1
