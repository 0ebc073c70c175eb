"""Canonical JSON and digests: the same content, the same bytes."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given

from competency_api.taxonomy.canonical import canonical_json, concept_digest, from_canonical
from competency_api.taxonomy.concept import Concept, Labels, Relation, normalised
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_starter
from tests.strategies import concepts, taxonomies


@given(concepts(known=("C001", "D001", "T001", "X001")))
def test_what_was_written_is_read_back_as_it_was(concept: Concept) -> None:
    assert from_canonical(canonical_json(concept)) == concept


@given(concepts(known=("C001", "D001")))
def test_anyone_can_write_the_canonical_bytes_with_the_standard_library(concept: Concept) -> None:
    content = json.loads(canonical_json(concept))
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert text.encode() == canonical_json(concept)


@given(concepts(known=("C001", "D001")))
def test_normalising_twice_changes_nothing_more(concept: Concept) -> None:
    assert normalised(normalised(concept)) == normalised(concept)


def test_the_order_of_what_has_no_order_does_not_change_the_digest() -> None:
    one = a_concept(labels={"en": Labels(preferred="a", alternative=("x", "y"))})
    other = a_concept(labels={"en": Labels(preferred="a", alternative=("y", "x", "y"))})
    linked = a_concept(relations={"requires": (Relation(code="T002"), Relation(code="T001"))})
    turned = a_concept(relations={"requires": (Relation(code="T001"), Relation(code="T002")), "related": ()})
    assert concept_digest(normalised(one)) == concept_digest(normalised(other))
    assert concept_digest(normalised(linked)) == concept_digest(normalised(turned))


def test_nulls_and_empty_containers_in_attributes_are_absence() -> None:
    untidy = a_concept(attributes={"type": "skill", "phases": [], "levels": {"1": {"en": None}, "2": {}}})
    assert normalised(untidy).attributes == {"type": "skill"}


@given(taxonomies())
def test_the_digest_of_a_version_is_that_of_its_sorted_lines(taxonomy: Taxonomy) -> None:
    lines = [f"{c.code} {hashlib.sha256(canonical_json(c)).hexdigest()}\n" for c in taxonomy]
    assert taxonomy.digest == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def test_the_digest_of_known_content_is_pinned_on_every_machine() -> None:
    concept = Concept(code="C001", uuid="0b9a1c52-7f3e-4d1a-9a53-0a3b5b8c2d11", kind="competency", labels={})
    expected = b'{"code":"C001","kind":"competency","labels":{},"uuid":"0b9a1c52-7f3e-4d1a-9a53-0a3b5b8c2d11"}'
    assert canonical_json(concept) == expected
    assert (
        Taxonomy([concept]).digest
        == hashlib.sha256(b"C001 " + hashlib.sha256(expected).hexdigest().encode() + b"\n").hexdigest()
    )


def test_the_digest_does_not_depend_on_the_order_of_the_concepts() -> None:
    assert Taxonomy(a_starter()).digest == Taxonomy(reversed(a_starter())).digest
