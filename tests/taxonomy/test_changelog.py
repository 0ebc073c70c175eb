"""Release notes follow from what changed, and from what was said about it."""

from __future__ import annotations

from hypothesis import given

from competency_api.taxonomy.changelog import MOST_NAMED, Account, notes_on
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.concept import Labels
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, edited
from tests.strategies import taxonomies
from tests.support.states import second_state

SECOND = """\
**Added**

- T002 Technology T002

**Replaced**

- C002 Competency C002: covered by C001; use C001

**Renamed**

- C001 Another name, before: Competency C001

**Links**: R001"""


def test_what_matters_to_users_comes_first_and_by_name() -> None:
    assert notes_on(difference(a_taxonomy(), second_state())) == SECOND


def test_why_it_was_changed_comes_before_what() -> None:
    accounts = [Account("Name it *well*", "Nobody\nsaid it so."), Account("Add T002")]
    notes = notes_on(difference(a_taxonomy(), second_state()), accounts)
    assert notes == f"**Why**\n\n- Name it \\*well\\*: Nobody said it so.\n- Add T002\n\n{SECOND}"


def test_a_changed_meaning_has_a_section_of_its_own() -> None:
    other = {**a_taxonomy()["C001"].definition, "en": "Something else."}
    changed = edited(a_taxonomy(), "C001", definition=other, meaning=2)
    notes = notes_on(difference(a_taxonomy(), changed))
    assert notes == "**Changed in meaning**\n\n- C001 Competency C001"


def test_long_lists_are_counted_and_marks_in_names_are_shown_as_they_are() -> None:
    many = Taxonomy(
        a_concept(code=f"C{n}", labels={"en": Labels(preferred=f"[{n}](x)")}) for n in range(100, 105 + MOST_NAMED)
    )
    notes = notes_on(difference(Taxonomy(()), many))
    assert notes.count("\n- C1") == MOST_NAMED
    assert notes.endswith("- and 5 more")
    assert "- C100 \\[100\\](x)" in notes


@given(taxonomies(), taxonomies())
def test_there_are_notes_exactly_when_something_changed(old: Taxonomy, new: Taxonomy) -> None:
    found = difference(old, new)
    assert bool(notes_on(found)) == bool(found.entries)
    assert notes_on(Difference(())) == ""
