"""Pages about the service: problems and rules that answers lead to, licence, accessibility, the reference."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.core.problems import PROBLEMS
from competency_api.core.site import SITE_LANGUAGES
from competency_api.taxonomy.rules import RULES
from tests.support.published import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_every_problem_and_every_rule_has_its_place_where_answers_lead(starter: FlaskClient) -> None:
    for address, names in (("/problems", [problem.code for problem in PROBLEMS]), ("/rules", RULES)):
        page = starter.get(address, follow_redirects=True).text
        assert [name for name in names if page.count(f'<section id="{name}"') != 1] == []
        assert "`" not in page
    assert starter.get("/nowhere").get_json()["type"].partition("#")[2] in [problem.code for problem in PROBLEMS]


def test_names_in_the_remedies_are_set_as_code(starter: FlaskClient) -> None:
    assert "Look at <code>detail</code> and at <code>nearest</code>" in starter.get("/en/problems").text


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_licence_and_accessibility_are_linked_from_every_page_in_its_language(
    starter: FlaskClient, language: str
) -> None:
    home = starter.get(f"/{language}/").text
    for name in ("licence", "accessibility"):
        assert f'href="/{language}/{name}"' in home
        assert starter.get(f"/{language}/{name}").text.count("<h1") == 1
    licence = starter.get(f"/{language}/licence").text
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in licence
    assert f"version 2.0.0, http://127.0.0.1:8000/{language}/versions/2.0.0, CC BY 4.0" in licence


def test_both_are_there_before_anything_is_published_and_name_whom_to_tell(sqlite_database: Database) -> None:
    settings = replace(sqlite_database.settings, accessibility_contact="mailto:access@example.org")
    with serving(settings) as client:
        assert client.get("/en/licence", headers=BROWSER).status_code == 200
        page = client.get("/en/accessibility", headers=BROWSER).text
    assert '<a href="mailto:access@example.org">access@example.org</a>' in page


def test_examples_of_the_reference_are_addresses_that_answer(starter: FlaskClient) -> None:
    page = starter.get("/en/reference").text
    examples = {html.unescape(address) for address in re.findall('<a href="([^"]+)" rel="nofollow">', page)}
    assert len(examples) > 20
    assert "/api/v1/versions/2.0.0/concepts/C017.json" in examples
    statuses = {
        address: starter.get(address, headers=BROWSER, follow_redirects=True).status_code for address in examples
    }
    assert {address: status for address, status in statuses.items() if status != 200} == {}
