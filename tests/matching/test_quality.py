"""How good suggestions are on labelled sentences (benchmarks/evaluate.py), and that the measure is what it says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.bm25 import Bm25
from benchmarks.evaluate import fit, ours
from benchmarks.labelled import Labelled, mean_r_precision, r_precision, sentences, skills


def labels(*codes: str) -> list[frozenset[str]]:
    return [frozenset({code}) for code in codes]


@pytest.mark.parametrize(
    ("ranked", "right", "share"),
    [
        ("abcde", "a", 1.0),
        ("abcde", "f", 0.0),
        ("abcdef", "f", 0.0),
        ("abcde", "af", 0.5),
        ("abcde", "abcdefgh", 1.0),
        ("abc", "acx", 2 / 3),
        ("", "a", 0.0),
    ],
)
def test_hits_among_the_first_five_are_divided_by_what_could_be_hit(ranked: str, right: str, share: float) -> None:
    assert r_precision(list(ranked), labels(*right)) == pytest.approx(share)


def test_every_sentence_weighs_the_same() -> None:
    given = [Labelled("a", tuple(labels("x")), 0), Labelled("b", tuple(labels("x", "y", "z")), 0)]

    def rank(text: str) -> Sequence[str]:
        return ["x"] if text == "a" else []

    assert mean_r_precision(rank, given) == 0.5


def test_plain_bm25_prefers_rare_words_and_short_documents() -> None:
    documents = {"a": "data data of the city", "b": "the city", "c": "the", "d": "of the city and the sea and the land"}
    plain = Bm25(documents.items(), str.split)
    assert plain.rank("data city")[0] == "a"
    assert plain.rank("city")[0] == "b"
    assert plain.rank("nothing") == []


def test_the_curve_of_the_confidence_finds_the_one_that_the_outcomes_were_made_with() -> None:
    slope, middle = fit([(x / 100, x % 10 < x / 10) for x in range(100)])
    assert 3 < slope < 9
    assert middle == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_suggestions_stay_as_good_as_they_were_measured(realdata: Path) -> None:
    taxonomy = skills(realdata)
    rank = ours(taxonomy)
    # measured: docs/reference/suggestions-quality.md; the margin is one sentence in thirty
    assert mean_r_precision(rank, sentences(realdata, "house")) >= 0.55
    assert mean_r_precision(rank, sentences(realdata, "tech")) >= 0.73
    given = [one.text for one in sentences(realdata, "tech")]
    began = time.process_time()
    for text in given:
        rank(text)
    assert (time.process_time() - began) / len(given) < 0.010


@pytest.mark.slow
def test_sentences_without_a_label_do_not_count_and_those_that_say_the_same_are_in_one_half(realdata: Path) -> None:
    counts = {name: len(sentences(realdata, name)) for name in ("house", "tech")}
    assert counts == {"house": 61, "tech": 75}
    by_labels: dict[tuple[frozenset[str], ...], set[int]] = {}
    for one in sentences(realdata, "tech"):
        by_labels.setdefault(tuple(sorted(one.labels, key=sorted)), set()).add(one.half)
    assert {len(halves) for halves in by_labels.values()} == {1}
