"""The order of hits over the starter taxonomy: a table of questions with their first hits, and the page about it."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from competency_api.formats.files import read_path
from competency_api.search.finding.ranking import TIER_WEIGHT, Quality, Tier, prior
from competency_api.search.index import SearchIndex
from competency_api.search.values import Hit, SearchQuery, Suggestion, SuggestQuery
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.support.sources import ROOT

PAGE = (ROOT / "docs/reference/search-ranking.md").read_text("utf-8")
LINES = Path(__file__).with_name("ranking_table.csv").read_text("utf-8").splitlines()
#: ``asked`` of search unless the row says otherwise; ``answer`` is the language of who reads, none for all.
TABLE = list(csv.DictReader(LINES, restval=""))


@cache
def starter() -> tuple[Taxonomy, SearchIndex]:
    documents = read_path(ROOT / "seeds/2.0.0")
    taxonomy = Taxonomy(entry.concept for document in documents for entry in document.entries)
    return taxonomy, SearchIndex(taxonomy)


def first(text: str, **options: Any) -> Hit:
    return starter()[1].search(SearchQuery(text=text, **options)).hits[0]


def suggested(text: str, **options: Any) -> Suggestion:
    return starter()[1].suggest(SuggestQuery(text=text, **options))[0]


@pytest.mark.parametrize("row", TABLE, ids=[f"{row['query']} {row['answer']}" for row in TABLE])
def test_the_first_hit_is_the_one_that_was_meant(row: dict[str, str]) -> None:
    ask = suggested if row["asked"] == "suggest" else first
    answer = (row["answer"],) if row["answer"] else ()
    found = ask(row["query"], language=row["language"] or None, answer_languages=answer)
    assert found.code == row["first"], row["because"]
    assert found.language in (None, row["language"] or row["answer"] or found.language), row["because"]


def test_the_table_is_long_enough_and_asks_nothing_twice() -> None:
    asked = {(row["query"], row["language"], row["answer"], row["asked"]) for row in TABLE}
    assert len(asked) == len(TABLE) >= 60


def test_the_examples_of_the_page_are_true() -> None:
    examples = re.findall(r"^\| `(.+?)` \| (\w+) (.+?) \|", PAGE, re.MULTILINE)
    taxonomy, _index = starter()
    assert len(examples) == 11
    assert [(text, first(text).code, taxonomy[first(text).code].name) for text, _code, _name in examples] == examples


def test_the_weights_on_the_page_are_those_that_count() -> None:
    weights = [float(weight) for weight in re.findall(r"^  \| .+ \| (\d\.\d\d) \|$", PAGE, re.MULTILINE)]
    assert weights == [*(TIER_WEIGHT[tier] for tier in Tier), *(quality.weight for quality in Quality)]


def test_no_length_of_a_label_turns_the_order_of_tiers() -> None:
    lengths = [prior(words, is_retired=False) for words in range(1, 200)]
    for better, worse in zip(list(Tier)[:-1], list(Tier)[1:], strict=True):
        assert TIER_WEIGHT[better] * min(lengths) > TIER_WEIGHT[worse] * max(lengths)
