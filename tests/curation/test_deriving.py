"""What comes as a whole becomes the changes that it makes, and no others."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from competency_api.curation.changes.applying import outcome
from competency_api.curation.changes.deriving import derived
from competency_api.taxonomy.concept import Concept, Labels
from tests.factories import a_taxonomy
from tests.strategies import concepts, edits_of
from tests.support.states import second_state


@st.composite
def edited_concepts(draw: st.DrawFn) -> tuple[Concept, Concept]:
    base = draw(concepts("competency", "C001"))
    wanted = draw(edits_of(base))
    return base, msgspec.structs.replace(wanted, meaning=base.meaning)


@given(edited_concepts())
def test_the_derived_changes_lead_where_they_were_derived_from(pair: tuple[Concept, Concept]) -> None:
    base, wanted = pair
    assert outcome(base.code, base, derived(base, wanted)) == wanted


def test_alike_contents_make_no_change() -> None:
    concept = a_taxonomy()["C001"]
    assert derived(concept, concept) == []


def test_only_what_differs_is_said() -> None:
    concept = a_taxonomy()["C001"]
    wanted = msgspec.structs.replace(concept, labels={**concept.labels, "es": Labels(preferred="Otro")}, meaning=2)
    [edit] = derived(concept, wanted, "seen")
    assert msgspec.to_builtins(edit) == {
        "code": "C001", "seen": "seen", "fields": {"labels": {"es": {"preferred": "Otro"}}}, "changes_meaning": True,
    }  # fmt: skip


def test_a_new_concept_is_added_and_an_ended_one_retired_or_restored() -> None:
    start, later = a_taxonomy(), second_state()
    assert [a.type_name for a in derived(None, later["T002"])] == ["add"]
    assert [a.type_name for a in derived(start["C002"], later["C002"])] == ["retire"]
    assert [a.type_name for a in derived(later["C002"], start["C002"])] == ["restore"]
