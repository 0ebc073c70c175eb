"""Two changes of one concept join place by place, and a person decides only where both wrote the same place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.taxonomy.concept import Concept, Retirement
from competency_api.taxonomy.merge import WHOLE, edits_as_values, merged
from competency_api.taxonomy.pointers import as_json, flattened, lies_within, value_at, with_value
from tests.factories import a_concept, labels, links
from tests.strategies import concepts, edits_of

BASE = a_concept(
    "competency",
    "C001",
    labels={"en": labels("Name"), "es": labels("Nombre")},
    attributes={"type": "skill", "levels": {"1": {"en": "One"}}},
)


def changed(concept: Concept = BASE, **fields: Any) -> Concept:
    return msgspec.structs.replace(concept, **fields)


@st.composite
def forks(draw: st.DrawFn) -> tuple[Concept, Concept, Concept]:
    base = draw(concepts("competency", "C001"))
    return base, draw(edits_of(base)), draw(edits_of(base))


@given(forks())
def test_a_side_that_changed_nothing_leaves_the_other_as_it_is(fork: tuple[Concept, Concept, Concept]) -> None:
    base, one, _ = fork
    assert merged(base, base, one).concept == one == merged(base, one, base).concept
    assert merged(base, one, one).concept == one
    assert not merged(base, one, one).conflicts


@given(forks())
def test_without_a_conflict_the_order_does_not_matter(fork: tuple[Concept, Concept, Concept]) -> None:
    base, one, other = fork
    here, there = merged(base, one, other), merged(base, other, one)
    assert [c.path for c in here.conflicts] == [c.path for c in there.conflicts]
    if not here.conflicts:
        assert here.concept == there.concept


@given(forks())
def test_every_place_holds_what_a_side_wrote_and_what_only_one_wrote_is_never_lost(
    fork: tuple[Concept, Concept, Concept],
) -> None:
    base, theirs, yours = fork
    result = merged(base, theirs, yours)
    assert result.concept is not None
    old, there, here, joined = (flattened(c) for c in (base, theirs, yours, result.concept))
    disputed = [conflict.path for conflict in result.conflicts]
    for path in {*old, *there, *here} - {"/meaning"}:
        if any(lies_within(path, place) for place in disputed):
            continue
        wanted = there.get(path) if here.get(path) == old.get(path) else here.get(path)
        assert joined.get(path) == wanted


@given(forks())
def test_deciding_every_conflict_leaves_none(fork: tuple[Concept, Concept, Concept]) -> None:
    base, theirs, yours = fork
    conflicts = merged(base, theirs, yours).conflicts
    settled = merged(base, theirs, yours, {c.path: c.theirs for c in conflicts})
    assert not settled.conflicts
    assert settled.concept is not None
    for conflict in conflicts:
        assert value_at(flattened(settled.concept), conflict.path) == conflict.theirs


@given(forks())
def test_the_values_between_two_contents_turn_one_into_the_other(fork: tuple[Concept, Concept, Concept]) -> None:
    _, one, other = fork
    flat = flattened(one)
    values = edits_as_values(one, other)
    for path in sorted(values, key=lambda p: values[p] is not None):
        flat = with_value(flat, path, values[path])
    assert flat == flattened(other)


def test_different_places_both_succeed() -> None:
    theirs = changed(definition={"en": "Another definition"})
    yours = changed(labels={**BASE.labels, "de": labels("Bezeichnung")})
    result = merged(BASE, theirs, yours)
    assert result.conflicts == ()
    assert result.concept == changed(theirs, labels=yours.labels)


def test_the_same_place_written_alike_is_no_conflict() -> None:
    both = changed(definition={"en": "The same"})
    yours = changed(both, scope_note={"en": "And a note"})
    assert merged(BASE, both, yours).concept == yours


def test_the_same_place_written_differently_is_a_conflict_that_shows_all_three() -> None:
    result = merged(BASE, changed(definition={"en": "Theirs"}), changed(definition={"en": "Yours"}))
    (conflict,) = result.conflicts
    assert (conflict.path, conflict.theirs, conflict.yours) == ("/definition/en", "Theirs", "Yours")
    assert conflict.base == BASE.definition["en"]


def test_a_text_that_one_side_took_away_and_the_other_reworded_is_a_conflict() -> None:
    result = merged(BASE, changed(definition={}), changed(definition={"en": "Yours"}))
    assert [(c.path, c.theirs, c.yours) for c in result.conflicts] == [("/definition/en", None, "Yours")]


def test_a_language_that_one_side_took_away_while_the_other_added_to_it_is_one_conflict() -> None:
    theirs = changed(labels={"en": BASE.labels["en"]})
    yours = changed(labels={**BASE.labels, "es": labels("Nombre", "Otro")})
    (conflict,) = merged(BASE, theirs, yours).conflicts
    assert (conflict.path, conflict.theirs) == ("/labels/es", None)
    assert conflict.yours == {"preferred": "Nombre", "alternative": ["Otro"]}
    assert merged(BASE, theirs, yours, {"/labels/es": None}).concept == theirs


def test_a_value_where_the_other_side_put_something_below_it_is_one_conflict() -> None:
    theirs = changed(attributes={"type": "skill", "extra": "text"})
    yours = changed(attributes={"type": "skill", "extra": {"en": "text"}})
    result = merged(BASE, theirs, yours)
    assert [c.path for c in result.conflicts] == ["/attributes/extra"]
    assert result.concept == yours


def test_links_and_retirement_are_one_place_each() -> None:
    theirs = changed(relations={"part_of": links("D001")}, retirement=Retirement(reason="a", on="2026-01-01"))
    yours = changed(relations={"requires": links("T001")}, retirement=Retirement(reason="b", on="2026-01-01"))
    assert [c.path for c in merged(BASE, theirs, yours).conflicts] == ["/retirement"]


def test_two_changes_of_meaning_are_counted_both() -> None:
    theirs = changed(definition={"en": "Theirs"}, meaning=2)
    yours = changed(scope_note={"en": "Yours"}, meaning=2)
    result = merged(BASE, theirs, yours).concept
    assert result is not None
    assert result.meaning == 3


@pytest.mark.parametrize("fate", [None, "other"])
def test_a_concept_that_is_gone_or_was_made_twice_is_a_conflict_as_a_whole(fate: str | None) -> None:
    base, theirs = (BASE, None) if fate is None else (None, BASE)
    yours = changed(definition={"en": "Yours"})
    (conflict,) = merged(base, theirs, yours).conflicts
    assert conflict.path == WHOLE
    assert merged(base, theirs, yours, {WHOLE: as_json(yours)}).concept == yours
    assert merged(base, theirs, yours, {WHOLE: None}).concept is None


def test_a_decision_that_makes_no_concept_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        merged(BASE, changed(definition={"en": "T"}), changed(definition={"en": "Y"}), {"/labels/en": 5})
