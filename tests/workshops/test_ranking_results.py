"""Results of a topic: nothing to count, too little to say, tables, groups that must not be shown, firmness."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.errors import InvalidInput
from competency_api.workshops.ranking import Ballot, rank, rank_topic, read_ballot, shown_groups
from competency_api.workshops.ranking.ballots import in_own_order, level_matrix
from competency_api.workshops.ranking.firmness import BLOCKS, counted_in_blocks, drawn_places
from competency_api.workshops.ranking.pairs import pair_counts
from tests.support.ballots import a_ballot, cast, rooms


def test_without_ballots_nothing_is_placed() -> None:
    empty = rank("ABC", [])
    assert (empty.ballots, empty.blank, empty.standings) == (0, 0, ())
    assert (empty.condorcet_winner, empty.agreement) == (None, None)
    assert empty.above == empty.paths == ((0, 0, 0),) * 3
    assert empty.beat_path("A", "B") == ()


def test_blank_ballots_are_counted_and_weigh_nothing() -> None:
    ballots = cast("3 ABC", "2 CAB")
    both = rank("ABC", [*ballots, Ballot(levels=()), a_ballot("A=B=C")])
    assert both.blank == 2
    assert msgspec.structs.replace(both, blank=0) == rank("ABC", ballots)
    assert rank("ABC", [Ballot(levels=())]).standings == ()


@pytest.mark.parametrize("options", ["", "A"])
def test_where_there_is_no_choice_there_is_no_result(options: str) -> None:
    ranking = rank(options, [a_ballot(options), Ballot(levels=())])
    assert (ranking.ballots, ranking.blank, ranking.standings) == (0, 2, ())


def test_tied_options_have_the_same_place_and_stand_as_listed() -> None:
    ranking = rank("CAB", cast("1 AB", "1 BA"))
    assert [(standing.option, standing.place, standing.borda) for standing in ranking.standings] == [
        ("A", 1, 3.0),
        ("B", 1, 3.0),
        ("C", 3, 0.0),
    ]


def test_a_ballot_of_somebody_else_is_refused_option_by_option() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_ballot("ABC", [["A", "X"], [], ["B", "A"]])
    assert [(error.pointer, error.message) for error in refused.value.errors] == [
        ("/levels/0/1", "“X” is not an option of this topic. Known are: A, B, C."),
        ("/levels/2/1", "“A” is ranked twice; an option has one place."),
    ]


def test_levels_without_options_are_left_out() -> None:
    assert read_ballot("ABC", [[], ["B"], [], ["A", "C"], []]).levels == (("B",), ("A", "C"))
    with_gaps = Ballot(levels=((), ("B",), (), ("A", "C"), ()))
    assert level_matrix("ABC", [with_gaps, Ballot(levels=())]).tolist() == [[1, 0, 1], [0, 0, 0]]


def test_each_table_has_its_result_and_those_without_a_table_count_overall() -> None:
    ballots = [a_ballot("A>B", table="2"), a_ballot("A>B", table="1"), a_ballot("B>A")]
    topic = rank_topic("AB", ballots)
    assert list(topic.tables) == ["1", "2"]
    assert topic.tables["1"] == rank("AB", ballots[1:2])
    assert topic.overall == rank("AB", ballots)


def test_agreement_between_tables_counts_each_table_once() -> None:
    large = [a_ballot("A>B>C", table="large")] * 30
    small = [a_ballot("C>B>A", table="small")]
    assert rank_topic("ABC", large).agreement_of_tables is None
    assert rank_topic("ABC", large + small).agreement_of_tables == 0
    same = [a_ballot("A>B>C", table=table) for table in "123"]
    blank = [Ballot(levels=(), table="4")]
    assert rank_topic("ABC", same + blank).agreement_of_tables == 1


def test_agreement_between_tables_corrects_for_ties_in_their_orders() -> None:
    ballots = [a_ballot("A>B=C", table="1"), a_ballot("A=B>C", table="2")]
    # ranks 1, 2½, 2½ and 1½, 1½, 3: sums 2½, 4, 5½; S = 4.5; most = 2·(2·24 - 6 - 6)/12
    assert rank_topic("ABC", ballots).agreement_of_tables == pytest.approx(4.5 / 6)


def test_groups_under_five_are_not_shown() -> None:
    ballots = [a_ballot("A>B", group="city")] * 6 + [a_ballot("B>A", group="company")] * 4
    ballots += [a_ballot("B>A")] * 3
    topic = rank_topic("AB", ballots)
    assert list(topic.groups) == ["city"]
    assert topic.withheld == ("company",)


def test_blank_ballots_do_not_make_a_group_large_enough() -> None:
    ballots = [a_ballot("A>B", group="city")] * 4 + [Ballot(levels=(), group="city")] * 4
    assert rank_topic("AB", ballots).withheld == ("city",)


def test_a_small_group_cannot_be_found_by_taking_the_others_away() -> None:
    assert shown_groups({"city": 9, "university": 7, "cluster": 2}, 18) == ("city",)
    assert shown_groups({"city": 9, "university": 7}, 16) == ("city", "university")
    assert shown_groups({"city": 9, "university": 7}, 17) == ("city",)
    assert shown_groups({"city": 9}, 10) == ()


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 9)), st.integers(0, 9))
def test_neither_a_shown_group_nor_what_remains_is_ever_under_five(sizes: dict[str, int], others: int) -> None:
    ballots = sum(sizes.values()) + others
    shown = shown_groups(sizes, ballots)
    assert all(sizes[group] >= 5 for group in shown)
    rest = ballots - sum(sizes[group] for group in shown)
    assert not shown or rest == 0 or rest >= 5


def test_what_nobody_disputes_is_firm() -> None:
    assert [
        (s.firmness.held, s.firmness.best, s.firmness.worst) for s in rank("AB", cast("9 AB")).standings if s.firmness
    ] == [
        (1.0, 1, 1),
        (1.0, 2, 2),
    ]


def test_what_one_ballot_decides_is_not_firm() -> None:
    (first, second) = rank("AB", cast("10 AB", "9 BA")).standings
    assert first.firmness is not None
    assert 0.4 < first.firmness.held < 0.75
    assert (first.firmness.best, first.firmness.worst) == (1, 2)
    assert second.option == "B"


def test_of_fewer_than_five_ballots_nobody_can_say_how_firm_they_are() -> None:
    assert [standing.firmness for standing in rank("AB", cast("4 AB")).standings] == [None, None]
    assert [standing.firmness for standing in rank("AB", cast("9 AB"), resamples=0).standings] == [None, None]


def test_firmness_is_the_same_every_time_and_another_seed_draws_others() -> None:
    ballots = cast("10 ABC", "9 BCA", "8 CAB")
    one = rank("ABC", ballots)
    assert one == rank("ABC", ballots)
    assert one != rank("ABC", ballots, seed=1)


@given(rooms("ABCD", max_size=30))
def test_a_place_lies_where_its_resamples_lie(ballots: list[Ballot]) -> None:
    for standing in rank("ABCD", ballots, resamples=40).standings:
        if standing.firmness:
            assert 0 <= standing.firmness.held <= 1
            assert 1 <= standing.firmness.best <= standing.firmness.worst <= 4


@pytest.mark.parametrize("counted", [["6 ABCDE", "5 BCDEA", "4 EADCB", "3 CBEAD"], ["12 AB", "5 BA"]])
def test_in_nine_of_ten_resamples_a_place_is_from_the_best_to_the_worst_shown(counted: list[str]) -> None:
    ballots = cast(*counted)
    drawn = drawn_places(counted_in_blocks(in_own_order(level_matrix("ABCDE", ballots)), 0), 200, 0)
    for standing in rank("ABCDE", ballots).standings:
        places, firm = drawn["ABCDE".index(standing.option)], standing.firmness
        assert firm is not None
        assert firm.held == (places == standing.place).mean()
        assert (places < firm.best).mean() <= 0.05 < (places <= firm.best).mean()
        assert (places > firm.worst).mean() <= 0.05 < (places >= firm.worst).mean()


def test_many_ballots_are_drawn_in_blocks_that_lose_none_and_vary_as_much() -> None:
    """Of 2,000 ballots, 1,040 for A: A is first in about 96 of 100 rooms (40 votes are 1.79 standard deviations)."""
    levels = level_matrix("AB", cast("1040 AB", "960 BA"))
    blocks = counted_in_blocks(levels, seed=3)
    assert len(blocks) == BLOCKS
    assert np.array_equal(blocks.sum(axis=0), pair_counts(levels))
    assert (drawn_places(blocks, 2000, seed=4)[0] == 1).mean() == pytest.approx(0.963, abs=0.03)


def test_more_ballots_than_small_numbers_hold_are_counted_right() -> None:
    ranking = rank("ABC", cast("20000 ABC", "15000 CAB"), resamples=3)
    assert ranking.above == ((0, 35000, 20000), (0, 0, 20000), (15000, 15000, 0))
    assert [standing.option for standing in ranking.standings] == ["A", "B", "C"]
    assert [standing.firmness.held for standing in ranking.standings if standing.firmness] == [1.0, 1.0, 1.0]
