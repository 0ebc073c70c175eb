"""The strategies themselves: what other laws rely on, they must give."""

from __future__ import annotations

from hypothesis import given

from competency_api.taxonomy.canonical import canonical_json, from_canonical
from competency_api.taxonomy.concept import Concept, normalised
from competency_api.taxonomy.kinds import KINDS, kind_of
from competency_api.taxonomy.taxonomy import Taxonomy
from tests import strategies, strategies_broken


@given(strategies.concepts())
def test_a_concept_is_in_canonical_shape_and_survives_its_json(concept: Concept) -> None:
    assert normalised(concept) == concept
    assert from_canonical(canonical_json(concept)) == concept


@given(strategies.taxonomies())
def test_a_taxonomy_links_only_what_it_contains(taxonomy: Taxonomy) -> None:
    linked = {target for concept in taxonomy for name in concept.relations for target in concept.targets(name)}
    assert linked <= set(taxonomy.concepts)
    assert all(kind_of(concept.code) is KINDS[concept.kind] for concept in taxonomy)


@given(strategies.taxonomy_pairs(removals=False))
def test_without_removals_the_second_of_a_pair_keeps_every_code(pair: tuple[Taxonomy, Taxonomy]) -> None:
    first, second = pair
    assert set(first.concepts) <= set(second.concepts)


@given(strategies_broken.broken_taxonomies())
def test_a_broken_taxonomy_is_still_what_the_decoder_lets_through(taxonomy: Taxonomy) -> None:
    for concept in taxonomy:
        assert from_canonical(canonical_json(concept)).code == concept.code
