"""What the literature proves of Schulze's method, Borda's and Kendall's W, for any ballots."""

from __future__ import annotations

from itertools import pairwise, permutations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from competency_api.workshops.ranking import Ballot, Ranking, rank
from tests.support.ballots import renamed, rooms, weak_orders

OPTIONS = "ABCDE"


def ranked(ballots: list[Ballot], options: str = OPTIONS) -> Ranking:
    return rank(options, ballots, resamples=0)


def before(ranking: Ranking) -> set[tuple[str, str]]:
    """The pairs that Schulze's method decides."""
    return {pair for pair in permutations(ranking.options, 2) if ranking.is_before(*pair)}


def first(ranking: Ranking) -> set[str]:
    return {standing.option for standing in ranking.standings if standing.place == 1}


def points(ranking: Ranking) -> dict[str, float]:
    return {standing.option: standing.borda for standing in ranking.standings}


def levels_of(ballot: Ballot, options: str = OPTIONS) -> dict[str, int]:
    found = {option: number for number, level in enumerate(ballot.levels) for option in level}
    return {option: found.get(option, len(ballot.levels)) for option in options}


@given(rooms(OPTIONS), st.randoms(use_true_random=False))
def test_it_does_not_matter_who_votes_first(ballots: list[Ballot], chance: Random) -> None:
    shuffled = chance.sample(ballots, len(ballots))
    assert rank(OPTIONS, ballots, resamples=20) == rank(OPTIONS, shuffled, resamples=20)


@given(rooms(OPTIONS), st.permutations(OPTIONS))
def test_it_does_not_matter_what_options_are_called_nor_in_which_order_they_are_listed(
    ballots: list[Ballot], names: list[str]
) -> None:
    new = dict(zip(OPTIONS, names, strict=True))
    one, other = ranked(ballots), ranked([renamed(ballot, new) for ballot in ballots])
    assert before(other) == {(new[a], new[b]) for a, b in before(one)}
    assert points(other) == {new[option]: value for option, value in points(one).items()}
    assert other.agreement == one.agreement


@given(rooms(OPTIONS))
def test_the_order_is_consistent_and_somebody_is_first(ballots: list[Ballot]) -> None:
    ranking = ranked(ballots)
    decided = before(ranking)
    assert {(a, c) for a, b in decided for other, c in decided if b == other} <= decided
    place = {standing.option: standing.place for standing in ranking.standings}
    assert all(place[a] < place[b] for a, b in decided)
    assert not ranking.ballots or first(ranking)


@given(rooms(OPTIONS))
def test_who_beats_everyone_is_first_alone(ballots: list[Ballot]) -> None:
    ranking = ranked(ballots)
    if ranking.condorcet_winner is not None:
        assert first(ranking) == {ranking.condorcet_winner}


@given(rooms(OPTIONS))
def test_a_path_is_as_strong_as_the_best_of_all_paths(ballots: list[Ballot]) -> None:
    """Against the definition: every path is tried."""
    ranking = ranked(ballots)
    above = {a: dict(zip(OPTIONS, row, strict=True)) for a, row in zip(OPTIONS, ranking.above, strict=True)}
    for a, b in permutations(OPTIONS, 2):
        between = [o for o in OPTIONS if o not in (a, b)]
        ways = [(a, *way, b) for length in range(4) for way in permutations(between, length)]
        links = [[(above[x][y], above[y][x]) for x, y in pairwise(way)] for way in ways]
        strongest = max(min(won if won > lost else 0 for won, lost in steps) for steps in links)
        assert ranking.paths[OPTIONS.index(a)][OPTIONS.index(b)] == strongest


@given(rooms(OPTIONS), st.sampled_from(OPTIONS))
def test_a_clone_changes_nothing_between_the_others(ballots: list[Ballot], cloned: str) -> None:
    """The clone Z stands beside its original on every ballot, sometimes above, sometimes below, sometimes tied."""
    one = ranked(ballots)
    other = ranked([_with_clone(ballot, cloned, number % 3) for number, ballot in enumerate(ballots)], OPTIONS + "Z")
    family = {cloned, "Z"}
    assert {pair for pair in before(other) if not family & set(pair)} == {p for p in before(one) if cloned not in p}
    for option in set(OPTIONS) - family:
        for member in family:
            assert ((option, member) in before(other)) == ((option, cloned) in before(one))
            assert ((member, option) in before(other)) == ((cloned, option) in before(one))


def _with_clone(ballot: Ballot, cloned: str, way: int) -> Ballot:
    levels: list[tuple[str, ...]] = []
    for level in ballot.levels:
        rest = tuple(option for option in level if option != cloned)
        if rest == level:
            levels.append(level)
        elif rest or not way:  # side by side only by a tie where others are tied with the original
            levels.append((*level, "Z"))
        else:
            levels += [("Z",), level] if way == 1 else [level, ("Z",)]
    return Ballot(levels=tuple(levels))


@given(rooms(OPTIONS), st.sampled_from(OPTIONS), st.integers(0, 8))
def test_an_option_that_somebody_raises_does_not_fall(ballots: list[Ballot], raised: str, which: int) -> None:
    one = ranked(ballots)
    changed = [_raised(b, raised) if number == which else b for number, b in enumerate(ballots)]
    other = ranked(changed)
    assert {b for a, b in before(one) if a == raised} <= {b for a, b in before(other) if a == raised}
    assert {a for a, b in before(other) if b == raised} <= {a for a, b in before(one) if b == raised}


def _raised(ballot: Ballot, option: str) -> Ballot:
    rest = tuple(tuple(o for o in level if o != option) for level in ballot.levels)
    return Ballot(levels=((option,), *(level for level in rest if level)))


@given(rooms(OPTIONS, complete=True))
def test_turning_every_ballot_round_turns_the_result_round(ballots: list[Ballot]) -> None:
    one, other = ranked(ballots), ranked([Ballot(levels=ballot.levels[::-1]) for ballot in ballots])
    assert before(other) == {(b, a) for a, b in before(one)}
    assert points(other) == {option: 4 * one.ballots - value for option, value in points(one).items()}
    assert other.agreement == one.agreement


@given(weak_orders(OPTIONS), st.integers(1, 3))
def test_one_opinion_is_its_own_result(ballot: Ballot, times: int) -> None:
    level = levels_of(ballot)
    ranking = ranked([ballot] * times)
    assert before(ranking) == {(a, b) for a, b in permutations(OPTIONS, 2) if level[a] < level[b]}
    assert ranking.agreement is None or ranking.agreement == 1


@given(rooms(OPTIONS))
def test_unranked_options_are_tied_below_all_ranked_ones(ballots: list[Ballot]) -> None:
    def completed(ballot: Ballot) -> Ballot:
        rest = tuple(option for option in OPTIONS if option not in {o for level in ballot.levels for o in level})
        return Ballot(levels=(*ballot.levels, rest))

    assert ranked([completed(ballot) for ballot in ballots]) == ranked(ballots)


@given(rooms(OPTIONS))
def test_every_ballot_gives_as_many_points_as_any_other(ballots: list[Ballot]) -> None:
    ranking = ranked(ballots)
    assert sum(points(ranking).values()) == 10 * ranking.ballots


@given(rooms(OPTIONS))
def test_agreement_lies_between_nothing_and_everything(ballots: list[Ballot]) -> None:
    found = ranked(ballots).agreement
    assert (found is None) == (ranked(ballots).ballots < 2)
    assert found is None or 0 <= found <= 1
