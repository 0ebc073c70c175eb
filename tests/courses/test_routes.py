"""Courses and mappings of providers over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.support.courses import ESCO, a_course, put_course, put_mappings, serving_providers, teaches, whole_course
from tests.support.keys import bearer
from tests.support.published import FORMER

P = "/api/v1/providers/gov"
Served = tuple[FlaskClient, str, str]


@pytest.fixture
def served(database: Database) -> Iterator[Served]:
    """A client, and the keys of two providers, `gov` and `porto`."""
    with serving_providers(database) as found:
        yield found


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error.get("pointer", error.get("parameter")) for error in answer.json["errors"]]


def test_a_course_is_written_whole_and_read_again(served: Served) -> None:
    client, key, _ = served
    address = f"{P}/courses/SC-1"
    made = client.put(address, json=whole_course(), headers=bearer(key))
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"'), made.text
    read = client.get(address, headers=bearer(key))
    assert read.json == made.json
    assert {name: read.json[name] for name in whole_course()} == whole_course()
    assert read.json["provider"] == {"code": "gov", "name": "Gov"}


def test_a_change_must_name_the_state_it_was_made_from(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    blind = client.put(address, json=a_course("Other"), headers=bearer(key))
    stale = client.put(address, json=a_course("Other"), headers=bearer(key, If_Match='"7"'))
    only_new = client.put(address, json=a_course("Other"), headers=bearer(key, If_None_Match="*"))
    right = client.put(address, json=a_course("Other"), headers=bearer(key, If_Match='"1"'))
    assert [answer.status_code for answer in (blind, stale, only_new, right)] == [428, 412, 412, 200]
    assert right.headers["ETag"] == '"2"'
    same = client.put(address, json=a_course("Other"), headers=bearer(key, If_Match='"2"'))
    assert same.headers["ETag"] == '"2"'
    never = client.put(f"{P}/courses/none", json=a_course(), headers=bearer(key, If_Match='"1"'))
    assert never.status_code == 412
    new = client.put(f"{P}/courses/new", json=a_course(), headers=bearer(key, If_None_Match="*"))
    assert new.status_code == 201


OWN_IDS = ("a/b", "ñ 1,2;3", "100%", "x?y#z", "mappings", "history/2026", "+&=", "..a", "imports")
LOST_IDS = ("a//b", "a/", "../x", "a/./b", "x" * 201, "a\u200bb")


def test_an_own_id_may_be_anything_that_is_printable(served: Served) -> None:
    client, key, _ = served
    for external_id, written in {(own, quote(own, safe=safe)) for own in OWN_IDS for safe in ("", "/")}:
        address = f"{P}/courses/{written}"
        client.put(address, json=a_course(), headers=bearer(key))
        assert client.get(address, headers=bearer(key)).json["external_id"] == external_id
        assert (
            put_mappings(
                client, key, address, etag=client.get(f"{address}/mappings", headers=bearer(key)).headers["ETag"]
            ).status_code
            == 200
        )
        assert client.get(f"{address}/mappings/history", headers=bearer(key)).json["items"] == []


def test_an_own_id_that_an_address_would_lose_is_refused(served: Served) -> None:
    client, key, _ = served
    for external_id in LOST_IDS:
        answer = client.put(f"{P}/courses/{quote(external_id, safe='')}", json=a_course(), headers=bearer(key))
        assert pointers(answer) == ["external_id"], external_id
    assert client.put(f"{P}/courses/a/mappings/b", json=a_course(), headers=bearer(key)).status_code == 404
    assert client.put(f"{P}/courses/a/mappings/history", json=a_course(), headers=bearer(key)).status_code == 405


def test_a_removed_course_comes_back_with_its_history(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    first = client.get(address, headers=bearer(key)).json
    put_mappings(client, key, address, teaches())
    assert client.delete(address, headers=bearer(key, If_Match='"1"')).status_code == 204
    assert client.get(address, headers=bearer(key)).status_code == 404
    assert client.get(f"{P}/courses", headers=bearer(key)).json["items"] == []
    again = client.put(address, json=a_course("Again"), headers=bearer(key))
    assert (again.status_code, again.json["id"]) == (201, first["id"])
    assert client.get(f"{address}/mappings", headers=bearer(key)).json["items"] == []
    (ended,) = client.get(f"{address}/mappings/history", headers=bearer(key)).json["items"]
    assert (ended["concept"], ended["ending"], ended["reason"], ended["version"]) == (
        "C001",
        "removed",
        "edit",
        "1.1.0",
    )


def test_another_providers_courses_do_not_exist(served: Served) -> None:
    client, key, other = served
    address = put_course(client, key)
    fields = bearer(other, If_Match='"1"')
    answers = [
        client.get(P, headers=fields),
        client.patch(P, json={"automatic_migration": True}, headers=fields),
        client.get(f"{P}/courses", headers=fields),
        client.get(address, headers=fields),
        client.put(address, json=a_course(), headers=fields),
        client.delete(address, headers=fields),
        client.get(f"{address}/mappings", headers=fields),
        client.put(f"{address}/mappings", json={"items": []}, headers=fields),
        client.post(f"{address}/mappings", json=teaches(), headers=fields),
        client.get(f"{address}/mappings/history", headers=fields),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert client.get(address, headers=bearer()).status_code == 200


def test_mappings_are_pinned_to_the_exact_version(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    written = put_mappings(
        client, key, address, teaches("C003", level=3, hours=1.5, evidence="Day 2", evidence_span="title@en:0-5"),
        {"concept": "C002", "relation": "requires", "version": "1.0"},
    )  # fmt: skip
    assert written.status_code == 200, written.text
    assert [(item["concept"], item["version"]) for item in written.json["items"]] == [
        ("C002", "1.0.0"),
        ("C003", "1.1.0"),
    ]
    assert written.json["items"][1]["hours"] == 1.5
    assert client.get(f"{address}/mappings", headers=bearer(key)).json["items"] == written.json["items"]
    assert written.headers["ETag"] == '"2"'


def test_what_a_mapping_was_is_kept(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    put_mappings(client, key, address, teaches(level=1), teaches("C003"))
    second = put_mappings(client, key, address, teaches(level=2), etag='"2"')
    assert second.status_code == 200
    items = client.get(f"{address}/mappings/history?limit=1", headers=bearer(key)).json
    assert [(item["concept"], item["ending"]) for item in items["items"]] == [("C003", "removed")]
    rest = client.get(f"{address}/mappings/history?limit=1&cursor={items['next']}", headers=bearer(key)).json
    assert [(item["concept"], item["ending"], item["level"]) for item in rest["items"]] == [("C001", "changed", 1)]
    assert rest["next"] is None
    unchanged = put_mappings(client, key, address, teaches(level=2), etag=second.headers["ETag"])
    assert unchanged.headers["ETag"] == second.headers["ETag"]
    assert put_mappings(client, key, address, etag='"1"').status_code == 412


def test_a_concept_is_named_by_code_former_code_our_uri_or_an_aligned_one(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    asked = [
        teaches("C002", version="1.0.0"),
        {"concept": FORMER, "relation": "assesses", "version": "1.0.0"},
        {"concept": ESCO + "one", "relation": "teaches", "version": "1.0.0"},
        {"concept": "http://127.0.0.1:8000/id/C001", "relation": "requires"},
    ]
    written = put_mappings(client, key, address, *asked)
    assert written.status_code == 200, written.text
    assert written.json["resolved"] == [
        {"asked": FORMER, "concept": "T001", "by": "former-code", "match": None},
        {"asked": ESCO + "one", "concept": "T001", "by": "alignment", "match": "exact"},
        {"asked": "http://127.0.0.1:8000/id/C001", "concept": "C001", "by": "uri", "match": None},
    ]


def test_what_is_not_certain_is_asked_back_with_candidates(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    answer = put_mappings(
        client, key, address, teaches(ESCO + "many", version="1.0.0"), teaches(ESCO + "loose", version="1.0.0"),
        teaches("C002"), teaches("C009"), teaches(ESCO + "none"), teaches("T001", level=2), teaches(version="9.9.9"),
    )  # fmt: skip
    assert pointers(answer) == [
        *("/items/0/concept", "/items/1/concept", "/items/2/concept", "/items/3/concept", "/items/4/concept"),
        *("/items/5/level", "/items/6/version"),
    ]
    candidates = answer.json["candidates"]
    assert [each["code"] for each in candidates["/items/0/concept"]] == ["C001", "C003"]
    assert candidates["/items/2/concept"] == [{"code": "C001", "match": "equivalent", "label": "Another name"}]
    said = [error["detail"] for error in answer.json["errors"]]
    assert "Nearest: C00" in said[3]
    assert "retired in version 1.1.0; use C001 (Another name, equivalent)" in said[2]
    assert client.get(f"{address}/mappings", headers=bearer(key)).json["items"] == []


WRONG_MAPPINGS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"level": 5}, "/items/0/level"),
    ({"level": 0}, "/items/0/level"),
    ({"hours": -1}, "/items/0/hours"),
    ({"hours": "2"}, "/items/0/hours"),
    ({"relation": "teach"}, "/items/0/relation"),
    ({"evidence_span": "body:1-2"}, "/items/0/evidence_span"),
    ({"color": "red"}, "/items/0/color"),
)


def test_a_wrong_member_of_a_mapping_is_named(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    for wrong, pointer in WRONG_MAPPINGS:
        assert pointers(put_mappings(client, key, address, {**teaches(), **wrong})) == [pointer]


def test_the_same_relation_twice_is_refused(served: Served) -> None:
    client, key, _ = served
    assert pointers(put_mappings(client, key, put_course(client, key), teaches(), teaches(level=2))) == ["/items/1"]


def test_one_mapping_is_added_once_however_often_it_is_sent(served: Served) -> None:
    client, key, _ = served
    address = put_course(client, key)
    fields = bearer(key, Idempotency_Key="one")
    answers = [client.post(f"{address}/mappings", json=teaches(level=2), headers=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    client.post(f"{address}/mappings", json=teaches(level=3), headers=bearer(key))
    (only,) = client.get(f"{address}/mappings", headers=bearer(key)).json["items"]
    assert only["level"] == 3
    assert client.get(P, headers=bearer(key)).json["changes"] == 3


WRONG_COURSES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"title": {}}, "/title"),
    ({"url": "ftp://x"}, "/url"),
    ({"hours": -2}, "/hours"),
    ({"hands_on": 101}, "/hands_on"),
    ({"dates": [{"starts": "2027-02-01", "ends": "2027-01-01"}]}, "/dates/0/ends"),
    ({"price": {"amount": 1, "currency": "eur"}}, "/price/currency"),
    ({"languages": ["xx-invalid-tag-1"]}, "/languages/0"),
    ({"modality": "remote"}, "/modality"),
)


def test_a_wrong_course_is_refused_by_member(served: Served) -> None:
    client, key, _ = served
    for members, pointer in WRONG_COURSES:
        answer = client.put(f"{P}/courses/x", json={**a_course(), **members}, headers=bearer(key))
        assert pointers(answer) == [pointer]


def test_courses_are_listed_in_pages_and_by_filters(served: Served) -> None:
    client, key, _ = served
    for n in range(5):
        modality = "online" if n % 2 else "classroom"
        put_course(client, key, f"S{n}", modality=modality, languages=["es"], hours=n, visibility="private")
    put_mappings(client, key, f"{P}/courses/S3", teaches("C001", level=2))
    first = client.get(f"{P}/courses?limit=3", headers=bearer(key)).json
    rest = client.get(f"{P}/courses?limit=3&cursor={first['next']}", headers=bearer(key)).json
    assert [item["external_id"] for item in first["items"] + rest["items"]] == [f"S{n}" for n in range(5)]

    def found(query: str) -> list[str]:
        return [item["external_id"] for item in client.get(f"{P}/courses?{query}", headers=bearer(key)).json["items"]]

    assert found("modality=online") == ["S1", "S3"]
    assert found("hours_from=1&hours_to=2") == ["S1", "S2"]
    assert found("language=es&concept=C001&relation=teaches&level=2,3") == ["S3"]
    assert found("concept=C001&level=1") == found("visibility=public") == found("language=fr") == []


def test_what_a_provider_set_is_changed_with_its_state(served: Served) -> None:
    client, key, _ = served
    read = client.get(P, headers=bearer(key))
    assert read.json == {"code": "gov", "name": "Gov", "automatic_migration": False, "changes": 0}
    body = {"automatic_migration": True}
    changed = client.patch(P, json=body, headers=bearer(key, If_Match=read.headers["ETag"]))
    assert changed.json["automatic_migration"] is True
    assert client.patch(P, json=body, headers=bearer(key, If_Match=read.headers["ETag"])).status_code == 412
    assert client.patch(P, json=body, headers=bearer(key)).status_code == 428


def test_changes_are_told_to_the_organisation_alone(served: Served) -> None:
    client, key, other = served
    address = put_course(client, key)
    put_mappings(client, key, address, teaches())
    client.delete(address, headers=bearer(key, If_Match='"1"'))

    def types(secret: str) -> list[str]:
        items = client.get("/api/v1/me/events", headers=bearer(secret)).json["items"]
        return [item["type"] for item in items if item["type"].startswith(("course.", "mapping."))]

    assert types(key) == ["course.created", "mapping.changed", "course.removed"]
    assert types(other) == []
    actions = [entry["action"] for entry in client.get("/api/v1/audit", headers=bearer()).json["items"]]
    assert actions[:3] == ["course.removed", "mapping.changed", "course.created"]
