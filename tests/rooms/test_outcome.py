"""What a page says of a result, made from the result as the API answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from competency_api.pages.texts import Said
from competency_api.rooms.outcome import Outcome
from competency_api.rooms.screen import texts_of
from competency_api.workshops.ranking import Ballot, rank_topic
from competency_api.workshops.results.presentation import ranking_document

Votes = Sequence[tuple[str, str]]
#: The circle of docs/reference/ranking.md: a before b before c before a, cut at its weakest step.
CIRCLE = [("abc", "1")] * 6 + [("bca", "1")] * 3 + [("cab", "2")] * 5


def an_outcome(votes: Votes, options: str = "abc", language: str = "en", **members: Any) -> Outcome:
    ballots = [Ballot(levels=tuple((name,) for name in order), table=table, group="city") for order, table in votes]
    found = rank_topic(tuple(options), ballots, resamples=20)
    result = {
        "topic": "food",
        "question": {"en": "What first?", "es": "¿Qué primero?"},
        "options": [{"name": name, "concept": None, "texts": {"en": f"The {name}"}, "table": None} for name in options],
        "overall": ranking_document(found.overall, True),
        "tables": {name: ranking_document(ranking, True) for name, ranking in found.tables.items()},
        "groups": {name: ranking_document(ranking, True) for name, ranking in found.groups.items()},
        "withheld": list(found.withheld),
        "agreement_of_tables": found.agreement_of_tables,
        "disagreements": [{"a": "1", "b": "2", "tau": -0.3333}],
    }
    return Outcome({**result, **members}, texts_of(language))


def test_the_first_bar_is_whole_and_the_others_are_shares_of_it() -> None:
    rows = an_outcome([("abc", "1")] * 6).rows
    assert [(row["name"], row["place"], row["label"].text) for row in rows] == [
        ("a", 1, "The a"), ("b", 2, "The b"), ("c", 3, "The c"),
    ]  # fmt: skip
    assert ['width="100.0"' in rows[0]["bar"], 'width="50.0"' in rows[1]["bar"], 'width="0.0"' in rows[2]["bar"]] == [
        True
    ] * 3
    assert rows[0]["firm"] == "1 to 1, held in 100 %"


def test_a_majority_is_the_reason_and_who_beats_all_is_named() -> None:
    assert an_outcome([("abc", "1")] * 6 + [("bac", "1")] * 2).reasons == [
        "“The a” beats each other option one by one.",
        "“The a” is before “The b”: 6 ballots to 2.",
        "“The b” is before “The c”: 8 ballots to 0.",
    ]


def test_where_the_room_goes_round_in_a_circle_the_path_is_told() -> None:
    outcome = an_outcome(CIRCLE)
    assert [row["name"] for row in outcome.rows] == ["a", "b", "c"]
    assert outcome.overall["condorcet_winner"] is None
    assert "“The a” is before “The c” by way of The b: each step is won with at least 9 ballots" in outcome._why(
        "a", "c"
    )


def test_tables_stand_side_by_side_in_their_order_and_a_place_far_from_the_rooms_is_marked() -> None:
    outcome = an_outcome([("abc", "2")] * 5 + [("cba", "10")] * 2)
    tables = outcome.beside("tables")
    assert list(tables) == ["2", "10"]
    assert tables["10"] == {"c": 1, "b": 2, "a": 3}
    first = outcome.rows[0]
    assert [outcome.is_far(places[first["name"]], first) for places in tables.values()] == [False, True]


def test_what_only_one_table_ranked_is_told_with_its_place_there() -> None:
    outcome = an_outcome([("abc", "1")] * 2)
    own = {"name": "d", "concept": None, "texts": {"en": "<b>Salt</b>"}, "table": 1}
    standings = [{"option": "d", "place": 1}, {"option": "a", "place": 2}]
    result = {
        **outcome.result,
        "options": [*outcome.result["options"], own],
        "tables": {"1": {"ballots": 2, "standings": standings}},
    }
    assert Outcome(result, texts_of("en")).own == [
        {"label": Said("<b>Salt</b>", "en"), "table": 1, "place": 1, "of": 2}
    ]


def test_figures_are_written_as_the_language_does() -> None:
    assert an_outcome([("abc", "1")] * 2).figure(-0.3333) == "−0.33"
    assert an_outcome([("abc", "1")] * 2, language="de").figure(0.5) == "0,50"
    assert an_outcome([("abc", "1")] * 2).figure(None) == "–"


def test_a_topic_that_nobody_ranked_has_no_rows_and_no_reasons() -> None:
    outcome = an_outcome([])
    assert (outcome.rows, outcome.reasons, outcome.beside("tables")) == ([], [], {})


def test_groups_that_are_too_small_are_named_but_not_shown() -> None:
    assert an_outcome([("abc", "1")] * 2).withheld == "City or public body"
