"""What a text is guessed to say: taught or required, how far, in which language. The sentences are our own."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from competency_api.matching.matcher import Matcher
from competency_api.matching.texts.guesses import language_of
from competency_api.matching.values import Match, MatchQuery
from tests.support.seeds import LANGUAGES, TODAY, state

MATCHER = Matcher(state(TODAY))
with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = [tuple(row.values()) for row in csv.DictReader(file)]


def matched(description: str, code: str, title: str = "", language: str | None = None) -> Match | None:
    query = MatchQuery(title=title, description=description, language=language, limit=50)
    return next((match for match in MATCHER.match(query).matches if match.code == code), None)


@pytest.mark.parametrize(("language", "text", "code", "relation", "level"), SENTENCES)
def test_a_sentence_says_what_is_taught_what_is_required_and_what_is_not(
    language: str, text: str, code: str, relation: str, level: str
) -> None:
    found = matched(text, code, language=language)
    assert (found.relation if found else "") == relation
    if found and level:
        assert found.level == int(level)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_sentences_of_each_sort(language: str) -> None:
    sorts = {relation for tag, _, _, relation, _ in SENTENCES if tag == language}
    assert sorts == {"teaches", "requires", ""}


@pytest.mark.parametrize(("language", "text"), [row[:2] for row in SENTENCES])
def test_the_language_of_a_sentence_is_guessed(language: str, text: str) -> None:
    assert language_of(f"{text} {text}", LANGUAGES, "en") in (language, "en")


def test_a_longer_text_is_never_taken_for_english() -> None:
    for language in LANGUAGES:
        text = " ".join(text for tag, text, *_ in SENTENCES if tag == language)
        assert language_of(text, LANGUAGES, "en") == language


def test_what_stands_below_a_heading_is_required_until_the_next_one() -> None:
    text = "Prerequisites:\n- cloud computing\n- open source software\n\nContents:\n- smart grids\n- digital twins"
    relations = {code: found.relation for code in ("T005", "T023", "T024") if (found := matched(text, code))}
    assert relations == {"T005": "requires", "T023": "requires", "T024": "teaches"}


def test_a_heading_with_its_text_on_one_line_ends_with_the_line() -> None:
    text = "Prerequisites: cloud computing; open source software.\nYou learn about smart grids."
    relations = {code: found.relation for code in ("T005", "T023", "T024") if (found := matched(text, code))}
    assert relations == {"T005": "requires", "T023": "requires", "T024": "teaches"}


def test_what_is_taught_somewhere_is_taught() -> None:
    found = matched("Basic knowledge of cloud computing is required. You will learn cloud computing.", "T005")
    assert found is not None
    assert found.relation == "teaches"


def test_the_title_tells_the_level_where_no_verb_does() -> None:
    assert (found := matched("Stakeholder management.", "C004", title="Introduction to programmes")) is not None
    assert found.level == 1
    assert (found := matched("Stakeholder management.", "C004", title="Advanced programmes")) is not None
    assert found.level == 3


def test_only_competencies_have_a_level() -> None:
    assert (found := matched("Design advanced smart grids.", "T024")) is not None
    assert found.level is None
