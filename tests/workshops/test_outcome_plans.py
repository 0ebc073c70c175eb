"""What a result would do to the taxonomy, before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from competency_api.core.errors import Conflict, InvalidInput
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops.outcome.planning import Planned, ProfileWanted, RankedOption, RankedTopic, Wanted, planned
from competency_api.workshops.outcome.wording import Room
from competency_api.workshops.ranking import Ballot, rank_topic
from competency_api.workshops.results.counting import ranked
from tests.factories import a_starter
from tests.support.ballots import a_ballot

ROOM = Room(
    title="City needs",
    place="Valencia",
    on="2018-12-12",
    organiser="Valencia",
    url="http://127.0.0.1:8000/en/workshops/city-needs",
)
DRAFT = Taxonomy(a_starter())
NEED = RankedOption(concept=None, texts={"es": "espacios de datos"}, typed=("espacios de datos", "datos"))
OPTIONS = {code: RankedOption(concept=code, texts={"en": code}) for code in ("C001", "C002", "C003")} | {"data": NEED}
ORDER = "C001>data>C002>C003"


def a_topic(*ballots: Ballot, takes_needs: bool = True, **options: RankedOption) -> RankedTopic:
    offered = options or OPTIONS
    found = rank_topic(list(offered), ballots or [a_ballot(ORDER)] * 9)
    return RankedTopic(question="What is needed?", takes_needs=takes_needs, options=offered, found=found)


def steps(topic: RankedTopic, **wanted: Any) -> list[Planned]:
    return planned(ROOM, topic, Wanted(**wanted), DRAFT)


def kinds(found: list[Planned]) -> list[tuple[str, str]]:
    return [(step.kind, step.option) for step in found]


def test_high_needs_are_added_and_high_and_low_concepts_commented_on() -> None:
    assert kinds(steps(a_topic(), top=2, bottom=1)) == [("comment", "C001"), ("add", "data"), ("comment", "C003")]
    assert kinds(steps(a_topic(), top=0, bottom=3)) == [("comment", "C002"), ("comment", "C003")]
    assert kinds(steps(a_topic(), options=("data",))) == [("add", "data")]


def test_an_added_need_has_the_workshop_as_its_source_and_the_words_of_the_room() -> None:
    [step] = steps(a_topic(), options=("data",), kind="technology")
    assert step.concept == {
        "kind": "technology",
        "labels": {"es": {"preferred": "espacios de datos"}},
        "translations": {"es": "draft"},
        "sources": [{"title": "Workshop: City needs", "publisher": "Valencia", "year": 2018, "url": ROOM.url}],
    }
    assert step.title == "New: espacios de datos (from the workshop “City needs”)"
    assert "As typed: “espacios de datos”, “datos”." in step.text


def test_a_profile_expects_what_the_places_say() -> None:
    profile = ProfileWanted(labels={"en": "Lighthouse manager"}, definition={"en": "Runs it."}, city_sizes=("small",))
    [step] = steps(a_topic(), options=(), profile=profile)
    assert step.concept is not None
    assert step.concept["relations"] == {
        "expects": [{"code": "C001", "level": 4}, {"code": "C002", "level": 2}, {"code": "C003", "level": 1}]
    }
    assert step.concept["attributes"] == {"city_sizes": ["small"]}
    assert "- C001 Competency C001: level 4, place 1 of 4" in step.text


def test_too_few_ballots_make_no_profile_and_none_makes_nothing() -> None:
    with pytest.raises(Conflict, match="at least 5 ballots"):
        steps(a_topic(a_ballot(ORDER)), options=(), profile=ProfileWanted(labels={"en": "x"}))
    with pytest.raises(Conflict, match="No ballot"):
        steps(a_topic(a_ballot("C001=C002=C003=data")))


def test_an_option_of_which_nothing_follows_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidInput) as refused:
        steps(a_topic(), options=("C001", "dta"))
    assert [(error.pointer, "data" in error.message) for error in refused.value.errors] == [("/options/1", True)]
    lectures = RankedOption(concept=None, texts={"en": "Lectures"})
    methods = a_topic(a_ballot("lectures>games"), takes_needs=False, lectures=lectures, games=lectures)
    assert steps(methods) == []
    typed = a_topic(a_ballot("lectures>games"), lectures=lectures, games=lectures)
    assert steps(typed) == []
    assert kinds(steps(typed, options=("games",))) == [("add", "games")]
    with pytest.raises(InvalidInput, match="neither a concept nor a need"):
        steps(methods, options=("lectures",))


def test_a_need_of_one_table_is_told_as_that_tables() -> None:
    alone = RankedOption(concept=None, texts={"en": "Drones"}, table="2")
    ballots = [a_ballot("C001>C002", table="1"), a_ballot("C002>C001", table="2")]
    found = ranked(["C001", "C002"], {"2": ["drones"]}, [*ballots, a_ballot("drones>C001", table="2")])
    topic = RankedTopic(question="What?", takes_needs=True, options=OPTIONS | {"drones": alone}, found=found)
    assert "drones" not in [step.option for step in steps(topic, top=3)]
    [step] = steps(topic, options=("drones", "drones"))
    assert "Asked was at table 2 alone: “What?” (2 ballots, 3 options). It came in place 1 of 3" in step.text
    assert steps(topic, options=("C003",)) == []  # on no ballot's list


def test_a_concept_that_the_draft_lost_is_not_commented_on() -> None:
    gone = RankedOption(concept="C999", texts={"en": "Gone"})
    assert steps(a_topic(a_ballot("C999>C001"), C999=gone, C001=OPTIONS["C001"]), top=1, bottom=0) == []
