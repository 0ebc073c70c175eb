"""Workshops, tables and topics over HTTP."""

from __future__ import annotations

import pytest

from competency_api.core.db import Database
from tests.support.keys import a_key, a_person, bearer
from tests.support.workshops import BASE, a_room, a_topic, a_workshop


def test_a_draft_is_seen_by_those_who_prepare_it_only(database: Database) -> None:
    with a_room(database) as room:
        assert [
            room.ask("GET", path, key).status_code for path in ("", "/topics", "/tables") for key in ("", room.other)
        ] == [404] * 6
        assert room.ask("GET").json["you"] == {"part": "organiser", "tables": []}
        room.act("/opening")
        assert room.ask("GET", key="").json["you"] == {"part": "guest", "tables": []}
        assert "join_code" not in room.ask("GET", "/tables/1", "").json
        assert room.ask("PATCH", "", room.other, etag='"1"', json={}).status_code == 403


def test_a_workshop_opens_closes_and_is_reported_once_each(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        first = room.ask("GET")
        assert first.json["next"] == ["opening"]
        assert room.ask("POST", "/closing", etag=first.headers["ETag"]).status_code == 409
        assert room.act("/opening")["state"] == "open"
        assert room.ask("POST", "/closing", etag=first.headers["ETag"]).status_code == 412
        assert room.act("/closing")["next"] == ["reporting"]
        assert room.ask("POST", "/opening", etag="*").status_code == 409
        assert room.act("/reporting")["state"] == "reported"
        assert room.ask("PATCH", "", etag="*", json={"title": {"en": "x"}}).status_code == 409
        listed = room.client.get(BASE).json["items"]
        assert [one["code"] for one in listed] == ["room"]
        own = [room.client.get(f"{BASE}?own=true", headers=bearer(key)).json["items"] for key in (room.key, room.other)]
        assert [len(items) for items in own] == [1, 0]
        events = room.client.get("/api/v1/events?type=workshop.reported").json["items"]
        assert [event["subject"] for event in events] == ["workshop/room"]


def test_a_workshop_without_a_table_or_a_topic_does_not_open(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        room.client.post(BASE, json=a_workshop(code="bare"), headers=bearer(room.key))
        room.code = "bare"
        answer = room.ask("POST", "/opening", etag="*")
        assert (answer.status_code, answer.json["detail"]) == (
            409,
            "The workshop lacks a table to join and a topic to rank; add it first.",
        )


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"ends_at": "2018-12-12T08:00:00Z"}, "/ends_at"),
        ({"time_zone": "Europe/Madird"}, "/time_zone"),
        ({"title": {}}, "/title"),
        ({"title": {"xx-klingon": "x"}}, "/title/xx-klingon"),
        ({"languages": ["en", "english"]}, "/languages/1"),
        ({"organisation": "porto"}, "/organisation"),
        ({"template": "world-coffee"}, "/template"),
    ],
)
def test_wrong_values_are_named(sqlite_database: Database, members: dict[str, object], pointer: str) -> None:
    with a_room(sqlite_database) as room:
        answer = room.client.post(BASE, json=a_workshop(code="new") | members, headers=bearer(room.key))
        assert (answer.status_code, [error["pointer"] for error in answer.json["errors"]]) == (422, [pointer])


