"""What follows from a ranking by rule: high and low, expected levels, and how it is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competency_api.workshops.outcome.expecting import expected_levels, highest, lowest, spans
from competency_api.workshops.outcome.wording import (
    Room,
    comment_on_concept,
    rationale_of_need,
    rationale_of_profile,
    share_of,
    standing_said,
    title_of_need,
)
from competency_api.workshops.ranking import Ballot, rank, rank_topic
from tests.support.ballots import a_ballot, cast, rooms

FOUR = ["A", "B", "C", "D"]
ROOM = Room(
    title="City needs",
    place="Valencia",
    on="2018-12-12",
    organiser="Valencia",
    url="http://127.0.0.1:8000/en/workshops/w",
)


def options_of(standings: object) -> list[str]:
    return [standing.option for standing in standings]  # type: ignore[attr-defined]  # standings of any ranking


def test_of_four_firm_places_each_expects_another_level() -> None:
    ranking = rank(FOUR, cast("9 ABCD"))
    assert expected_levels(ranking, FOUR) == {"A": 4, "B": 3, "C": 2, "D": 1}


def test_tied_concepts_expect_what_the_last_of_them_would() -> None:
    ranking = rank(FOUR, [a_ballot("A=B>C>D")] * 9)
    assert expected_levels(ranking, FOUR) == {"A": 3, "B": 3, "C": 2, "D": 1}


def test_a_place_that_is_not_firm_expects_less() -> None:
    ranking = rank(FOUR, cast("5 ABCD", "4 BACD"))
    found = {standing.option: standing for standing in ranking.standings}
    assert found["A"].place == 1
    assert found["A"].firmness is not None
    assert found["A"].firmness.worst == 2
    assert expected_levels(ranking, FOUR)["A"] == 3


def test_too_few_ballots_expect_nothing() -> None:
    assert expected_levels(rank(FOUR, cast("4 ABCD")), FOUR) == {}


def test_only_concepts_are_expected_and_at_most_so_many() -> None:
    ranking = rank(FOUR, cast("9 ABCD"))
    assert expected_levels(ranking, {"B", "D"}) == {"B": 3, "D": 1}
    assert expected_levels(ranking, {"B", "D"}, most=1) == {"B": 3}


@given(rooms(["A", "B", "C", "D", "E", "F", "G"], max_size=12))
def test_no_more_than_a_quarter_expects_the_highest_level(ballots: list[Ballot]) -> None:
    levels = expected_levels(rank("ABCDEFG", ballots), "ABCDEFG")
    assert sum(level == 4 for level in levels.values()) <= 2
    assert sum(level >= 3 for level in levels.values()) <= 4
    assert set(levels.values()) <= {1, 2, 3, 4}


@given(rooms(FOUR), st.integers(0, 4), st.integers(0, 4))
def test_high_and_low_are_no_more_than_asked_for_however_they_are_tied(
    ballots: list[Ballot], top: int, bottom: int
) -> None:
    ranking = rank(FOUR, ballots)
    assert len(highest(ranking, top)) <= top
    assert len(lowest(ranking, bottom)) <= bottom
    if top + bottom <= len(FOUR):
        assert not {*options_of(highest(ranking, top))} & {*options_of(lowest(ranking, bottom))}


def test_of_a_tie_across_the_border_none_is_high() -> None:
    ranking = rank(FOUR, [a_ballot("A>B=C>D")])
    assert options_of(highest(ranking, 2)) == ["A"]
    assert options_of(highest(ranking, 3)) == ["A", "B", "C"]
    assert options_of(lowest(ranking, 2)) == ["D"]
    assert spans(ranking)["C"].last == 3


def test_the_share_of_points_goes_from_nothing_to_all() -> None:
    ranking = rank(FOUR, cast("3 ABCD"))
    assert [share_of(standing, ranking) for standing in ranking.standings] == [1, 2 / 3, 1 / 3, 0]


def test_a_rationale_tells_the_figures_of_the_ballots() -> None:
    ballots = [a_ballot("ABCD", table=table) for table in "11122"] + [a_ballot("BACD", table="2")]
    found = rank_topic(FOUR, ballots)
    said = rationale_of_need(ROOM, standing_said("What is needed?", found, "A"), ["data spaces", "espacios de datos"])
    assert "the workshop “City needs” (Valencia, 2018-12-12) named this need" in said
    assert "As typed: “data spaces”, “espacios de datos”." in said
    assert "Asked was: “What is needed?” (6 ballots, 4 options). It came in place 1 of 4, with 94 % of" in said
    assert "; drawn again, " in said
    assert "It beats every other option in direct comparison." in said
    assert "At the tables: 1: place 1 (3 ballots), 2: place 1 (3 ballots)." in said
    assert "Agreement of the tables (Kendall's W): 1.00." in said
    assert ROOM.url in said


def test_a_comment_and_a_profile_tell_them_too() -> None:
    found = rank_topic(FOUR, cast("5 ABCD"))
    assert "in place 4 of 4, with 0 % of" in comment_on_concept(ROOM, standing_said("What is needed?", found, "D"), [])
    assert "also called it: “x”." in comment_on_concept(ROOM, standing_said("What is needed?", found, "D"), ["x"])
    said = rationale_of_profile(ROOM, "What is needed?", found, [("A", "A001 Alpha", 4)])
    assert "- A001 Alpha: level 4, place 1 of 4\n" in said
    assert "a first proposal" in said


def test_a_long_need_makes_a_title_that_fits() -> None:
    assert title_of_need("data", ROOM) == "New: data (from the workshop “City needs”)"
    assert len(title_of_need("x" * 300, ROOM)) == 200
