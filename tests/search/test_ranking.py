"""The order of hits over the starter taxonomy: a table of questions with their first hits, and the page about it."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from competency_api.formats.files import read_path
from competency_api.search.finding.ranking import TIER_WEIGHT, Quality, Tier, prior
from competency_api.search.index import SearchIndex
from competency_api.search.values import Hit, SearchQuery
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.support.sources import ROOT

PAGE = (ROOT / "docs/reference/search-ranking.md").read_text("utf-8")
TABLE = list(csv.DictReader(Path(__file__).with_name("ranking_table.csv").read_text("utf-8").splitlines()))


@cache
def starter() -> tuple[Taxonomy, SearchIndex]:
    documents = read_path(ROOT / "seeds/2.0.0")
    taxonomy = Taxonomy(entry.concept for document in documents for entry in document.entries)
    return taxonomy, SearchIndex(taxonomy)


def first(text: str, language: str | None = None) -> Hit:
    return starter()[1].search(SearchQuery(text=text, language=language)).hits[0]


@pytest.mark.parametrize("row", TABLE, ids=[row["query"] for row in TABLE])
def test_the_first_hit_is_the_one_that_was_meant(row: dict[str, str]) -> None:
    assert first(row["query"], row["language"] or None).code == row["first"], row["because"]


def test_the_table_is_long_enough_and_asks_nothing_twice() -> None:
    assert len({(row["query"], row["language"]) for row in TABLE}) == len(TABLE) >= 60


def test_the_examples_of_the_page_are_true() -> None:
    examples = re.findall(r"^\| `(.+?)` \| (\w+) (.+?) \|", PAGE, re.MULTILINE)
    taxonomy, _index = starter()
    assert len(examples) == 10
    assert [(text, first(text).code, taxonomy[first(text).code].name) for text, _code, _name in examples] == examples


def test_the_weights_on_the_page_are_those_that_count() -> None:
    weights = [float(weight) for weight in re.findall(r"^  \| .+ \| (\d\.\d\d) \|$", PAGE, re.MULTILINE)]
    assert weights == [*(TIER_WEIGHT[tier] for tier in Tier), *(quality.weight for quality in Quality)]


def test_no_length_of_a_label_turns_the_order_of_tiers() -> None:
    lengths = [prior(words, is_retired=False) for words in range(1, 200)]
    for better, worse in zip(list(Tier)[:-1], list(Tier)[1:], strict=True):
        assert TIER_WEIGHT[better] * min(lengths) > TIER_WEIGHT[worse] * max(lengths)
