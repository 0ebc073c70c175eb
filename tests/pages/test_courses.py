"""The catalogue as pages: found by what courses are about, true to the versions they are mapped to, never private."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.core.site import SITE_LANGUAGES
from tests.pages.test_routes import HOSTILE, Links
from tests.support.courses import put_course, put_mappings, serving_providers, teaches
from tests.support.keys import bearer

Served = tuple[FlaskClient, str]
BROWSER = {"Accept": "text/html"}
SECRET = "Behind closed doors"


@pytest.fixture
def served(database: Database) -> Iterator[Served]:
    """A client and the key of `gov`: three public courses of two providers, a hostile one among them, and a secret."""
    with serving_providers(database) as (client, key, other):
        one = put_course(client, key, "A", title="Buying things", modality="online", hours=10.5, languages=["es", "el"])
        two = put_course(client, other, "B", "porto", title=HOSTILE, description={"en": HOSTILE}, hours=30)
        put_course(client, other, "C", "porto", title="Unmapped", modality="hands-on")
        hidden = {"title": SECRET, "visibility": "private", "languages": ["fi"], "modality": "classroom"}
        secret = put_course(client, key, "S", **hidden)
        put_mappings(client, key, one, teaches(level=2, evidence=HOSTILE), {"concept": "T001", "relation": "requires"})
        put_mappings(client, key, secret, teaches(level=4), teaches("C003"))
        put_mappings(client, other, two, {"concept": "C001", "relation": "assesses", "level": 4, "version": "1.0.0"})
        yield client, key


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(f"/en/{path}", headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=10"
    return answer.text


def address_of(client: FlaskClient, own: str) -> str:
    items = client.get("/api/v1/courses").get_json()["items"]
    return next(f"courses/{item['id']}" for item in items if item["external_id"] == own)


def named(text: str) -> list[str]:
    """Titles of a list."""
    written = re.findall(r'<h3><a href="/en/courses/[^"]+"><span lang="en">(.*?)</span>', text)
    return [html.unescape(title) for title in written]


def test_courses_are_found_by_what_is_asked_of_them(served: Served) -> None:
    client, _ = served
    found = {
        "concept=C001": ["Buying things", HOSTILE],
        "concept=c001&relation=teaches": ["Buying things"],
        "concept=C001&level=4": [HOSTILE],
        "concept=C003": [],
        "language=el": ["Buying things"],
        "modality=hands-on": ["Unmapped"],
        "provider=gov": ["Buying things"],
        "provider=nobody": [],
        "hours_from=10,5&hours_to=20": ["Buying things"],
        "hours_from=20": [HOSTILE],
        "modality=classroom": [],
        "page=9": [],
    }
    for query, titles in found.items():
        answer = client.get(f"/en/courses?{query}&utm_source=mail&relation=", headers=BROWSER, follow_redirects=True)
        assert named(answer.text) == titles, query
        assert '<meta name="robots" content="noindex, follow">' in answer.text


def test_what_is_empty_or_no_word_of_its_field_leaves_the_address(served: Served) -> None:
    client, _ = served
    moved = client.get("/de/courses?concept=+C001&relation=&level=9&modality=flying&hours_from=many&page=1")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/de/courses?concept=C001")
    assert client.get("/de/courses?level=²", follow_redirects=True).status_code == 200


def test_words_that_are_no_code_lead_to_concepts_that_may_be_meant(served: Served) -> None:
    client, _ = served
    text = page(client, "courses?concept=nonsense+C001")
    assert "There is no concept “nonsense C001”." in text
    assert 'href="/en/courses?concept=C001"' in text


def test_a_course_says_what_it_teaches_as_of_which_version(served: Served) -> None:
    client, _ = served
    text = page(client, address_of(client, "B"))
    assert '<a class="concept" href="/en/versions/1.0.0/concepts/C001">' in text
    assert 'href="/en/versions/1.0.0" aria-label="Version 1.0.0"' in text
    [found] = re.findall('<script type="application/ld\\+json">(.*?)</script>', text)
    described = json.loads(found)
    assert described["@type"] == "Course"
    assert described["assesses"][0]["termCode"] == "C001"
    assert described["name"] == [{"@value": HOSTILE, "@language": "en"}]


def test_a_private_course_is_on_no_page(served: Served) -> None:
    client, key = served
    own = client.get("/api/v1/providers/gov/courses/S", headers=bearer(key)).get_json()["id"]
    assert client.get(f"/en/courses/{own}", headers=BROWSER).status_code == 404
    pages = [page(client, path) for path in ("courses", "courses?provider=gov", "concepts/C001", "concepts/C003", "")]
    pages += [client.get(path).text for path in ("/sitemap.xml", "/en/sitemap-courses-1.xml")]
    assert [text for text in pages if SECRET in text or own in text] == []
    # nor is what only it has: its language, its level, its being counted
    assert "suomi" not in pages[0]
    assert "3 courses found." in pages[0]
    assert "<dd>3</dd>" in pages[4]
    assert "No public course is about it yet." in pages[3]


def test_a_course_that_becomes_private_leaves_the_pages(served: Served) -> None:
    client, key = served
    address = address_of(client, "A")
    hidden = {"title": {"en": "Buying things"}, "visibility": "private"}
    answer = client.put("/api/v1/providers/gov/courses/A", json=hidden, headers=bearer(key, If_Match='"1"'))
    assert answer.status_code == 200
    assert client.get(f"/en/{address}", headers=BROWSER).status_code == 404
    assert "Buying things" not in page(client, "courses?provider=gov") + page(client, "concepts/T001")


def test_a_concept_names_its_courses_and_leads_to_all_of_them(served: Served) -> None:
    client, _ = served
    text = page(client, "concepts/C001")
    assert named(text)[0] == "Buying things"
    assert 'href="/en/courses?concept=C001&amp;relation=teaches">Teaches <span class="count">1</span>' in text
    older = client.get("/en/versions/1.0.0/concepts/C001").text
    assert "Buying things" not in older
    assert 'href="/en/courses?concept=C001"' in older


def test_a_search_leads_to_courses_about_what_was_searched(served: Served) -> None:
    client, _ = served
    text = client.get("/en/search?q=C001").text
    assert '<a href="/en/courses?concept=C001">Courses about “C001”</a>' in text


def test_hostile_texts_of_providers_are_only_text(served: Served) -> None:
    client, _ = served
    paths = ("courses", "concepts/C001", address_of(client, "A"), address_of(client, "B"))
    for text in (page(client, path) for path in paths):
        assert "<img" not in text
        assert "<script>" not in text
        assert Links(text).inline == []
        assert "&lt;img" in text


def test_the_catalogue_is_there_in_every_language_empty_or_not(served: Served, starter: FlaskClient) -> None:
    client, _ = served
    address = address_of(client, "A")
    for language in SITE_LANGUAGES:
        for path in ("courses", address, "courses?concept=C001"):
            assert client.get(f"/{language}/{path}").text.count("<h1") == 1
        assert f'href="/{language}/guides/providers"' in starter.get(f"/{language}/courses").text


def test_the_sitemap_names_every_course(served: Served) -> None:
    client, _ = served
    assert "/nl/sitemap-courses-1.xml" in client.get("/sitemap.xml").text
    part = client.get("/nl/sitemap-courses-1.xml").text
    found = re.findall("<loc>http://127.0.0.1:8000([^<]+)", part)
    assert len(found) == 3
    assert {client.get(address).status_code for address in found} == {200}
    assert client.get("/nl/sitemap-courses-2.xml").status_code == 404
    assert client.get("/nl/sitemap-courses-0.xml").status_code == 404
