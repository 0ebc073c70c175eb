"""Concept pages say in which workshops the concept was ranked."""

from __future__ import annotations

from competency_api.core.db import Database
from tests.support.workshops import Room, a_room

SECTION = "Ranked in workshops"


def page_of(room: Room, language: str = "en", code: str = "C001") -> str:
    return room.client.get(f"/{language}/concepts/{code}").text


def ranked_and_closed(room: Room) -> None:
    room.add(
        "/topics",
        {"name": "skills", "question": {"en": "Which?"}, "options": [{"concept": "C001"}, {"concept": "C002"}]},
    )
    room.act("/opening")
    room.act("/topics/skills/opening")
    assert room.vote(room.join(), ["C002"], ["C001"], topic="skills").status_code == 200
    room.act("/closing")


def test_the_page_of_a_concept_names_the_workshop_and_its_place_once_it_is_reported(database: Database) -> None:
    with a_room(database, latest_refresh_seconds=0.0) as room:
        ranked_and_closed(room)
        assert SECTION not in page_of(room, code="C002")
        room.act("/reporting")
        page = page_of(room)
        assert SECTION in page
        assert '<a href="/en/workshops/room" lang="en">What we need</a> <span>place 2 of 2</span>' in page
        assert "Ordenado en talleres" in page_of(room, "es")
        assert SECTION not in room.client.get("/en/concepts/D001").text