def test_a_code_is_made_of_the_title_and_never_given_twice(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        body = a_workshop(title={"es": "¿Qué necesitamos en València?"})
        del body["code"]
        made = [room.client.post(BASE, json=body, headers=bearer(room.key)).json["code"] for _ in range(2)]
        assert made == ["que-necesitamos-en-valencia-2018", "que-necesitamos-en-valencia-2018-2"]
        assert room.client.post(BASE, json=a_workshop(), headers=bearer(room.key)).status_code == 409


def test_the_world_cafe_comes_with_its_five_topics(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        room.client.post(BASE, json=a_workshop(code="cafe", template="world-cafe"), headers=bearer(room.key))
        room.code = "cafe"
        topics = {topic["name"]: topic for topic in room.ask("GET", "/topics").json["items"]}
        assert list(topics) == ["contents", "methodology", "duration", "framework", "population"]
        assert {option["concept"][0] for option in topics["contents"]["options"]} == {"C"}
        languages = {"en", "es", "pt", "fr", "de", "nl"}
        texts = [option["texts"] for name, topic in topics.items() if name != "contents" for option in topic["options"]]
        assert all(set(each) == languages for each in [*texts, *(topic["question"] for topic in topics.values())])


def test_a_draft_can_be_deleted_and_what_was_open_cannot(database: Database) -> None:
    with a_room(database) as room:
        room.key_of(1)
        assert room.ask("DELETE", etag="*").status_code == 204
        assert room.ask("GET").status_code == 404
        room.client.post(BASE, json=a_workshop(), headers=bearer(room.key))
        room.add("/tables", {})
        room.add("/topics", a_topic())
        room.act("/opening")
        assert room.ask("DELETE", etag="*").status_code == 409


def test_rounds_are_written_and_removed(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        assert [room.ask("PUT", "/rounds/1", json={"minutes": 20}).status_code for _ in range(2)] == [201, 200]
        assert room.ask("PATCH", "/topics/food", etag="*", json={"round": 2}).json["errors"][0]["pointer"] == "/round"
        assert room.ask("PATCH", "/topics/food", etag="*", json={"round": 1}).json["round"] == 1
        assert room.ask("DELETE", "/rounds/1").status_code == 204
        assert room.ask("GET", "/topics/food").json["round"] is None
        assert room.ask("DELETE", "/rounds/1").status_code == 404


def test_a_table_has_a_challenge_of_the_version_and_nothing_else(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        wrong = room.ask("POST", "/tables", json={"challenge": "C001"})
        assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/challenge")
        assert room.ask("POST", "/tables", json={"number": 2}).status_code == 409
        assert room.ask("GET", "/tables/9").json["detail"] == "The workshop has no table 9. There are: 1, 2."
        assert room.ask("DELETE", "/tables/2", etag="*").status_code == 204


def test_the_key_of_a_table_is_good_for_it_alone_and_ends_with_the_next(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        key = room.key_of(1)
        assert room.ask("GET", key=key).json["you"] == {"part": "facilitator", "tables": [1]}
        assert "join_code" in room.ask("GET", "/tables/1", key).json
        assert "join_code" not in room.ask("GET", "/tables/2", key).json
        assert room.ask("PATCH", "/tables/1", key, etag='"1"', json={}).status_code == 403
        assert room.client.post(BASE, json=a_workshop(code="x"), headers=bearer(key)).status_code == 403
        assert room.client.get(BASE, headers=bearer(key)).json["items"] == []
        assert room.act("/topics/food/closing", key)["state"] == "closed"
        room.key_of(1)
        assert room.ask("GET", key=key).status_code == 401


def test_a_person_may_facilitate_instead_of_a_key(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        person = a_person(sqlite_database, "porto")
        key = room.key_of(2)
        assert room.ask("PATCH", "/tables/2", etag="*", json={"facilitated_by": person}).status_code == 200
        own, _ = a_key(sqlite_database, "workshops", person=person)
        assert room.ask("GET", key=own).json["you"] == {"part": "facilitator", "tables": [2]}
        assert room.ask("GET", key=key).status_code == 401
        assert room.ask("PATCH", "/tables/2", etag="*", json={"facilitated_by": "nobody"}).status_code == 422


def test_options_are_added_once_each_and_removed_before_the_topic_opens(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        added = room.add("/topics/food/options", {"items": [{"concept": "C001"}]})["items"][0]
        assert (added["name"], added["concept"]) == ("C001", "C001")
        for item, pointer in (
            ({"concept": "C001"}, "/items/0"),
            ({"concept": "C999"}, "/items/0/concept"),
            ({"name": "soup"}, "/items/0/texts"),
            ({}, "/items/0"),
        ):
            wrong = room.ask("POST", "/topics/food/options", json={"items": [item]})
            assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, pointer)
        assert room.ask("DELETE", "/topics/food/options/C001").status_code == 204
        assert 'Did you mean "cheese"?' in room.ask("DELETE", "/topics/food/options/chese").json["detail"]
        room.open()
        assert room.ask("DELETE", "/topics/food/options/bread").status_code == 409


def test_filters_choose_concepts_and_wrong_ones_are_named(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        chosen = room.add("/topics", a_topic(name="chosen", options=[], filters={"kind": ["competency"]}))
        assert [option["name"][0] for option in chosen["options"]] == ["C"] * len(chosen["options"])
        for filters, pointer in (({"knid": ["x"]}, "/filters/knid"), ({"kind": ["x"]}, "/filters/kind")):
            wrong = room.ask("POST", "/topics", json=a_topic(name="n", options=[], filters=filters))
            assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, pointer)
        assert room.ask("POST", "/topics", json=a_topic()).status_code == 409
        assert room.ask("DELETE", "/topics/chosen", etag="*").status_code == 204
