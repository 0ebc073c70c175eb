"""The public catalogue: found by what courses are about, without those that are private."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.queries import list_uses
from competency_api.curation.sources import UseSources
from competency_api.taxonomy.concept import Retirement
from competency_api.taxonomy.diff import difference
from competency_api.versions.queries import load_draft
from tests.factories import edited
from tests.support.courses import put_course, put_mappings, serving_providers, teaches
from tests.support.keys import bearer

Served = tuple[FlaskClient, str, str]
GONE = Retirement(reason="Not asked for", on="2026-11-23")


@pytest.fixture
def served(database: Database) -> Iterator[Served]:
    """A client and the keys of two providers, each with a public course; `gov` has a private one as well."""
    with serving_providers(database) as (client, key, other):
        one = put_course(client, key, "A", title="A", modality="online", hours=10, languages=["es", "en"])
        private = put_course(client, key, "B", title="B", visibility="private", modality="online")
        two = put_course(client, other, "C", "porto", title="C", modality="blended", hours=30, languages=["pt"])
        put_mappings(client, key, one, teaches("C001", level=2), {"concept": "T001", "relation": "requires"})
        put_mappings(client, key, private, teaches("C001", level=2))
        put_mappings(client, other, two, {"concept": "C001", "relation": "assesses", "level": 4, "version": "1.0.0"})
        yield client, key, other


def found(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return [item["external_id"] for item in answer.json["items"]]


def test_courses_are_found_by_what_is_asked_of_them(served: Served) -> None:
    client, _, _ = served
    assert found(client, "courses") == ["A", "C"]
    assert found(client, "courses?concept=C001") == ["A", "C"]
    assert found(client, "courses?concept=C001&relation=teaches") == ["A"]
    assert found(client, "courses?concept=C001&level=3,4") == ["C"]
    assert found(client, "courses?concept=T001&level=2") == []
    assert found(client, "courses?language=es,fr") == found(client, "courses?modality=online") == ["A"]
    assert found(client, "courses?provider=porto") == found(client, "courses?hours_from=20&hours_to=40") == ["C"]
    assert found(client, "concepts/C001/courses") == ["A", "C"]
    assert found(client, "concepts/C001/courses?relation=assesses,requires") == ["C"]
    assert found(client, "concepts/T001/courses") == ["A"]
    assert found(client, "concepts/C003/courses") == []


def test_a_private_course_is_not_there_for_others(served: Served) -> None:
    client, key, other = served
    own = client.get("/api/v1/providers/gov/courses/B", headers=bearer(key)).json
    assert client.get(f"/api/v1/courses/{own['id']}").status_code == 404
    # a key changes nothing of what is public
    assert client.get(f"/api/v1/courses/{own['id']}", headers=bearer(key)).status_code == 404
    assert client.get("/api/v1/providers/gov/courses/B", headers=bearer(other)).status_code == 404
    public = client.get("/api/v1/providers/gov/courses/A", headers=bearer(key)).json
    client.delete("/api/v1/providers/gov/courses/A", headers=bearer(key, If_Match='"1"'))
    assert client.get(f"/api/v1/courses/{public['id']}").status_code == 404
    assert found(client, "courses") == ["C"]


def test_mappings_of_a_concept_say_their_version(served: Served) -> None:
    client, _, _ = served
    items = client.get("/api/v1/concepts/C001/courses").json["items"]
    assert [(each["level"], each["version"]) for item in items for each in item["mappings"]] == [
        (2, "1.1.0"),
        (4, "1.0.0"),
    ]
    whole = client.get(f"/api/v1/courses/{items[0]['id']}").json
    assert [each["concept"] for each in whole["mappings"]] == ["C001", "T001"]
    assert "created_at" not in whole


def test_pages_follow_each_other_and_their_cursors_are_bound_to_what_was_asked(served: Served) -> None:
    client, _, _ = served
    first = client.get("/api/v1/courses?limit=1")
    assert 'rel="next"' in first.headers["Link"]
    cursor = first.json["next"]
    assert found(client, f"courses?limit=1&cursor={cursor}") == ["C"]
    assert client.get(f"/api/v1/courses?modality=online&cursor={cursor}").status_code == 422


def test_courses_are_given_as_linked_data_too(served: Served) -> None:
    client, _, _ = served
    for path, fields in (("courses.jsonld", {}), ("courses", {"Accept": "application/ld+json"})):
        answer = client.get(f"/api/v1/{path}", headers=fields)
        assert answer.mimetype == "application/ld+json"
        assert [node["identifier"] for node in answer.json["@graph"]] == ["A", "C"]
    (node,) = client.get("/api/v1/concepts/T001/courses.elm").json["@graph"]
    assert node["@type"] == "elm:LearningOpportunity"


def test_what_is_not_there_is_said(served: Served) -> None:
    client, _, _ = served
    assert client.get("/api/v1/concepts/C999/courses").status_code == 404
    assert client.get("/api/v1/courses/none").status_code == 404
    unknown = client.get("/api/v1/courses?provider=nobody")
    assert (unknown.status_code, unknown.json["errors"][0]["parameter"]) == (422, "provider")
    assert client.get("/api/v1/courses?concept=C999").json["errors"][0]["parameter"] == "concept"
    assert client.get("/api/v1/courses?levels=2").json["errors"][0]["parameter"] == "levels"


def test_a_change_of_a_concept_is_told_to_touch_every_course_and_names_the_public_ones(
    served: Served, database: Database
) -> None:
    with database.reading(fresh=True) as session:
        uses = sorted(list_uses(session, ["C001", "X999"]))
        old = load_draft(session)
        found = UseSources().impact(session, difference(old, state := edited(old, "C001", retirement=GONE)), old, state)
    assert uses == [
        ("gov", "A", "teaches", "C001", True),
        ("gov", "B", "teaches", "C001", False),
        ("porto", "C", "assesses", "C001", True),
    ]
    assert (found.mappings, [use.course for use in found.affected]) == ({"retired": 3}, ["A", "C"])
