"""What another version did to a coverage, for people: by development, in every language of the starter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.reports.writing.words import all_words
from tests.factories import edited
from tests.support.courses import put_course, put_mappings, serving_providers, teaches, with_others
from tests.support.keys import bearer
from tests.support.states import published, second_state

ADDRESS = "/api/v1/providers/gov/coverage/comparison"
Served = tuple[FlaskClient, str]


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[Served]:
    """C001 is taught as of 1.1.0, C002 and C003 as of 1.0.0; in 2.0.0 C003 means something else."""
    with serving_providers(sqlite_database, latest_refresh_seconds=0) as (client, gov, _):
        address = put_course(client, gov)
        items = [teaches("C001", level=3), *(teaches(code, level=2, version="1.0.0") for code in ("C002", "C003"))]
        assert put_mappings(client, gov, address, *items).status_code == 200
        third = edited(second_state(), "C003", definition={"en": "Another meaning altogether."}, meaning=2)
        published(sqlite_database, with_others(third), title="Third")
        yield client, gov


def asked(served: Served, ending: str = ".html", query: str = "older=1.0.0&version=2.0.0&lang=en") -> str:
    answer = served[0].get(f"{ADDRESS}{ending}?{query}", headers=bearer(served[1]))
    assert answer.status_code == 200, answer.text
    return answer.text


def section(text: str, heading: str) -> str:
    """The text of a section without its tags."""
    (found,) = re.findall(rf"<section><h2>(?:(?!</h2>).)*{heading}(?:(?!</section>).)*", text, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", found).split())


def test_it_shows_what_became_worse_with_both_sides_and_why(served: Served) -> None:
    text = asked(served)
    assert "<h1>Coverage of Gov, version 1.0.0 and version 2.0.0</h1>" in text
    worse = section(text, "worse covered")
    assert worse.startswith("worse covered (1) Concept Version 1.0.0 Version 2.0.0 C003 ")
    assert "covered Taught: 2 Courses that teach it: 1 not taught" in worse
    assert worse.endswith("Not counted: waiting for a decision: 1")
    assert "C002" in section(text, "replaced by others")
    assert "In its place: " in section(text, "replaced by others")
    assert "Its meaning was changed on purpose." in section(text, "Not counted")


def test_both_sides_are_summed_up_with_their_denominators(served: Served) -> None:
    text = asked(served)
    assert 'aria-label="covered: 3 of 3"' in text
    assert 'aria-label="covered: 1 of 2; not taught: 1 of 2"' in text
    assert '<li class="worse">worse covered: <b>1</b></li>' in text


@pytest.mark.parametrize("lang", sorted(all_words()))
def test_it_speaks_every_language_of_the_starter(served: Served, lang: str) -> None:
    text = asked(served, query=f"older=1.0.0&version=2.0.0&lang={lang}")
    words = all_words()[lang]
    assert f'<html lang="{lang}">' in text
    assert all(words[name] in text for name in ("worse", "same", "better", "in_place", "waiting"))


def test_it_loads_nothing_and_its_policy_permits_only_its_own_style(served: Served) -> None:
    answer = served[0].get(f"{ADDRESS}.html?older=1.0.0", headers=bearer(served[1]))
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert not re.search(r'(src=|style="|<script|@import|url\((?!#))', answer.text)


@pytest.mark.parametrize("ending", ["", ".html", ".csv"])
def test_beside_a_later_version_what_only_that_one_has_is_named_too(served: Served, ending: str) -> None:
    query = "older=2.0.0&version=1.0.0&kind=technology&lang=en"
    assert "T002" in asked(served, ending, query)
    assert '"code":"T002","label":{"text":"' in asked(served, "", query)
