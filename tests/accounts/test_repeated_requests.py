"""Requests with an Idempotency-Key are done once; editors never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http.idempotency import _fingerprint
from tests.support.campaigns import rounds
from tests.support.keys import ADMIN_KEY, BASE, a_key, an_administrator, an_organisation, bearer
from tests.support.published import serving

TIMES, REPETITIONS = 32, rounds(10, 500)
EDITORS, EDITS = 8, rounds(50, 2000)
KEY = {"name": "import", "scopes": ["courses"]}


@contextmanager
def served(database: Database) -> Iterator[FlaskClient]:
    an_administrator(database)
    url = database.settings.database_url
    with serving(Settings(database_url=url, database_timeout_seconds=60, requests_per_minute_key=0)) as client:
        yield client


def parallel(client: FlaskClient, times: int, method: str, path: str, bodies: Any, **fields: str) -> list[Any]:
    """The answers to requests that are sent at once."""

    def send(number: int) -> Any:
        one = client.application.test_client()
        return one.open(f"{BASE}/{path}", method=method, json=bodies(number), headers=bearer(**fields))

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, range(times)))


@pytest.mark.slow
@pytest.mark.campaign
def test_the_same_request_at_once_makes_one_key_and_all_get_it(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", REPETITIONS)
    with served(database) as client:
        for number in range(REPETITIONS):
            answers = parallel(client, TIMES, "POST", "keys", lambda _: KEY, Idempotency_Key=f"once-{number}")
            assert {answer.status_code for answer in answers} == {201}
            assert len({answer.get_data() for answer in answers}) == 1
            assert len({answer.headers["Location"] for answer in answers}) == 1
        with database.reading(fresh=True) as session:
            assert session.scalar(sa.text("SELECT count(*) FROM api_key")) == 1 + REPETITIONS


@pytest.mark.slow
@pytest.mark.campaign
def test_of_editors_at_once_one_wins_and_the_others_are_told(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", EDITS)
    with served(database) as client:
        path = f"organisations/{an_organisation(database)}"
        for number in range(EDITS):
            bodies = [{"name": f"Name {number}.{editor}"} for editor in range(EDITORS)]
            answers = parallel(client, EDITORS, "PATCH", path, bodies.__getitem__, If_Match=f'"{number + 1}"')
            assert sorted(answer.status_code for answer in answers) == [200] + [412] * (EDITORS - 1)
            [winner] = [answer.get_json() for answer in answers if answer.status_code == 200]
            assert client.get(f"{BASE}/{path}", headers=bearer()).get_json() == winner


def test_a_key_of_another_request_is_refused_and_one_of_another_caller_is_not(database: Database) -> None:
    an_administrator(database)
    other, _ = a_key(database, "admin", "courses")
    fields = {"Idempotency_Key": "mine"}
    with serving(Settings(database_url=database.settings.database_url)) as client:

        def status(key: str, body: Any, path: str = "keys") -> int:
            return int(client.post(f"{BASE}/{path}", json=body, headers=bearer(key, **fields)).status_code)

        assert status(ADMIN_KEY, KEY) == 201
        assert status(ADMIN_KEY, dict(reversed(KEY.items()))) == 201
        assert status(ADMIN_KEY, {**KEY, "name": "y"}) == 422
        assert status(ADMIN_KEY, KEY, "people") == 422
        assert status(other, {**KEY, "name": "y"}) == 201


def test_parameters_and_bodies_that_are_no_json_tell_requests_apart_too() -> None:
    def sent(path: str, data: bytes, mimetype: str) -> str:
        with Flask(__name__).test_request_context(path, method="POST", data=data, content_type=mimetype):
            return _fingerprint(None)

    same = [sent("/x?a=1&b=2", b"code;label", "text/csv"), sent("/x?b=2&a=1", b"code;label", "text/csv")]
    others = [
        sent("/x?a=1&b=3", b"code;label", "text/csv"),
        sent("/x?a=1&b=2", b"code;Label", "text/csv"),
        sent("/x?a=1&b=2", b"code;label", "text/plain"),
    ]
    assert same[0] == same[1]
    assert len({same[0], *others}) == 4


def test_what_failed_is_not_remembered(database: Database) -> None:
    an_administrator(database)
    body = {"name": "Eva", "role": "editor", "organisation": "valencia"}
    with serving(Settings(database_url=database.settings.database_url)) as client:
        sent = [client.post(f"{BASE}/people", json=body, headers=bearer(Idempotency_Key="x")).status_code]
        an_organisation(database)
        sent += [client.post(f"{BASE}/people", json=body, headers=bearer(Idempotency_Key="x")).status_code]
    assert sent == [422, 201]


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
def test_a_word_that_cannot_be_kept_is_refused(sqlite_database: Database, key: str) -> None:
    an_administrator(sqlite_database)
    with serving(Settings(database_url=sqlite_database.settings.database_url)) as client:
        refused = client.post(f"{BASE}/keys", json=KEY, headers=bearer(Idempotency_Key=key))
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["header"] == "Idempotency-Key"
