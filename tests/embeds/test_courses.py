"""The form of courses: what it is asked, what it shows, and that it never shows a private course."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.support.courses import BASE, put_course, put_mappings, serving_providers, teaches
from tests.support.keys import bearer

E = "/embed/v1/latest/courses"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SECRET = "Behind closed doors"


@pytest.fixture
def served(database: Database) -> Iterator[FlaskClient]:
    """Two public courses that have to do with C001, a third one, and a private one that teaches it too."""
    with serving_providers(database) as (client, key, other):
        whole = {"title": "Zoning", "modality": "blended", "hours": 22.5, "languages": ["pt-BR", "el"]}
        one = put_course(client, key, "Z", description={"en": "What may be\nbuilt where."}, **whole)
        two = put_course(client, other, "H", "porto", title=HOSTILE)
        put_course(client, other, "N", "porto", title="Nothing mapped")
        secret = put_course(client, key, "S", title=SECRET, visibility="private")
        put_mappings(client, key, one, teaches(level=2))
        put_mappings(client, key, secret, teaches(level=4))
        put_mappings(client, other, two, {"concept": "C001", "relation": "assesses", "level": 4, "version": "1.0.0"})
        yield client


def asked(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"{E}/data?{query}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json()
    return document


def titles(client: FlaskClient, query: str = "") -> list[str]:
    return [item["label"]["text"] for item in asked(client, query)["items"]]


def test_courses_are_chosen_by_concept_relation_and_provider_or_by_themselves(served: FlaskClient) -> None:
    assert titles(served) == [HOSTILE, "Nothing mapped", "Zoning"]
    assert titles(served, "code=C001") == [HOSTILE, "Zoning"]
    assert titles(served, "code=C001&sort=code") == ["Zoning", HOSTILE]
    assert titles(served, "code=C001&relation=teaches") == ["Zoning"]
    assert titles(served, "provider=porto&code=C003") == []
    ids = {item["label"]["text"]: item["code"] for item in asked(served)["items"]}
    assert titles(served, f"course={ids['Zoning']},{ids['Nothing mapped']}") == ["Nothing mapped", "Zoning"]
    limited = asked(served, "limit=1")
    assert (len(limited["items"]), limited["total"], limited["notes"]) == (1, 3, ["2 more are not shown."])


def test_each_says_what_it_does_and_how_in_the_language_that_is_asked_for(served: FlaskClient) -> None:
    columns = "definition,relation,level,provider,hours,modality,languages"
    document = asked(served, f"code=C001&relation=teaches&lang=de&columns={columns}")
    [item] = document["items"]
    assert document["title"].startswith("Kurse: ")
    assert item["uri"] == f"{BASE}/de/courses/{item['code']}"
    level = item["cells"].pop("level")[0]["text"]
    assert level.startswith("Niveau 2 von 4")
    assert {name: [text["text"] for text in cell] for name, cell in item["cells"].items()} == {
        "definition": ["What may be built where."],
        "relation": ["vermittelt"],
        "provider": ["Gov"],
        "hours": ["22,5 Std."],
        "modality": ["gemischt"],
        "languages": ["ελληνικά", "português (BR)"],
    }


def test_a_private_course_is_in_none_of_them(served: FlaskClient) -> None:
    paths = [f"{E}/{kind}?code=C001" for kind in ("data", "options", "table", "fragment", "frame")]
    assert [path for path in paths if SECRET in served.get(path).text] == []
    assert asked(served, "code=C001")["total"] == 2
    # a key changes nothing of what is public
    assert SECRET not in served.get(f"{E}/data?code=C001&limit=9", headers=bearer()).text


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        (f"{E}/data?code=C999", 404, "has no concept C999"),
        (f"{E}/data?course=none", 404, "There is no public course none"),
        (f"{E}/data?provider=nobody", 422, "There is no provider"),
        (f"{E}/data?kind=competency", 422, "no filters"),
        (f"{E}/data?course=a&code=C001", 422, "stands alone"),
        (f"{E}/data?columns=maturity", 422, "has no `maturity`"),
        ("/embed/v1/latest/list/data?provider=gov", 422, "Only the form `courses`"),
        ("/embed/v1/latest/list/data?columns=hours", 422, "has no `hours`"),
    ],
)
def test_what_cannot_be_meant_is_refused(two_versions: FlaskClient, path: str, status: int, message: str) -> None:
    answer = two_versions.get(path)
    assert (answer.status_code, message in answer.text) == (status, True), answer.text


def test_every_way_shows_the_same_and_holds_for_seconds(served: FlaskClient) -> None:
    table = served.get(f"{E}/table?code=C001&lang=en")
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert [(row["label"], row["provider"], row["hours"]) for row in rows][1] == ("Zoning", "Gov", "22.5 h")
    options = served.get(f"{E}/options?code=C001").get_json()
    assert [option["label"] for option in options] == [HOSTILE, "Zoning"]
    for kind in ("data", "options", "table", "fragment", "frame"):
        assert served.get(f"{E}/{kind}?code=C001").headers["Cache-Control"] == "public, max-age=10"
    for kind in ("fragment", "frame"):
        page = served.get(f"{E}/{kind}?code=C001").text
        assert "Zoning" in page
        assert HOSTILE not in page
        assert "<img" not in page


def test_pages_of_courses_concepts_and_kinds_tell_where_they_can_be_embedded_from(served: FlaskClient) -> None:
    course = asked(served, "code=C001&relation=teaches")["items"][0]["code"]
    views = {
        f"/en/courses/{course}": f"/latest/courses/frame?course={course}&amp;lang=en",
        "/en/courses?concept=C001&relation=teaches": "/latest/courses/frame?code=C001&amp;relation=teaches&amp;lang=en",
        "/de/kinds/technology": "/latest/list/frame?kind=technology&amp;lang=de",
        "/en/versions/1.0.0/concepts/T001": "/1.0.0/concept/frame?code=T001&amp;lang=en",
    }
    for path, frame in views.items():
        page = served.get(path).text
        asking = f"/oembed?url={quote(BASE + path, safe='/')}"
        assert f'type="application/json+oembed" href="{asking}"' in page, path
        assert f'type="text/xml+oembed" href="{asking}&amp;format=xml"' in page
        answer = served.get(asking)
        assert answer.status_code == 200, answer.text
        assert frame in answer.get_json()["html"]


def test_a_profile_is_embedded_with_what_it_expects(starter: FlaskClient) -> None:
    answer = starter.get(f"/oembed?url={BASE}/nl/concepts/R001").get_json()
    assert "/embed/v1/latest/profile/frame?code=R001&amp;lang=nl" in answer["html"]
    assert 'type="application/json+oembed"' in starter.get("/nl/concepts/R001").text


def test_the_generator_makes_snippets_of_courses(served: FlaskClient) -> None:
    query = "ui=en&view=courses&code=C001&relation=teaches&provider=gov&columns=hours&columns=code"
    page = html.unescape(served.get(f"/embed?{query}").text)
    assert 'view="courses" code="C001" relation="teaches" provider="gov" columns="hours"' in page
    assert '<option value="porto">Porto</option>' in page
    course = asked(served, "code=C001&relation=teaches")["items"][0]["code"]
    assert f'course="{course}"' in html.unescape(served.get(f"/embed?ui=en&view=courses&course={course}").text)
    assert served.get("/embed?ui=en&view=courses").status_code == 200
