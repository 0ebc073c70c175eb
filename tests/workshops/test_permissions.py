"""Who may do what, without a database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.accounts.values import Scope
from competency_api.core.errors import Forbidden
from competency_api.workshops.access.permissions import (
    Asker,
    Part,
    key_identity,
    may_see,
    may_see_results,
    part_of,
    person_identity,
    require_organiser,
    require_table,
)
from competency_api.workshops.values import (
    CODE_ALPHABET,
    TOPIC_TRANSITIONS,
    TRANSITIONS,
    State,
    TopicState,
    new_join_code,
    read_join_code,
    topic_state_at,
)
from tests.support.keys import an_actor

NOW = dt.datetime(2018, 12, 12, 10, tzinfo=dt.UTC)
HOLDER = {"organisation_id": 1, "organisation": "valencia"}
ASKERS = st.builds(Asker, st.sampled_from(Part), st.frozensets(st.integers(1, 9), max_size=2))


def test_a_workshop_goes_one_way_and_never_back() -> None:
    order = list(State)
    steps = [(order.index(State(s)), order.index(State(t.target))) for t in TRANSITIONS.values() for s in t.sources]
    assert all(after == before + 1 for before, after in steps)
    assert len(steps) == len(order) - 1


def test_a_topic_is_opened_from_any_state_and_closed_only_from_open() -> None:
    assert {verb.value: set(step.sources) for verb, step in TOPIC_TRANSITIONS.items()} == {
        "opening": set(TopicState),
        "closing": {TopicState.OPEN},
    }


@given(st.sampled_from(TopicState), st.none() | st.integers(-5, 5))
def test_a_timer_that_ran_out_closes_what_is_open_and_nothing_else(state: TopicState, seconds: int | None) -> None:
    closes_at = None if seconds is None else NOW + dt.timedelta(seconds=seconds)
    has_ended = state is TopicState.OPEN and seconds is not None and seconds <= 0
    assert topic_state_at(state, closes_at, NOW) == (TopicState.CLOSED if has_ended else state)


@given(ASKERS, st.sampled_from(State), st.sampled_from(TopicState))
def test_results_are_seen_at_once_by_who_runs_it_and_by_others_when_nothing_can_change(
    asker: Asker, state: State, topic: TopicState
) -> None:
    seen = may_see_results(asker, state, topic)
    if seen and not asker.runs and state is not State.REPORTED:
        assert (asker.part, topic) == (Part.PARTICIPANT, TopicState.CLOSED)
    assert seen or not asker.runs
    assert may_see(asker, state) or state is State.DRAFT


def test_a_key_of_a_table_is_good_for_that_table_only_although_it_is_the_organisations() -> None:
    actor = an_actor("Ana", "workshops", key="k", **HOLDER)
    facilitators = {1: key_identity("k"), 2: None}
    assert part_of(actor, 1, facilitators, is_table_key=True) == Asker(Part.FACILITATOR, frozenset({1}))
    assert part_of(actor, 1, {1: None}, is_table_key=True).part is Part.GUEST
    assert part_of(actor, 1, {1: None}, is_table_key=False).part is Part.ORGANISER


def test_a_person_of_another_organisation_may_facilitate_a_table() -> None:
    actor = an_actor("Eva", "workshops", key="k", person="p", organisation_id=2)
    assert part_of(actor, 1, {3: person_identity("p")}, is_table_key=False) == Asker(Part.FACILITATOR, frozenset({3}))
    assert part_of(actor, 1, {3: None}, is_table_key=False).part is Part.GUEST


@pytest.mark.parametrize("scopes", [("propose",), ("read", "review")])
def test_without_the_scope_nobody_runs_anything(scopes: tuple[str, ...]) -> None:
    actor = an_actor("Eva", *scopes, key="k", **HOLDER)
    assert part_of(actor, 1, {1: key_identity("k")}, is_table_key=True).part is Part.GUEST


@given(ASKERS, st.integers(1, 9))
def test_a_facilitator_acts_on_no_other_table(asker: Asker, table: int) -> None:
    if asker.is_organiser or (asker.part is Part.FACILITATOR and table in asker.tables):
        require_table(asker, table)
    else:
        with pytest.raises(Forbidden):
            require_table(asker, table)
    if not asker.is_organiser:
        with pytest.raises(Forbidden):
            require_organiser(asker)


@given(ASKERS, st.none() | st.integers(1, 9))
def test_participants_and_facilitators_see_what_is_of_all_tables_and_of_theirs(asker: Asker, table: int | None) -> None:
    is_limited = asker.part in (Part.PARTICIPANT, Part.FACILITATOR)
    assert asker.sees_of(table) == (table is None or not is_limited or table in asker.tables)


def test_codes_have_no_letters_that_look_alike_and_are_read_as_people_type_them() -> None:
    code = new_join_code()
    assert len(code) == 6
    assert set(code) <= set(CODE_ALPHABET) == set(CODE_ALPHABET) - set("01OIL")
    assert read_join_code(f" {code[:3].lower()}-{code[3:].lower()} ") == code


def test_organisers_have_the_scope() -> None:
    assert part_of(an_actor("Ada", Scope.WORKSHOPS.value), 1, {}, is_table_key=False).is_organiser
