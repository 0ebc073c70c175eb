"""Version numbers follow from the change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.taxonomy.changes import Bump
from competency_api.taxonomy.concept import Labels
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import FIRST, Number, next_number
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, edited, with_concepts
from tests.strategies import taxonomy_pairs

NUMBERS = st.builds(Number, *[st.integers(0, 999_999)] * 3)


@given(NUMBERS)
def test_a_number_is_read_as_it_is_written(number: Number) -> None:
    assert Number.parse(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "01.2.3", "1.2.3.4", "1.2.x", "١.٢.٣", "1.2.1000000", " 1.2.3", "1.2.3\n"]
)
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert Number.parse(text) is None


@given(NUMBERS, st.sampled_from(Bump))
def test_the_next_number_is_higher_and_moves_only_its_part(number: Number, bump: Bump) -> None:
    following = number.after(bump)
    assert following > number
    assert (following.major > number.major) == (bump is Bump.MAJOR)


def test_the_first_version_is_one_zero_zero() -> None:
    first = next_number(None, difference(Taxonomy([]), a_taxonomy()))
    assert first is not None
    assert first.smallest == FIRST
    assert not first.permits(Number(0, 9, 0))


def test_without_a_change_there_is_no_next_number() -> None:
    assert next_number(FIRST, difference(a_taxonomy(), a_taxonomy())) is None


def test_the_weightiest_change_decides_and_is_named_as_the_reason() -> None:
    start = a_taxonomy()
    after = with_concepts(
        edited(start, "C001", labels={"en": Labels(preferred="Renamed")}), a_concept("technology", "T009", label="Mesh")
    )
    numbering = next_number(Number(1, 4, 2), difference(start, after))
    assert numbering is not None
    assert str(numbering.smallest) == "1.5.0"
    assert [(r.code, r.label, r.type) for r in numbering.reasons] == [("T009", "Mesh", "added")]
    assert [numbering.permits(n) for n in (Number(1, 4, 3), Number(1, 5, 0), Number(2, 0, 0))] == [False, True, True]


@given(taxonomy_pairs(), NUMBERS)
def test_the_reasons_are_exactly_the_changes_of_the_decisive_weight(
    pair: tuple[Taxonomy, Taxonomy], parent: Number
) -> None:
    changes = difference(*pair)
    numbering = next_number(parent, changes)
    bumps = [change.bump for entry in changes.entries for change in entry.changes]
    if numbering is None:
        assert not bumps
    else:
        assert numbering.bump == max(bumps, key=lambda bump: bump.weight)
        assert len(numbering.reasons) == bumps.count(numbering.bump)
