"""Requests with an Idempotency-Key are done once; editors never overwrite each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http.idempotency import _fingerprint
from tests.support.keys import ADMIN_KEY, BASE, a_key, an_administrator, an_organisation, bearer
from tests.support.published import serving

TIMES = 32
KEY = {"name": "import", "scopes": ["courses"]}


def parallel(database: Database, times: int, method: str, path: str, bodies: Any, **fields: str) -> list[Any]:
    """The answers to requests that are sent at once."""
    with serving(Settings(database_url=database.settings.database_url, database_timeout_seconds=60)) as client:

        def send(number: int) -> Any:
            one = client.application.test_client()
            return one.open(f"{BASE}/{path}", method=method, json=bodies(number), headers=bearer(**fields))

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(send, range(times)))


def test_the_same_request_at_once_makes_one_key_and_all_get_it(database: Database) -> None:
    an_administrator(database)
    answers = parallel(database, TIMES, "POST", "keys", lambda _: KEY, Idempotency_Key="once")
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_data() for answer in answers}) == 1
    assert len({answer.headers["Location"] for answer in answers}) == 1
    with serving(Settings(database_url=database.settings.database_url)) as client:
        assert len(client.get(f"{BASE}/keys", headers=bearer()).get_json()["items"]) == 2


def test_of_editors_at_once_one_wins_and_the_others_are_told(database: Database) -> None:
    an_administrator(database)
    an_organisation(database)
    path = "organisations/valencia"
    answers = parallel(database, 8, "PATCH", path, lambda n: {"name": f"Name {n}"}, If_Match='"1"')
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    [winner] = [answer.get_json() for answer in answers if answer.status_code == 200]
    with serving(Settings(database_url=database.settings.database_url)) as client:
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
            return _fingerprint()

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
