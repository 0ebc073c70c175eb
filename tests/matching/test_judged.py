"""Suggestions for twenty real courses, each judged after reading the course: docs/reference/suggestions-quality.md."""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path

import pytest

from competency_api.matching.matcher import Matcher
from competency_api.matching.values import DEFAULT_KINDS, Match, MatchQuery
from tests.support.seeds import TODAY, state
from tests.support.sources import ROOT

PAGE = (ROOT / "docs/reference/suggestions-quality.md").read_text("utf-8")
with (Path(__file__).parent / "judged_courses.csv").open(encoding="utf-8", newline="") as file:
    JUDGED = {(row["title"], row["code"]): row["judgement"] == "right" for row in csv.DictReader(file)}
TITLES = tuple(dict.fromkeys(title for title, _ in JUDGED))
SURE = 0.15


@cache
def suggested(data: Path) -> dict[str, tuple[Match, ...]]:
    with gzip.open(data / "courses/coursera_courses.csv.gz", "rt", encoding="utf-8", newline="") as courses:
        descriptions = {row["course_title"]: row["course_description"] for row in csv.DictReader(courses)}
    matcher = Matcher(state(TODAY))
    return {
        title: matcher.match(
            MatchQuery(title=title, description=descriptions[title], kinds=DEFAULT_KINDS, limit=10)
        ).matches
        for title in TITLES
    }


def share(pairs: list[tuple[str, Match]]) -> float:
    """Of those that were judged; a change of the method may bring in some that nobody has read yet."""
    judged = [JUDGED[title, match.code] for title, match in pairs if (title, match.code) in JUDGED]
    assert len(judged) >= 0.9 * len(pairs), "judge the new ones: tests/matching/judged_courses.csv"
    return sum(judged) / len(judged)


@pytest.mark.slow
def test_of_those_that_are_sure_most_are_right(realdata: Path) -> None:
    pairs = [(title, match) for title, found in suggested(realdata).items() for match in found]
    assert share([pair for pair in pairs if pair[1].confidence >= SURE]) >= 0.6
    assert share([pair for pair in pairs if pair[1].confidence < SURE]) < 0.2


@pytest.mark.slow
def test_the_first_suggestion_is_mostly_right(realdata: Path) -> None:
    assert share([(title, found[0]) for title, found in suggested(realdata).items()]) >= 0.75


def test_the_page_shows_every_judgement() -> None:
    rows = {
        cells[1].strip(): (cells[2].replace("*", "").split(), cells[3].replace("*", "").split())
        for line in PAGE.splitlines()
        if len(cells := line.split("|")) == 5 and cells[1].strip() in {" ".join(title.split()) for title in TITLES}
    }
    shown = {
        (title, code): is_right
        for title, (right, wrong) in rows.items()
        for codes, is_right in ((right, True), (wrong, False))
        for code in codes
        if code != "–"
    }
    assert shown == {(" ".join(title.split()), code): is_right for (title, code), is_right in JUDGED.items()}
