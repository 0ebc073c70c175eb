"""Needs that participants type, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from competency_api.core.db import Database
from tests.support.workshops import TOKEN, Room, a_room, a_topic

NEEDS = "/topics/food/needs"


def typed(room: Room, token: str, text: str = "Soup", **members: Any) -> Any:
    browser = room.client.application.test_client()
    return browser.post(room.address + NEEDS, json={"text": text, **members}, headers={TOKEN: token})


def names(room: Room, token: str) -> list[str]:
    return [option["name"] for option in room.taken("/topics/food/options", token).json["items"]]


@pytest.fixture
def room(sqlite_database: Database) -> Any:
    with a_room(sqlite_database) as found:
        assert found.ask("PATCH", "/topics/food", etag="*", json={"takes_needs": True}).status_code == 200
        found.open()
        yield found


def test_a_need_is_seen_by_who_typed_it_its_facilitator_and_the_organiser_first(room: Room) -> None:
    mine, neighbour, elsewhere = room.join(1), room.join(1), room.join(2)
    need = typed(room, mine, "  <b>Soup</b> & bread ")
    assert (need.status_code, need.json["text"], need.json["state"]) == (201, "<b>Soup</b> & bread", "waiting")
    assert typed(room, mine, "<b>soup</b> & Bread").json["id"] == need.json["id"]
    seen = [len(room.taken(NEEDS, token).json["items"]) for token in (mine, neighbour, elsewhere)]
    seen += [len(room.ask("GET", NEEDS, key).json["items"]) for key in (room.key_of(1), room.key_of(2), room.key)]
    assert seen == [1, 0, 0, 1, 0, 1]
    assert room.ask("GET", NEEDS, "").status_code == room.ask("GET", NEEDS, room.other).status_code == 403


def test_a_released_need_is_ranked_at_its_table_and_by_all_when_an_organiser_says_so(room: Room) -> None:
    mine, elsewhere, key = room.join(1), room.join(2), room.key_of(1)
    need = typed(room, mine, "Soupe à l'oignon", language="fr").json["id"]
    assert room.ask("POST", f"{NEEDS}/{need}/release", key, json={"everyone": True}).status_code == 403
    released = room.ask("POST", f"{NEEDS}/{need}/release", key, json={})
    assert (released.status_code, released.json["option"]) == (200, "need-soupe-a-l-oignon")
    assert (released.json["option"] in names(room, mine), released.json["option"] in names(room, elsewhere)) == (
        True,
        False,
    )
    assert room.vote(mine, [released.json["option"]]).status_code == 200
    assert room.vote(elsewhere, [released.json["option"]]).status_code == 422
    result = room.ask("GET", "/topics/food/results").json
    assert (released.json["option"] in result["tables"]["1"]["options"], result["overall"]["ballots"]) == (True, 0)
    assert room.ask("POST", f"{NEEDS}/{need}/release", json={}).status_code == 409
    assert room.ask("POST", f"{NEEDS}/{need}/release", json={"everyone": True}).status_code == 200
    assert released.json["option"] in names(room, elsewhere)


def test_a_need_is_merged_with_an_option_or_a_concept_that_search_suggests(room: Room) -> None:
    token = room.join(1)
    label = room.client.get("/api/v1/versions/1.0.0/concepts/C001").json["labels"]["en"]["preferred"]
    first, second = typed(room, token, label).json["id"], typed(room, token, "Cheddar").json["id"]
    shown = {item["id"]: item["suggestions"] for item in room.ask("GET", NEEDS).json["items"]}
    assert (shown[first][0]["code"], shown[first][0]["label"]) == ("C001", label)
    assert room.ask("POST", f"{NEEDS}/{first}/merging", json={"concept": "C001"}).json["option"] == "C001"
    assert "C001" in names(room, token)
    wrong = room.ask("POST", f"{NEEDS}/{second}/merging", json={"option": "chese"})
    assert (wrong.status_code, 'Did you mean "cheese"?' in wrong.text.replace("\\", "")) == (422, True)
    assert room.ask("POST", f"{NEEDS}/{second}/merging", json={"option": "cheese"}).json["state"] == "merged"
    assert room.ask("POST", f"{NEEDS}/{second}/merging", json={"option": "wine"}).status_code == 409
    assert room.ask("POST", f"{NEEDS}/{second}/merging", json={}).status_code == 422


def test_a_need_may_be_declined_and_still_be_released_after_all(room: Room) -> None:
    need = typed(room, room.join(1)).json["id"]
    assert room.ask("POST", f"{NEEDS}/{need}/declining").json["state"] == "declined"
    assert room.ask("POST", f"{NEEDS}/{need}/declining").status_code == 409
    assert room.ask("POST", f"{NEEDS}/{need}/release", json={}).json["state"] == "released"


def test_a_facilitator_of_another_table_is_told_which_one_is_theirs(room: Room) -> None:
    need = typed(room, room.join(1)).json["id"]
    refused = room.ask("POST", f"{NEEDS}/{need}/release", room.key_of(2), json={})
    said = "This is table 1; this key facilitates table 2."
    assert (refused.status_code, refused.json["detail"], refused.json["tables"]) == (403, said, [2])
    assert room.ask("POST", f"{NEEDS}/none/release", json={}).status_code == 404


def test_needs_have_bounds(room: Room) -> None:
    token = room.join(1)
    assert [typed(room, token, text).status_code for text in ("x" * 301, "a\x00b", "", "a\u202eb")] == [422] * 4
    assert [typed(room, token, str(number)).status_code for number in range(21)] == [201] * 20 + [409]
    room.add("/topics", a_topic(name="given"))
    room.act("/topics/given/opening")
    browser = room.client.application.test_client()
    given = browser.post(f"{room.address}/topics/given/needs", json={"text": "x"}, headers={TOKEN: token})
    assert given.status_code == 409
    room.act("/topics/food/closing")
    assert typed(room, token, "late").status_code == 409


def test_needs_are_kept_on_both_databases_without_who_typed_them(database: Database) -> None:
    with a_room(database) as room:
        room.ask("PATCH", "/topics/food", etag="*", json={"takes_needs": True})
        room.open()
        need = typed(room, room.join(2)).json["id"]
        room.ask("POST", f"{NEEDS}/{need}/release", json={"everyone": True})
        room.act("/closing")
        kept = room.ask("GET", NEEDS).json["items"]
        assert [(item["id"], item["table"], item["state"]) for item in kept] == [(need, 2, "released")]
