"""Migrations over HTTP: planned, decided, applied once and whole, undone by migrating back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.ledger.checking import check_sums
from tests.factories import edited
from tests.support.courses import put_course, put_mappings, serving_providers, teaches, with_others
from tests.support.keys import bearer
from tests.support.states import published, second_state

ADDRESS = "/api/v1/providers/gov/migrations"
COURSE = "/api/v1/providers/gov/courses/SC-1"


class Provider:
    """The provider `gov` with one course that teaches C001, C002 and C003 as of 1.0.0."""

    def __init__(self, database: Database, client: FlaskClient, key: str) -> None:
        self.database, self.client, self.key = database, client, key

    def ask(self, method: str, address: str, status: int, **options: Any) -> Any:
        answer = self.client.open(address, method=method, headers=bearer(self.key), **options)
        assert answer.status_code == status, answer.text
        return answer

    def plan(self, to: str = "latest", **members: Any) -> Any:
        return self.ask("POST", ADDRESS, 201, json={"to": to, **members}).get_json()

    def apply(self, plan: Any, status: int = 201) -> Any:
        return self.ask("POST", f"{plan['links']['self']}/application", status).get_json()

    def steps(self, plan: Any, query: str = "") -> dict[str, Any]:
        items = self.ask("GET", f"{plan['links']['mappings']}?{query}", 200).get_json()["items"]
        return {item["concept"]: item for item in items}

    def mappings(self) -> set[tuple[Any, ...]]:
        items = self.ask("GET", f"{COURSE}/mappings", 200).get_json()["items"]
        return {(m["concept"], m["relation"], m["level"], m["hours"], m["evidence"], m["version"]) for m in items}

    def sums_are_right(self) -> bool:
        with self.database.reading(fresh=True) as session:
            return check_sums(session).is_good


@pytest.fixture
def provider(database: Database) -> Iterator[Provider]:
    with serving_providers(database, latest_refresh_seconds=0) as (client, gov, _):
        put_course(client, gov, "SC-1")
        said = {"level": 2, "hours": 1.5, "version": "1.0.0", "evidence": "Day one."}
        items = [teaches("C001", **said), teaches("C002", **{**said, "level": 3}), teaches("C003", **said)]
        assert put_mappings(client, gov, COURSE, *items).status_code == 200
        yield Provider(database, client, gov)


def test_a_plan_counts_outcomes_and_writes_no_mapping(provider: Provider) -> None:
    before = provider.mappings()
    plan = provider.plan(**{"from": "1.0.0"})
    assert {name: n for name, n in plan["outcomes"].items() if n} == {"renamed": 1, "replaced": 1, "unchanged": 1}
    assert (plan["mappings"], plan["state"], plan["stale"]) == (3, "open", False)
    assert provider.mappings() == before


def test_each_mapping_says_what_happens_with_the_text_before_and_after(provider: Provider) -> None:
    steps = provider.steps(provider.plan(), "lang=en")
    assert (steps["C002"]["outcome"], steps["C002"]["result"]) == ("replaced", "C001")
    assert steps["C002"]["candidates"][0]["match"] == "equivalent"
    before, after = (steps["C001"][side]["label"]["text"] for side in ("before", "after"))
    assert before != after
    assert steps["C003"]["reason"] == "Nothing changed."


def test_applied_it_moves_mappings_in_one_change_and_joins_those_that_meet(provider: Provider) -> None:
    done = provider.apply(provider.plan())
    assert done["result"]["moved"]["replaced"] == 1
    assert provider.mappings() == {
        ("C001", "teaches", 3, 3, "Day one.", "1.1.0"),
        ("C003", "teaches", 2, 1.5, "Day one.", "1.1.0"),
    }
    assert provider.sums_are_right()
    history = provider.ask("GET", f"{COURSE}/mappings/history", 200).get_json()["items"]
    assert {(h["concept"], h["ending"], h["became"]) for h in history} == {
        ("C001", "migrated", None),
        ("C002", "migrated", "C001"),
        ("C003", "migrated", None),
    }


def test_migrating_back_undoes_it(provider: Provider) -> None:
    before = provider.mappings()
    provider.apply(provider.plan())
    back = provider.plan("1.0.0")
    assert provider.steps(back)["C001"]["reason"] == "So it was before it was migrated."
    provider.apply(back)
    assert provider.mappings() == before
    assert provider.sums_are_right()


def test_it_is_told_of_once(provider: Provider) -> None:
    provider.apply(provider.plan())
    feed = provider.client.get("/api/v1/me/events?type=mapping.migrated", headers=bearer(provider.key))
    if feed.status_code == 403:  # the key has no scope to read the feed with
        feed = provider.client.get("/api/v1/me/events?type=mapping.migrated", headers=bearer())
    (event,) = feed.get_json()["items"]
    assert (event["data"]["from"], event["data"]["to"], event["data"]["moved"]["renamed"]) == (None, "1.1.0", 1)


def test_what_changed_since_is_not_migrated(provider: Provider) -> None:
    plan = provider.plan()
    put_course(provider.client, provider.key, "SC-2")
    assert "make a new one" in provider.apply(plan, 409)["detail"]
    assert provider.ask("GET", plan["links"]["self"], 200).get_json()["stale"]
    provider.ask("GET", plan["links"]["mappings"], 409)
    assert {version for *_, version in provider.mappings()} == {"1.0.0"}


def test_what_is_applied_is_not_applied_again(provider: Provider) -> None:
    plan = provider.plan()
    provider.apply(plan)
    provider.apply(plan, 409)
    assert set(provider.steps(plan)) == {"C001", "C002", "C003"}


def with_reviewed(provider: Provider) -> Any:
    """A plan to 2.0.0, where the meaning of C003 is another one."""
    third = edited(second_state(), "C003", definition={"en": "Another meaning altogether."}, meaning=2)
    published(provider.database, with_others(third), title="Third")
    return provider.plan("2.0.0")


def test_what_waits_stays_until_it_is_decided(provider: Provider) -> None:
    plan = with_reviewed(provider)
    assert provider.apply(plan)["result"]["waiting"] == 1
    assert ("C003", "teaches", 2, 1.5, "Day one.", "1.0.0") in provider.mappings()


@pytest.mark.parametrize(
    ("verdict", "codes", "left"), [("keep", [], "C003"), ("drop", [], None), ("replace", ["T002"], "T002")]
)
def test_a_decision_is_carried_out(provider: Provider, verdict: str, codes: list[str], left: str | None) -> None:
    plan = with_reviewed(provider)
    body = {"items": [{"concept": "C003", "course": "SC-1", "verdict": verdict, "codes": codes}]}
    provider.ask("POST", f"{plan['links']['self']}/decisions", 201, json=body)
    assert provider.steps(plan, "undecided=true") == {}
    provider.apply(plan)
    assert {concept for concept, *_ in provider.mappings()} == {"C001"} | ({left} if left else set())
    assert {version for *_, version in provider.mappings()} == {"2.0.0"}
    assert provider.sums_are_right()


def test_decisions_can_be_made_in_the_file(provider: Provider) -> None:
    plan = with_reviewed(provider)
    table = provider.ask("GET", f"{plan['links']['mappings']}.csv?outcome=review", 200).data.decode("utf-8-sig")
    (row,) = csv.DictReader(table.splitlines())
    assert (row["course"], row["concept"], row["definition_after"]) == ("SC-1", "C003", "Another meaning altogether.")
    filled = table.rstrip("\r\n") + "keep\r\n"
    provider.ask("POST", f"{plan['links']['self']}/decision-file", 201, data=filled, content_type="text/csv")
    assert provider.steps(plan)["C003"]["decision"] == {"verdict": "keep", "codes": []}


@pytest.mark.parametrize(
    ("item", "pointer", "said"),
    [
        ({"concept": "C003", "verdict": "replace", "codes": ["C404"]}, "/items/0/verdict", 'no concept "C404"'),
        ({"concept": "C003", "verdict": "replace", "codes": ["C002"]}, "/items/0/verdict", "use C001"),
        ({"concept": "C001", "verdict": "drop"}, "/items/0/verdict", "move by themselves"),
        ({"concept": "C003", "verdict": "keep", "course": "SC-9"}, "/items/0/course", 'no course "SC-9"'),
        ({"concept": "T001", "verdict": "keep"}, "/items/0/concept", 'no mapping to "T001"'),
    ],
)
def test_a_decision_that_cannot_be_is_refused(provider: Provider, item: Any, pointer: str, said: str) -> None:
    plan = with_reviewed(provider)
    answer = provider.ask("POST", f"{plan['links']['self']}/decisions", 422, json={"items": [item]}).get_json()
    assert answer["errors"][0]["pointer"] == pointer
    assert said in answer["errors"][0]["detail"]


def test_the_same_version_twice_and_an_unknown_one_are_refused(provider: Provider) -> None:
    twice = provider.ask("POST", ADDRESS, 409, json={"from": "1.1.0", "to": "1.1.0"})
    assert "nothing to migrate" in twice.text
    provider.ask("POST", ADDRESS, 404, json={"to": "7.0.0"})
    provider.ask("GET", f"{ADDRESS}/999", 404)


def test_the_migrations_of_another_provider_are_not_seen(provider: Provider) -> None:
    plan = provider.plan()
    assert provider.client.get(plan["links"]["self"], headers=bearer(provider.key)).status_code == 200
    assert [item["id"] for item in provider.ask("GET", ADDRESS, 200).get_json()["items"]] == [plan["id"]]
    provider.ask("GET", ADDRESS.replace("gov", "porto"), 404)
