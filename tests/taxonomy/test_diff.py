"""The laws of the difference, and each type of change on one small example."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given

from competency_api.taxonomy.changes import Bump, ChangeType
from competency_api.taxonomy.concept import Alignment, Labels, Retirement, Source, Successor
from competency_api.taxonomy.diff import DifferenceDoesNotApply, apply, difference
from competency_api.taxonomy.pointers import flattened, rebuilt
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, descriptors, edited, links, with_concepts, without
from tests.strategies import taxonomies, taxonomy_pairs

ESCO = Alignment(match="close", uri="http://data.europa.eu/esco/skill/1", scheme="ESCO")
LEVELS = {"type": "skill", "levels": descriptors()}


@given(taxonomy_pairs())
def test_applying_the_difference_to_the_first_gives_the_second(pair: tuple[Taxonomy, Taxonomy]) -> None:
    first, second = pair
    assert apply(first, difference(first, second)) == second
    assert apply(second, difference(second, first)) == first


@given(taxonomies(dangling=True, cyclic=True), taxonomies(dangling=True, cyclic=True))
def test_the_law_holds_for_states_that_have_nothing_to_do_with_each_other(first: Taxonomy, second: Taxonomy) -> None:
    assert apply(first, difference(first, second)) == second


@given(taxonomies())
def test_a_state_does_not_differ_from_itself(state: Taxonomy) -> None:
    assert difference(state, Taxonomy(state)).entries == ()


@given(taxonomy_pairs())
def test_every_edit_belongs_to_exactly_one_change(pair: tuple[Taxonomy, Taxonomy]) -> None:
    for entry in difference(*pair).entries:
        paths = [edit.path for change in entry.changes for edit in change.edits]
        assert paths
        assert len(paths) == len(set(paths))


@given(taxonomies())
def test_a_flattened_concept_can_be_rebuilt(state: Taxonomy) -> None:
    assert all(rebuilt(concept.code, flattened(concept)) == concept for concept in state)


@given(taxonomy_pairs())
def test_a_difference_survives_json(pair: tuple[Taxonomy, Taxonomy]) -> None:
    changes = difference(*pair)
    assert apply(pair[0], msgspec.json.decode(msgspec.json.encode(changes), type=type(changes))) == pair[1]


def test_a_difference_is_not_applied_to_another_state() -> None:
    start = a_taxonomy()
    renamed = difference(start, edited(start, "C001", labels={"en": Labels(preferred="New")}))
    with pytest.raises(DifferenceDoesNotApply, match="C001/labels/en/preferred"):
        apply(edited(start, "C001", labels={"en": Labels(preferred="Other")}), renamed)
    with pytest.raises(DifferenceDoesNotApply, match="C001 is missing"):
        apply(without(start, "C001"), renamed)


ONE_FIELD = [
    ({"labels": {"en": Labels(preferred="New name")}}, "renamed", "patch"),
    ({"definition": {"en": "Said in better words."}}, "redefined", "patch"),
    ({"definition": {"en": "Something else now."}, "meaning": 2}, "redefined", "major"),
    ({"labels": {"en": Labels(preferred="Data", alternative=("Facts",))}}, "relabelled", "patch"),
    ({"labels": {"en": Labels(preferred="Data", hidden=("dta",))}}, "relabelled", "patch"),
    ({"scope_note": {"en": "Also for vehicles."}}, "documented", "patch"),
    ({"sources": (Source(title="Another"),)}, "documented", "patch"),
    ({"former_codes": ("W07",)}, "documented", "patch"),
    ({"alignments": (ESCO,)}, "aligned", "minor"),
    ({"labels": {"en": Labels(preferred="Data"), "es": Labels(preferred="Datos")}}, "translated", "minor"),
    ({"attributes": {"type": "knowledge"}}, "reattributed", "minor"),
    ({"attributes": LEVELS}, "levelled", "minor"),
    ({"relations": {"part_of": links("D001"), "requires": links("T001")}}, "linked", "minor"),
    ({"relations": {"part_of": links("D002")}}, "moved", "minor"),
    ({"relations": {"part_of": links("D001"), "broader": links("C002")}}, "moved", "minor"),
    ({"relations": {}}, "moved", "major"),
    ({"uuid": "0b9a1c52-7f3e-4d1a-9a53-0a3b5b8c2d11"}, "reidentified", "major"),
    ({"retirement": Retirement(reason="over", on="2026-01-01")}, "retired", "major"),
]


def a_small_state() -> Taxonomy:
    return a_taxonomy(
        a_concept("discipline", "D001"),
        a_concept("discipline", "D002"),
        a_concept("technology", "T001"),
        a_concept(code="C001", label="Data", relations={"part_of": links("D001")}),
        a_concept(code="C002", relations={"part_of": links("D001")}),
    )


@pytest.mark.parametrize(("fields", "kind", "bump"), ONE_FIELD)
def test_each_edit_has_its_type_and_moves_its_part_of_the_number(fields: dict[str, Any], kind: str, bump: str) -> None:
    start = a_small_state()
    (entry,) = difference(start, edited(start, "C001", **fields)).entries
    assert [(change.type, change.bump) for change in entry.changes] == [(kind, bump)]
    assert (entry.code, entry.bump) == ("C001", bump)


def retired(state: Taxonomy, code: str, *successors: tuple[str, str], **more: Any) -> Taxonomy:
    chosen = tuple(msgspec.convert({"code": c, "match": m}, Successor) for c, m in successors)
    return edited(state, code, retirement=Retirement(reason="over", on="2026-01-01", successors=chosen, **more))


def types_of(first: Taxonomy, second: Taxonomy) -> dict[str, list[tuple[ChangeType, Bump]]]:
    return {e.code: [(c.type, c.bump) for c in e.changes] for e in difference(first, second).entries}


def test_retired_with_one_equivalent_successor_is_replaced_and_minor() -> None:
    start = a_small_state()
    assert types_of(start, retired(start, "C001", ("C002", "equivalent"))) == {"C001": [("replaced", "minor")]}


def test_retired_with_a_successor_that_is_not_equivalent_is_major() -> None:
    start = a_small_state()
    assert types_of(start, retired(start, "C001", ("C002", "broader"))) == {"C001": [("retired", "major")]}


def test_several_concepts_with_the_same_equivalent_successor_are_merged() -> None:
    start = with_concepts(a_small_state(), a_concept(code="C003"))
    after = retired(retired(start, "C001", ("C003", "equivalent")), "C002", ("C003", "equivalent"))
    assert types_of(start, after) == {"C001": [("merged", "major")], "C002": [("merged", "major")]}


def test_one_concept_with_several_narrower_successors_is_split() -> None:
    start = with_concepts(a_small_state(), a_concept(code="C003"))
    after = retired(start, "C001", ("C002", "narrower"), ("C003", "narrower"))
    assert types_of(start, after) == {"C001": [("split", "major")]}
    assert types_of(after, start) == {"C001": [("restored", "minor")]}


def test_another_date_of_the_same_retirement_is_documentation() -> None:
    start = retired(a_small_state(), "C001")
    assert types_of(start, retired(start, "C001", transition_until="2027-01-01")) == {"C001": [("documented", "patch")]}


def test_a_link_to_a_concept_that_is_retired_too_does_not_weigh_by_itself() -> None:
    linked = edited(a_small_state(), "C001", relations={"part_of": links("D001"), "requires": links("T001")})
    dropped = edited(linked, "C001", relations={"part_of": links("D001")})
    assert types_of(linked, dropped) == {"C001": [("linked", "major")]}
    assert types_of(linked, retired(dropped, "T001"))["C001"] == [("linked", "minor")]


def test_adding_is_minor_and_vanishing_is_major() -> None:
    start = a_small_state()
    assert types_of(without(start, "C002"), start) == {"C002": [("added", "minor")]}
    assert types_of(start, without(start, "C002")) == {"C002": [("removed", "major")]}


def test_levels_that_change_their_meaning_or_vanish_are_major_and_reworded_ones_patch() -> None:
    start = edited(a_small_state(), "C001", attributes=LEVELS)
    reworded = {"type": "skill", "levels": descriptors(en="Now works at level")}
    assert types_of(start, edited(start, "C001", attributes=reworded)) == {"C001": [("levelled", "patch")]}
    other = types_of(start, edited(start, "C001", attributes=reworded, meaning=2))
    assert other == {"C001": [("redefined", "major"), ("levelled", "major")]}
    assert types_of(start, edited(start, "C001", attributes={"type": "skill"})) == {"C001": [("levelled", "major")]}


def test_a_text_in_a_language_that_is_already_there_is_a_translation_and_patch() -> None:
    spanish = {"en": Labels(preferred="Data"), "es": Labels(preferred="Datos")}
    start = edited(a_small_state(), "C001", labels=spanish)
    more = edited(start, "C001", definition={**start["C001"].definition, "es": "Hechos."}, translations={"es": "draft"})
    assert types_of(start, more) == {"C001": [("translated", "patch")]}


def test_a_concept_that_came_back_under_another_code_is_called_probably_the_same() -> None:
    start = a_small_state()
    born_again = with_concepts(
        without(start, "C001"), a_concept(code="C009", label="data", relations={"part_of": links("D001")})
    )
    (pair,) = difference(start, born_again).probably_same
    assert (pair.old, pair.new, pair.same_place) == ("C001", "C009", True)


def test_of_several_with_the_same_label_the_one_at_the_same_place_is_taken() -> None:
    parents = [a_concept(code="C101", label="Roads"), a_concept(code="C102", label="Water")]
    old = a_taxonomy(*parents, a_concept(code="C001", label="Pipes", relations={"broader": links("C102")}))
    new = a_taxonomy(
        *parents,
        a_concept(code="C002", label="Pipes", relations={"broader": links("C101")}),
        a_concept(code="C003", label="Pipes", relations={"broader": links("C102")}),
    )
    (pair,) = difference(old, new).probably_same
    assert pair.new == "C003"
