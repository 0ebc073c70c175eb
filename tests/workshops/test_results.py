"""Results: whose they are counted from, who sees them when, and what is compared."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.db import Database
from competency_api.workshops.ranking import Ballot, rank_topic
from competency_api.workshops.results.comparing import disagreements, tau
from competency_api.workshops.results.counting import ranked
from tests.support.workshops import Room, a_room

OPTIONS = ("a", "b", "c", "d")
PLACES = st.fixed_dictionaries({name: st.integers(1, 4) for name in OPTIONS})
BALLOTS = st.lists(
    st.builds(
        Ballot,
        levels=st.permutations(OPTIONS).map(lambda order: tuple((name,) for name in order)),
        table=st.sampled_from(["1", "2"]),
    ),
    max_size=6,
)


@given(PLACES, PLACES)
def test_tau_is_symmetric_bounded_and_turned_round_with_an_order(a: dict[str, int], b: dict[str, int]) -> None:
    found, back = tau(a, b), tau(b, a)
    assert found == back
    if found is not None:
        turned = tau(a, {name: -place for name, place in b.items()})
        assert turned is not None
        assert (-1.0000001 <= found <= 1.0000001, turned) == (True, pytest.approx(-found))


def test_tau_counts_pairs_and_lets_ties_weigh_less() -> None:
    """By hand: five pairs are ordered by both, none differently, one is tied in the first."""
    first = dict(zip("abcd", (1, 2, 2, 4), strict=True))
    second = dict(zip("abcd", (1, 2, 3, 4), strict=True))
    assert tau(first, second) == pytest.approx(5 / (5 * 6) ** 0.5)
    assert tau(first, dict.fromkeys("abcd", 1)) is None


@given(BALLOTS)
def test_without_options_of_single_tables_it_is_the_ranking_itself(ballots: list[Ballot]) -> None:
    assert ranked(OPTIONS, {}, ballots) == rank_topic(OPTIONS, ballots)


def test_a_topic_that_begins_with_nothing_has_a_result_of_nothing() -> None:
    found = ranked((), {"1": ["d"]}, [Ballot(levels=(("d",),), table="1")])
    assert (found.overall.options, found.overall.ballots, found.tables["1"].blank) == ((), 0, 1)
    assert ranked((), {}, []).overall.standings == ()


@given(BALLOTS)
def test_an_option_of_one_table_changes_no_other_result(ballots: list[Ballot]) -> None:
    shared = OPTIONS[:3]
    found = ranked(shared, {"1": ["d"]}, ballots)
    assert set(found.overall.options) == set(shared)
    assert all(set(each.options) == set(OPTIONS) for name, each in found.tables.items() if name == "1")
    others = [ballot for ballot in ballots if ballot.table == "2"]
    if others:
        assert found.tables["2"] == ranked(shared, {"1": ["d"]}, others).tables["2"]


def test_those_who_disagree_most_come_first() -> None:
    orders = {"1": "abcd", "2": "abdc", "10": "dcba"}
    ballots = [Ballot(levels=tuple((name,) for name in order), table=table) for table, order in orders.items()]
    found = disagreements(rank_topic(OPTIONS, ballots).tables)
    assert [(pair.a, pair.b, round(pair.tau, 3)) for pair in found] == [
        ("1", "10", -1.0),
        ("2", "10", -0.667),
        ("1", "2", 0.667),
    ]


def voted(room: Room) -> list[str]:
    """Five of table 1 want wine first, one of table 2 bread."""
    tokens = [room.join(1, role="city") for _ in range(5)] + [room.join(2, role="company")]
    for token in tokens[:5]:
        room.vote(token, ["wine"], ["bread"])
    room.vote(tokens[5], ["bread"], ["cheese"])
    return tokens


def test_a_result_says_places_points_agreement_and_who_disagrees(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        voted(room)
        found = room.ask("GET", "/topics/food/results").json
        standings = found["overall"]["standings"]
        assert [(each["option"], each["place"]) for each in standings] == [("wine", 1), ("bread", 2), ("cheese", 3)]
        assert standings[0]["share"] == pytest.approx((5 * 2 + 0) / (2 * 6))
        assert (found["overall"]["ballots"], found["overall"]["condorcet_winner"]) == (6, "wine")
        assert (found["provisional"], found["state"], set(found["tables"])) == (True, "open", {"1", "2"})
        assert (set(found["groups"]), found["withheld"]) == (set(), ["city", "company"])
        assert [(pair["a"], pair["b"]) for pair in found["disagreements"]] == [("1", "2")]
        assert found["options"][0]["texts"] == {"en": "Bread"}
        plain = room.ask("GET", "/topics/food/results?matrices=false").json
        assert "matrix" not in plain["overall"]
        assert len(found["overall"]["matrix"]) == 3


def test_results_are_shown_to_participants_at_the_end_of_a_topic_and_to_all_at_the_end(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        tokens, path = voted(room), "/topics/food/results"
        key = room.key_of(2)
        assert room.taken(path, tokens[0]).status_code == room.ask("GET", path, "").status_code == 403
        assert room.ask("GET", path, room.other).status_code == 403
        assert room.ask("GET", path, key).status_code == 200
        room.act("/topics/food/closing", key)
        assert room.taken(path, tokens[0]).json["overall"]["ballots"] == 6
        assert room.ask("GET", path, "").status_code == 403
        before = room.ask("GET", "/results").json
        room.act("/closing")
        assert room.ask("GET", path, "").status_code == 403
        room.act("/reporting")
        after = room.ask("GET", "/results", "").json
        assert (before["provisional"], after["provisional"], after["hidden"]) == (True, False, [])
        assert after["items"][0]["overall"] == before["items"][0]["overall"]


def test_who_asks_again_is_answered_shortly_until_something_changes(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        token = voted(room)[0]
        for path in ("/results", "/topics/food/results"):
            tag = room.ask("GET", path).headers["ETag"]
            with patch("competency_api.workshops.results.routes._documents") as made:
                again = room.ask("GET", path, headers={"If-None-Match": tag})
            assert not made.called
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        room.vote(token, ["cheese"])
        assert room.ask("GET", "/topics/food/results", headers={"If-None-Match": tag}).status_code == 200


def test_a_topic_without_ballots_has_an_empty_result(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        found = room.ask("GET", "/topics/food/results").json
        assert (found["overall"]["ballots"], found["overall"]["standings"], found["tables"]) == (0, [], {})
