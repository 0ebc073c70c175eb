"""What is not there, and what fails: pages for people, problem details for programs."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from competency_api.core.buckets import Buckets, Limit
from competency_api.core.db import Database
from competency_api.core.http import context_of
from tests.support.databases import settings_for
from tests.support.published import serving
from tests.support.states import published

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/es/concepts/C999", 404, "La versión 2.0.0 no tiene el concepto «C999»."),
        ("/es/concepts/%3Cb%3E", 404, "&lt;b&gt;"),
        ("/fr/versions/1.0.0/concepts/C059", 404, "C059 existe depuis la version 2.0.0"),
        ("/de/versions/9.0.0", 404, "Eine Version „9.0.0“ gibt es nicht."),
        ("/nl/kinds/skill", 404, "Er is geen soort ‘skill’."),
        ("/en/guides/none", 404, "There is no guide “none”."),
        ("/en/map?discipline=C017&kind=technology", 404, "no concept “C017”"),
        ("/pt/nowhere", 404, "Esta página não existe"),
        ("/it/concepts/C017", 404, 'href="/fr/concepts/C017" lang="fr"'),
        ("/en/search?q=data&kind=skill", 422, "Part of this address is not right"),
        ("/id/C999", 404, "There is no such page"),
        ("/api/v1/versions/9", 404, "There is no such page"),
    ],
)
def test_what_is_not_there_is_said_in_the_language_of_the_page_with_a_search(
    starter: FlaskClient, path: str, status: int, said: str
) -> None:
    response = starter.get(path, headers=BROWSER)
    assert response.status_code == status
    assert said in response.text
    assert 'type="search"' in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert '<link rel="canonical"' not in response.text


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/json, text/html;q=0.9"])
def test_programs_get_problem_details_of_the_same(starter: FlaskClient, accept: str) -> None:
    response = starter.get("/en/concepts/C999", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert "Accept" in response.headers["Vary"]


def test_before_anything_is_published_pages_say_so_and_do_not_break(sqlite_database: Database) -> None:
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        assert [client.get(path, headers=BROWSER).status_code for path in ("/en/", "/es/map", "/sitemap.xml")] == [
            404
        ] * 3


def test_new_searches_count_towards_the_limit_of_their_address(sqlite_database: Database) -> None:
    published(sqlite_database)
    url = sqlite_database.settings.database_url
    with serving(settings_for(url)) as client:
        context_of(client.application).limits.addresses = Buckets(Limit("address", 2))
        statuses = [client.get(f"/en/search?q=word{number}", headers=BROWSER).status_code for number in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_a_page_about_a_failure_that_fails_itself_leaves_the_problem(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("competency_api.pages.failures.Frame.of", lambda _language: 1 / 0)
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        response = client.get("/en/", headers=BROWSER)
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
