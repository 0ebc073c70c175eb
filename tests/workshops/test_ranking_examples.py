"""Published worked examples, each with its source, and answers that were recorded from another program."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from competency_api.workshops.ranking import Ranking, rank
from tests.support.ballots import a_ballot, cast

RECORDED = json.loads((Path(__file__).parent / "recorded_rankings.json").read_text("utf-8"))

#: Wikipedia, «Schulze method», example with 45 voters and 5 candidates.
FORTY_FIVE = cast("5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC")


def ranked(options: str, *counted: str) -> Ranking:
    return rank(options, cast(*counted), resamples=0)


def order(ranking: Ranking) -> str:
    """``E>A=C``"""
    by_place: dict[int, list[str]] = {}
    for standing in ranking.standings:
        by_place.setdefault(standing.place, []).append(standing.option)
    return ">".join("=".join(options) for options in by_place.values())


def test_the_example_of_45_voters_has_its_pair_counts_and_its_strongest_paths() -> None:
    ranking = rank("ABCDE", FORTY_FIVE, resamples=0)
    assert ranking.above == (
        (0, 20, 26, 30, 22),
        (25, 0, 16, 33, 18),
        (19, 29, 0, 17, 24),
        (15, 12, 28, 0, 14),
        (23, 27, 21, 31, 0),
    )
    assert ranking.paths == (
        (0, 28, 28, 30, 24),
        (25, 0, 28, 33, 24),
        (25, 29, 0, 29, 24),
        (25, 28, 28, 0, 24),
        (25, 28, 28, 31, 0),
    )


def test_the_example_of_45_voters_ends_with_e_first_though_nobody_beats_all_others() -> None:
    ranking = rank("ABCDE", FORTY_FIVE, resamples=0)
    assert order(ranking) == "E>A>C>B>D"
    assert ranking.condorcet_winner is None


@pytest.mark.parametrize(
    "path",
    ["ADCB", "ADC", "AD", "BA", "BDC", "BD", "CBA", "CB", "CBD", "CE", "DCBA", "DCB", "DC", "DCE", "EDCB", "EDC", "ED"],
)
def test_the_example_of_45_voters_shows_the_published_paths(path: str) -> None:
    assert "".join(rank("ABCDE", FORTY_FIVE, resamples=0).beat_path(path[0], path[-1])) == path


@pytest.mark.parametrize(("published", "found"), [("ADCE", "ACE"), ("BDCE", "BACE"), ("EDCBA", "EBA")])
def test_where_several_paths_are_as_strong_a_shortest_one_is_shown(published: str, found: str) -> None:
    ranking = rank("ABCDE", FORTY_FIVE, resamples=0)
    assert "".join(ranking.beat_path(published[0], published[-1])) == found

    def weakest(path: str) -> int:
        return min(ranking.above["ABCDE".index(a)]["ABCDE".index(b)] for a, b in pairwise(path))

    assert weakest(found) == weakest(published)
    assert len(found) <= len(published)


def test_the_first_example_of_schulzes_paper_with_21_voters() -> None:
    ranking = ranked("ABCD", "8 ACDB", "2 BADC", "4 CDBA", "4 DBAC", "3 DCBA")
    assert ranking.above == ((0, 8, 14, 10), (13, 0, 6, 2), (7, 15, 0, 12), (11, 19, 9, 0))
    assert ranking.paths == ((0, 14, 14, 12), (13, 0, 13, 12), (13, 15, 0, 12), (13, 19, 13, 0))
    assert order(ranking) == "D>A>C>B"


@pytest.mark.parametrize(
    ("options", "counted", "expected"),
    [
        ("ABCD", "5 ACBD,2 ACDB,3 ADCB,4 BACD,3 CBDA,3 CDBA,1 DACB,5 DBAC,4 DCBA", "D>A>C>B"),
        ("ABCDE", "3 ABDEC,5 ADEBC,1 ADECB,2 BADEC,2 BDECA,4 CABDE,6 CBADE,2 DBECA,5 DECAB", "B>A>D>E>C"),
    ],
)
def test_further_examples_of_schulze(options: str, counted: str, expected: str) -> None:
    """Of his page of examples in Wikipedia, with 30 voters each."""
    assert order(ranked(options, *counted.split(","))) == expected


def test_options_that_the_method_leaves_open_are_tied() -> None:
    """The fourth of these examples: two potential winners, and it decides only B over C and D over A."""
    ranking = ranked("ABCD", "3 ABCD", "2 DABC", "2 DBCA", "2 CBDA")
    assert [a + b for a in "ABCD" for b in "ABCD" if ranking.is_before(a, b)] == ["BC", "DA"]
    assert order(ranking) == "B=D>A=C"


def test_the_capital_of_tennessee() -> None:
    """Wikipedia, «Borda count» and «Condorcet method»: 100 voters, four cities by distance."""
    ranking = ranked("MNCK", "42 MNCK", "26 NCKM", "15 CKNM", "17 KCNM")
    assert {standing.option: standing.borda for standing in ranking.standings} == {
        "M": 126,
        "N": 194,
        "C": 173,
        "K": 107,
    }
    assert ranking.condorcet_winner == "N"
    assert order(ranking) == "N>C>K>M"


def test_kendalls_example_with_ties() -> None:
    """Kendall, Rank Correlation Methods, chapter 6; Siegel, Nonparametric Statistics (1956): S = 591, W = 0.828."""
    orders = ["A>C>E>B=D>G>F=I>H>J", "B>A=C>D=E>H=J>F>G>I", "B>A>C=D=E=F>G=H=I>J"]
    ranking = rank("ABCDEFGHIJ", [a_ballot(written) for written in orders], resamples=0)
    points = {standing.option: standing.borda for standing in ranking.standings}
    sums_of_ranks = [30 - points[option] for option in "ABCDEFGHIJ"]
    assert sums_of_ranks == [5.5, 6.5, 9, 13.5, 12, 20, 23, 23.5, 25.5, 26.5]
    assert ranking.agreement == pytest.approx(591 / 714)


def test_two_orders_with_ties_have_the_agreement_of_the_textbooks_formula() -> None:
    """Sheskin's Handbook of Parametric and Nonparametric Statistical Procedures gives the formula (W = 102/444)."""
    ballots = [a_ballot("C>B=E>A=D"), a_ballot("E>A=D>B>C")]
    assert rank("ABCDE", ballots, resamples=0).agreement == pytest.approx(0.22973, abs=5e-6)


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: " ".join(case["ballots"]))
def test_another_program_finds_the_same(case: dict[str, Any]) -> None:
    """Made with pref_voting 1.18.2 over random weak orders with options left out (extended strict preference):
    ``beat_path_defeat`` with the strength ``support``, ``condorcet_winner``, ``symmetric_borda_scores``."""
    options = case["options"]
    ranking = rank(options, [a_ballot(written) for written in case["ballots"]], resamples=0)
    assert [a + b for a in options for b in options if ranking.is_before(a, b)] == case["before"]
    assert ranking.condorcet_winner == case["condorcet"]
    everybody = (len(options) - 1) * ranking.ballots
    assert {s.option: 2 * s.borda - everybody for s in ranking.standings} == (case["borda"] if ranking.ballots else {})
