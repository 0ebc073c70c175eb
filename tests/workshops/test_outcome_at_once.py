"""Several who do the same at once: one of them does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from competency_api.core.db import Database
from tests.support.keys import bearer
from tests.support.outcomes import closed_with
from tests.support.workshops import Room, a_room

AT_ONCE = 6


def statuses(room: Room, ask: Callable[[Any, int], Any]) -> Counter[int]:
    """What each of them is answered, every one with a connection of their own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        browsers = [room.client.application.test_client() for _ in range(AT_ONCE)]
        return Counter(answer.status_code for answer in pool.map(ask, browsers, range(AT_ONCE)))


def test_of_those_who_write_a_first_conclusion_one_does(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        path = f"{room.address}/tables/1/conclusions/food"

        def write(browser: Any, number: int) -> Any:
            fields = bearer(room.key, If_None_Match="*")
            return browser.put(path, json={"text": {"en": f"Mine {number}"}}, headers=fields)

        assert statuses(room, write) == {201: 1, 412: AT_ONCE - 1}
        assert (room.ask("GET", "/conclusions").json["items"][0]["number"]) == 1


def test_whoever_proposes_at_once_proposes_together_what_one_would(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        closed_with(database, room, *[(1, "data-spaces>C001>C002>C003")] * 5)

        def propose(browser: Any, _number: int) -> Any:
            body = {"topic": "contents", "top": 2, "bottom": 1}
            return browser.post(f"{room.address}/proposals", json=body, headers=bearer(room.key))

        assert statuses(room, propose) == {201: AT_ONCE}
        assert len(room.client.get("/api/v1/proposals", headers=bearer(room.key)).json["items"]) == 1
        for code in ("C001", "C003"):
            said = room.client.get(f"/api/v1/draft/concepts/{code}/comments", headers=bearer(room.key)).json["items"]
            assert len(said) == 1
