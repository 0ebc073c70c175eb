"""The indexes of a state say what its concepts say."""

from __future__ import annotations

import pytest
from hypothesis import given

from competency_api.taxonomy.concept import Alignment, Retirement
from competency_api.taxonomy.kinds import RELATIONS
from competency_api.taxonomy.taxonomy import DuplicateCodeError, Taxonomy
from tests.factories import a_concept, a_taxonomy, links
from tests.strategies import taxonomies


def test_two_concepts_with_one_code_are_refused() -> None:
    with pytest.raises(DuplicateCodeError, match="C001"):
        Taxonomy([a_concept(), a_concept()])


def test_concepts_cannot_be_added_to_a_state() -> None:
    with pytest.raises(TypeError):
        a_taxonomy().concepts["C999"] = a_concept()  # type: ignore[index]  # what the test is about


@given(taxonomies(dangling=True, cyclic=True))
def test_an_inverse_link_is_there_exactly_when_the_link_is(taxonomy: Taxonomy) -> None:
    for relation in RELATIONS:
        forward = {(c.code, target) for c in taxonomy for target in c.targets(relation)}
        targets = {target for _, target in forward}
        assert {(code, t) for t in targets for code in taxonomy.incoming(t, relation)} == forward


def test_a_symmetric_relation_is_seen_from_both_ends() -> None:
    taxonomy = a_taxonomy(a_concept(code="C001"), a_concept(code="C002", relations={"related": links("C001")}))
    assert taxonomy.linked("C001", "related") == ("C002",)
    assert taxonomy.linked("C002", "related") == ("C001",)


def test_everything_below_a_concept_is_found_even_in_a_circle() -> None:
    taxonomy = a_taxonomy(
        a_concept(code="C001", relations={"broader": links("C003")}),
        a_concept(code="C002", relations={"broader": links("C001")}),
        a_concept(code="C003", relations={"broader": links("C002")}),
    )
    assert taxonomy.below("C001") == {"C002", "C003"}


def test_roots_are_active_and_have_nothing_above_them() -> None:
    taxonomy = a_taxonomy(
        a_concept(code="C001"),
        a_concept(code="C002", relations={"broader": links("C001")}),
        a_concept(code="C003", retirement=Retirement(reason="gone", on="2026-01-01")),
    )
    assert taxonomy.roots("competency") == ("C001",)


def test_a_concept_is_found_by_its_former_code_its_uuid_and_its_alignment() -> None:
    uri = "http://data.europa.eu/esco/skill/1"
    concept = a_concept(former_codes=("W07",), alignments=(Alignment(match="exact", uri=uri, scheme="ESCO"),))
    taxonomy = a_taxonomy(concept)
    assert taxonomy.by_former_code["W07"] == ("C001",)
    assert taxonomy.by_uuid[concept.uuid] == "C001"
    assert taxonomy.by_alignment[uri] == ("C001",)
