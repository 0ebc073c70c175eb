"""Limits as clients meet them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient

from competency_api.app import FEATURES, build
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http import context_of
from tests.support.keys import BASE, a_key, an_administrator, bearer
from tests.support.states import published


@contextmanager
def limited(database: Database, **settings: Any) -> Iterator[FlaskClient]:
    app = build(Settings(database_url=database.settings.database_url, **settings), FEATURES)
    yield app.test_client()
    context_of(app).close()


def test_an_address_that_asks_too_often_is_told_when_to_come_back(sqlite_database: Database) -> None:
    with limited(sqlite_database, requests_per_minute_address=3) as client:
        answers = [client.get(f"{BASE}/nothing") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
        assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0", "r=0"]
        last = answers[-1]
        assert last.headers["RateLimit-Policy"] == '"address";q=3;w=60'
        assert 1 <= int(last.headers["Retry-After"]) <= 20
        assert last.get_json()["code"] == "too-many-requests"
        other = client.get(f"{BASE}/nothing", environ_base={"REMOTE_ADDR": "198.51.100.7"})
        assert other.status_code == 404
        assert client.get("/healthz").status_code == 200


def test_each_key_has_a_limit_of_its_own_whatever_the_address(sqlite_database: Database) -> None:
    an_administrator(sqlite_database)
    other, _ = a_key(sqlite_database, "read")
    with limited(sqlite_database, requests_per_minute_key=2, requests_per_minute_address=1) as client:
        assert [client.get(f"{BASE}/me", headers=bearer()).status_code for _ in range(3)] == [200, 200, 429]
        answer = client.get(f"{BASE}/me", headers=bearer(other))
        assert answer.headers["RateLimit"].startswith('"key";r=1;')


def test_trying_keys_is_limited_and_does_not_lock_out_whoever_has_one(sqlite_database: Database) -> None:
    an_administrator(sqlite_database)
    with limited(sqlite_database, invalid_keys_per_minute=2) as client:
        assert client.get(f"{BASE}/me", headers=bearer()).status_code == 200
        wrong = [client.get(f"{BASE}/me", headers=bearer("sck_" + c * 43)).status_code for c in "BCDE"]
        assert wrong == [401, 401, 429, 429]
        assert client.get(f"{BASE}/me", headers=bearer()).status_code == 200


def test_answers_that_caches_hand_on_say_nothing_about_one_client(sqlite_database: Database) -> None:
    published(sqlite_database)
    with limited(sqlite_database, requests_per_minute_address=2) as client:
        answers = [client.get(f"{BASE}/versions/1.0.0/quality", headers=bearer("sck_x")) for _ in range(10)]
        assert {answer.status_code for answer in answers} == {200}
        assert all("RateLimit" not in answer.headers for answer in answers)
        assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)


def test_new_searches_are_limited_although_they_are_answered_ahead_of_the_framework(sqlite_database: Database) -> None:
    published(sqlite_database)
    with limited(sqlite_database, requests_per_minute_address=3) as client:
        asked = [client.get(f"{BASE}/versions/1.0.0/search?q=word{number}") for number in range(6)]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 429, 429, 429]
    assert "Retry-After" in asked[-1].headers
