"""The report for people: in every language of the starter, readable without colours, loading nothing."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.reports.writing.heat import Cell
from competency_api.courses.reports.writing.words import all_words, words_for
from tests.support.courses import put_mappings, serving_providers, teaches
from tests.support.keys import bearer

ADDRESS = "/api/v1/providers/gov/coverage.html"


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[tuple[FlaskClient, str]]:
    with serving_providers(sqlite_database) as (client, gov, _):
        address = "/api/v1/providers/gov/courses/SC-1"
        titles = {"en": "Smart <cities>", "es": "Ciudades"}
        assert client.put(address, json={"title": titles}, headers=bearer(gov)).status_code == 201
        put_mappings(client, gov, address, teaches("C001", level=3), {"concept": "C003", "relation": "requires"})
        yield client, gov


def page(served: tuple[FlaskClient, str], query: str) -> str:
    answer = served[0].get(f"{ADDRESS}?{query}", headers=bearer(served[1]))
    assert answer.status_code == 200, answer.text
    return answer.text


def test_it_shows_a_heat_map_and_a_bar_for_each_discipline(served: tuple[FlaskClient, str]) -> None:
    text = page(served, "lang=en")
    assert '<td class="l3">3</td>' in text
    assert '<td class="other">r</td>' in text
    assert 'aria-label="covered: 1 of 2; not taught: 1 of 2"' in text
    assert "Smart &lt;cities&gt;" in text


@pytest.mark.parametrize(
    ("lang", "word"), [("es", "Por disciplina"), ("de", "Nach Disziplin"), ("el", "By discipline")]
)
def test_it_speaks_the_language_asked_for(served: tuple[FlaskClient, str], lang: str, word: str) -> None:
    text = page(served, f"lang={lang}")
    assert word in text
    assert f'<html lang="{lang if lang != "el" else "en"}">' in text
    assert ("Ciudades" in text) == (lang == "es")


def test_it_loads_nothing_and_its_policy_permits_only_its_own_style(served: tuple[FlaskClient, str]) -> None:
    answer = served[0].get(ADDRESS, headers=bearer(served[1]))
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert not re.search(r'(src=|style="|<script|@import|url\((?!#))', answer.text)


def test_what_everybody_offers_has_no_columns_of_courses(served: tuple[FlaskClient, str]) -> None:
    answer = served[0].get("/api/v1/coverage.html?lang=fr")
    assert "Couverture de tous les cours publics" in answer.text
    assert 'class="heat"' not in answer.text
    assert 'href="/api/v1/coverage.json?lang=fr"' in answer.text


def test_every_language_has_every_word_with_the_same_places_to_fill() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    english = all_words()["en"]
    for words in all_words().values():
        assert words.keys() == english.keys()
        assert all(places(words[name]) == places(english[name]) for name in english)
    assert words_for(("el",)) == ("en", english)


def test_a_cell_says_in_signs_what_its_colour_repeats() -> None:
    shown = {}
    for relation, level in itertools.product(("teaches", "assesses", "requires"), (None, 2)):
        cell = Cell()
        cell.add(relation, level)
        shown[relation, level] = (cell.text, cell.shade)
    assert shown["teaches", None] == ("✓", "l0")
    assert shown["teaches", 2] == ("2", "l2")
    assert shown["assesses", 2] == ("a2", "other")
    assert shown["requires", None] == ("r", "other")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_shade_can_be_read(served: tuple[FlaskClient, str]) -> None:
    """WCAG 2.2: 4.5 to 1 for text."""
    rules = re.findall(r"\.l[0-4] \{ background: (#\w{6}); color: (#\w{3,6})", page(served, "lang=en"))
    assert len(rules) == 5
    for ground, ink in rules:
        lights = sorted(luminance(c if len(c) == 7 else "#" + "".join(2 * x for x in c[1:])) for c in (ground, ink))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, (ground, ink)
