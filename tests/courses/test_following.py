"""After a publication: every provider is told once how its mappings fall, and those who want it are migrated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.ledger.checking import check_sums
from competency_api.courses.migration.worker import Follower
from tests.support.courses import put_course, put_mappings, serving_providers, teaches
from tests.support.keys import bearer

COURSE = "/api/v1/providers/gov/courses/SC-1"


@pytest.fixture
def client(database: Database) -> Iterator[tuple[FlaskClient, str]]:
    with serving_providers(database) as (client, gov, _):
        put_course(client, gov, "SC-1")
        items = [teaches(code, version="1.0.0") for code in ("C001", "C002", "C003")]
        assert put_mappings(client, gov, COURSE, *items).status_code == 200
        yield client, gov


def told(client: FlaskClient, type_: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/me/events?type={type_}", headers=bearer())
    return [event["data"] for event in answer.get_json()["items"]]


def versions(client: FlaskClient, key: str) -> set[str]:
    items = client.get(f"{COURSE}/mappings", headers=bearer(key)).get_json()["items"]
    return {item["version"] for item in items}


def test_a_provider_is_told_once_how_its_mappings_fall(database: Database, client: tuple[FlaskClient, str]) -> None:
    follower = Follower(database, database.settings)
    assert [follower.run_once() for _ in range(3)] == [1, 0, 0]
    (event,) = told(client[0], "mapping.affected")
    assert event["outcomes"] == {"unchanged": 1, "renamed": 1, "replaced": 1}
    assert (event["version"], event["waiting"], event["automatic"]) == ("1.1.0", 0, False)
    assert versions(*client) == {"1.0.0"}


def test_who_switched_it_on_is_migrated_once(database: Database, client: tuple[FlaskClient, str]) -> None:
    web, key = client
    etag = web.get("/api/v1/providers/gov", headers=bearer(key)).headers["ETag"]
    wanted = {"automatic_migration": True}
    answer = web.patch("/api/v1/providers/gov", json=wanted, headers=bearer(key, If_Match=etag))
    assert answer.status_code == 200, answer.text
    follower = Follower(database, database.settings)
    assert [follower.run_once() for _ in range(2)] == [1, 0]
    assert versions(web, key) == {"1.1.0"}
    (event,) = told(web, "mapping.migrated")
    assert (event["automatic"], event["waiting"]) == (True, 0)
    (plan,) = web.get("/api/v1/providers/gov/migrations", headers=bearer(key)).get_json()["items"]
    assert (plan["automatic"], plan["state"]) == (True, "applied")
    with database.reading(fresh=True) as session:
        assert check_sums(session).is_good
