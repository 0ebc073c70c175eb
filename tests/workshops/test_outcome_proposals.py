"""From a result to the taxonomy over HTTP: what is made, once, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from competency_api.core.db import Database
from tests.support.keys import a_key, bearer
from tests.support.outcomes import CONTENTS, closed_with
from tests.support.workshops import Room, a_room

BALLOTS = [(1, "C001>data-spaces>C002>C003")] * 4 + [(2, "data-spaces>C001>C002>C003")] * 3


@pytest.fixture
def room(database: Database) -> Iterator[Room]:
    with a_room(database, is_open=True) as found:
        closed_with(database, found, *BALLOTS)
        yield found


def proposed(room: Room, query: str = "", **body: Any) -> Any:
    return room.ask("POST", f"/proposals{query}", json={"topic": "contents", **body})


def test_one_step_makes_proposals_and_comments_with_the_figures(room: Room) -> None:
    made = proposed(room, top=2, bottom=1)
    assert made.status_code == 201, made.text
    comment, add, low = made.json["items"]
    assert [(item["kind"], item["option"]) for item in (comment, add, low)] == [
        ("comment", "C001"), ("add", "data-spaces"), ("comment", "C003"),
    ]  # fmt: skip
    proposal = room.client.get(add["link"], headers=bearer(room.key)).json
    assert (proposal["state"], proposal["organisation"], proposal["changes"]) == ("draft", "valencia", 1)
    assert "7 ballots, 4 options" in proposal["rationale"]
    [change] = room.client.get(f"{add['link']}/changes", headers=bearer(room.key)).json["items"]
    assert change["change"]["concept"]["labels"]["es"] == {"preferred": "Espacios de datos"}
    assert change["change"]["concept"]["sources"][0]["url"].endswith("/en/workshops/room")
    [said] = room.client.get(comment["link"], headers=bearer(room.other)).json["items"]
    assert (said["id"], said["organisation"]) == (comment["id"], "valencia")
    assert "in place 1 of 4" in said["text"]


def test_repeated_it_makes_nothing_twice(room: Room) -> None:
    first = proposed(room, top=2, bottom=0).json["items"]
    again = proposed(room, top=2, bottom=1).json["items"]
    assert [item["is_new"] for item in again] == [False, False, True]
    assert [item["id"] for item in again[:2]] == [item["id"] for item in first]
    assert room.client.get("/api/v1/proposals", headers=bearer(room.key)).json["items"].__len__() == 1


def test_a_dry_run_shows_it_and_writes_nothing(room: Room) -> None:
    profile = {"labels": {"en": "Lighthouse manager"}}
    shown = proposed(room, "?dry_run=true", options=["data-spaces"], profile=profile)
    assert (shown.status_code, shown.json["dry_run"]) == (200, True)
    assert [(item["kind"], item["id"], item["is_new"]) for item in shown.json["items"]] == [
        ("add", None, True), ("profile", None, True),
    ]  # fmt: skip
    assert room.client.get("/api/v1/proposals", headers=bearer(room.key)).json["items"] == []


def test_a_proposed_profile_can_be_accepted(room: Room, database: Database) -> None:
    [made] = proposed(room, options=[], profile={"labels": {"en": "Lighthouse manager"}, "most": 2}).json["items"]
    reviewer = bearer(a_key(database, "propose", "review", organisation="porto")[0])
    for verb, key in (("submission", bearer(room.key)), ("acceptance", reviewer)):
        tag = room.client.get(made["link"], headers=key).headers["ETag"]
        answer = room.client.post(f"{made['link']}/{verb}", json={}, headers=key | {"If-Match": tag})
        assert answer.status_code == 200, answer.text
    found = room.client.get("/api/v1/draft/concepts/R002", headers=reviewer).json
    expected = [(link["code"], link["level"]) for link in found["relations"]["expects"]]
    assert expected == [("C001", 3), ("C002", 2)]


def test_what_cannot_be_proposed_is_said(room: Room, database: Database) -> None:
    wrong = proposed(room, options=["data-spces"])
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/options/0")
    assert "data-spaces" in wrong.json["errors"][0]["detail"]
    unknown = proposed(room, profile={"labels": {"xx-yy-zz": "x"}})
    assert unknown.json["errors"][0]["pointer"] == "/profile/labels/xx-yy-zz"
    assert room.ask("POST", "/proposals", json={"topic": "food"}).json["code"] == "conflict"  # nobody ranked it
    key, _ = a_key(database, "workshops", organisation="valencia")
    refused = room.ask("POST", "/proposals", key, json={"topic": "contents"})
    assert (refused.status_code, refused.json["scope"]) == (403, "propose")
    assert room.ask("POST", "/proposals", room.other, json={"topic": "contents"}).status_code == 403


def test_a_need_that_was_typed_in_another_language_is_proposed_in_it(sqlite_database: Database) -> None:
    typed = [{"name": "need", "texts": {"eu": "<b>Datu-espazioak</b> & =1+1"}}, {"concept": "C001"}]
    with a_room(sqlite_database, is_open=True) as room:
        closed_with(sqlite_database, room, (1, "need>C001"), options=typed, question={"es": "¿Qué hace falta?"})
        [made] = proposed(room, top=1, bottom=0).json["items"]
        assert made["title"].startswith("New: <b>Datu-espazioak</b> & =1+1 (from")
        assert "“¿Qué hace falta?” (1 ballot, 2 options)" in made["text"]
        [change] = room.client.get(f"{made['link']}/changes", headers=bearer(room.key)).json["items"]
        assert change["change"]["concept"]["labels"] == {"eu": {"preferred": "<b>Datu-espazioak</b> & =1+1"}}


def test_an_open_workshop_proposes_nothing_yet(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        room.add("/topics", CONTENTS)
        assert proposed(room).status_code == 409


def test_a_concept_says_in_which_reported_workshops_it_was_ranked(room: Room) -> None:
    path = "/api/v1/concepts/C001/workshops"
    assert room.client.get(path).json["items"] == []
    room.act("/reporting")
    [found] = room.client.get(path).json["items"]
    assert (found["workshop"], found["topic"], found["place"], found["of"], found["ballots"]) == (
        "room", "contents", 1, 4, 7,
    )  # fmt: skip
    assert found["share"] == 0.857
    assert room.client.get("/api/v1/concepts/C999/workshops").status_code == 404
    assert room.client.get("/api/v1/concepts/%00/workshops").status_code == 404
