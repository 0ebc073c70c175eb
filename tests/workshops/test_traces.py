"""What the audit trail says of a workshop: everything that was done by a key, and nothing about participants."""

from __future__ import annotations

import json
from typing import Any

from competency_api.core.db import Database
from tests.support.keys import bearer
from tests.support.workshops import BASE, TOKEN, Room, a_room, a_topic, a_workshop

NEEDS = "/topics/food/needs"


def traced(room: Room) -> list[dict[str, Any]]:
    """The entries, the oldest first."""
    answer = room.client.get(f"/api/v1/audit?subject=workshop/{room.code}&limit=100", headers=bearer())
    return list(reversed(answer.json["items"]))


def actions(room: Room) -> list[tuple[str, dict[str, Any]]]:
    return [(entry["action"], entry["details"]) for entry in traced(room)]


def typed(room: Room, token: str, text: str) -> str:
    """The id of a need."""
    browser = room.client.application.test_client()
    answer = browser.post(room.address + NEEDS, json={"text": text}, headers={TOKEN: token})
    return str(answer.json["id"])


def decided(room: Room, need: str, how: str, key: str | None = None, **body: Any) -> None:
    answer = room.ask("POST", f"{NEEDS}/{need}/{how}", key, **({"json": body} if how != "declining" else {}))
    assert answer.status_code == 200, answer.text


def test_a_workshop_that_was_set_up_in_one_step_has_the_traces_of_its_parts(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        parts = {"rounds": [{}, {}], "topics": [a_topic(), a_topic(name="drink")]}
        for query in ("?dry_run=true", ""):
            made = room.client.post(f"{BASE}{query}", json=a_workshop(code="whole", **parts), headers=bearer(room.key))
        assert made.status_code == 201, made.text
        room.code = "whole"
        assert actions(room) == [
            ("workshop.created", {}),
            ("workshop-round.created", {"round": 1}),
            ("workshop-round.created", {"round": 2}),
            ("workshop-topic.created", {"topic": "food"}),
            ("workshop-topic.created", {"topic": "drink"}),
        ]


def test_what_is_prepared_leaves_its_traces(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        before = len(traced(room))
        for minutes in (20, 25):
            room.ask("PUT", "/rounds/1", json={"minutes": minutes})
        room.ask("PATCH", "/topics/food", etag="*", json={"round": 1, "takes_needs": True})
        room.add("/topics/food/options", {"items": [{"concept": "C001"}, {"name": "soup", "texts": {"en": "Soup"}}]})
        room.ask("DELETE", "/topics/food/options/soup")
        room.add("/topics", a_topic(name="drink"))
        room.ask("DELETE", "/topics/drink", etag="*")
        room.ask("DELETE", "/rounds/1")
        room.ask("DELETE", "/rounds/1")  # refused: nothing was done
        assert actions(room)[before:] == [
            ("workshop-round.created", {"round": 1}),
            ("workshop-round.changed", {"round": 1}),
            ("workshop-topic.changed", {"topic": "food", "members": ["round", "takes_needs"]}),
            ("workshop-options.added", {"topic": "food", "options": ["C001", "soup"]}),
            ("workshop-option.deleted", {"topic": "food", "option": "soup"}),
            ("workshop-topic.created", {"topic": "drink"}),
            ("workshop-topic.deleted", {"topic": "drink"}),
            ("workshop-round.deleted", {"round": 1}),
        ]


def test_opening_and_closing_leave_their_traces_with_the_key_that_did_it(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        key, before = room.key_of(1), len(traced(room))
        room.act("/opening")
        room.act("/topics/food/opening", key, minutes=5)
        room.act("/topics/food/closing", key)
        room.act("/closing")
        room.act("/reporting")
        assert actions(room)[before:] == [
            ("workshop.opened", {}),
            ("workshop-topic.opened", {"topic": "food", "minutes": 5}),
            ("workshop-topic.closed", {"topic": "food"}),
            ("workshop.closed", {}),
            ("workshop.reported", {}),
        ]
        organiser, facilitator, same, *_ = [entry["key"] for entry in traced(room)[before:]]
        assert facilitator == same != organiser


def test_a_decision_about_a_need_leaves_its_trace_and_not_what_was_typed_by_whom(database: Database) -> None:
    with a_room(database) as room:
        room.ask("PATCH", "/topics/food", etag="*", json={"takes_needs": True})
        room.open()
        key, token, before = room.key_of(1), room.join(1, role="city"), len(traced(room))
        merged, released, declined = (typed(room, token, text) for text in ("Brie", "Secret soup", "Spam"))
        decided(room, merged, "merging", key, option="cheese")
        decided(room, released, "release", key)
        decided(room, released, "release", everyone=True)
        decided(room, declined, "declining", key)
        room.vote(token, ["wine"])
        known = {"topic": "food", "table": 1}
        option = {"option": "need-secret-soup"}
        assert actions(room)[before:] == [
            ("need.merged", {**known, "need": merged, "option": "cheese"}),
            ("need.released", {**known, "need": released, **option, "everyone": False}),
            ("need.released", {**known, "need": released, **option, "everyone": True}),
            ("need.declined", {**known, "need": declined}),
        ]
        said = json.dumps(traced(room)[before:])
        assert [word for word in (token, "Brie", "Spam", "city") if word in said] == []


def test_a_request_that_is_sent_again_leaves_one_trace(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        fields, before = {"Idempotency-Key": "once"}, len(traced(room))
        for _ in range(2):
            room.ask("POST", "/topics", json=a_topic(name="drink"), headers=fields)
        assert actions(room)[before:] == [("workshop-topic.created", {"topic": "drink"})]
