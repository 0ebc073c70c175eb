"""What single rules look at and what they leave alone, beyond the one way to break each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from competency_api.core.text import fault_of
from competency_api.taxonomy.concept import Relation
from competency_api.taxonomy.rules import Finding, check
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, descriptors, edited, labels, links, with_concepts
from tests.taxonomy.rules.cases import (
    ESCO,
    STARTER,
    a_technology,
    aligned,
    labelled,
    linked,
    retired,
    successors,
    with_added,
)


def found(state: Taxonomy, rule: str) -> list[Finding]:
    return [finding for finding in check(state) if finding.rule == rule]


def rules_of(state: Taxonomy) -> set[str]:
    return {finding.rule for finding in check(state)}


# -- texts -------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=12))
def test_every_refused_character_is_found_however_it_is_hidden(text: str) -> None:
    state = edited(STARTER, "B001", example={"en": text})
    assert bool(found(state, "unprintable-text")) == bool(text.strip() and fault_of(text))


@given(st.characters(max_codepoint=255))
def test_the_fast_look_at_western_texts_agrees_with_the_exact_one(character: str) -> None:
    state = edited(STARTER, "B001", example={"en": f"a{character}b"})
    assert bool(found(state, "unprintable-text")) == bool(fault_of(character))


@pytest.mark.parametrize("text", [" before", "after ", "in  between", "no-break \u00a0space"])
def test_superfluous_space_of_any_sort_is_found(text: str) -> None:
    assert len(found(edited(STARTER, "B001", example={"en": text}), "extra-space")) == 1


def test_texts_inside_attributes_are_looked_at_too() -> None:
    levels = descriptors(en="Works at level") | {"2": {"en": " "}}
    (finding,) = check(edited(STARTER, "C001", attributes={"type": "skill", "levels": levels}))
    assert (finding.rule, finding.path) == ("empty-text", "/attributes/levels/2/en")


def test_a_retirement_without_a_reason_is_an_empty_text() -> None:
    state = with_added(a_technology("T002", relations={}, retirement=retired(reason="")))
    assert [(f.rule, f.path) for f in check(state)] == [("empty-text", "/retirement/reason")]


def test_a_short_definition_in_chinese_is_long_enough() -> None:
    definition = {**STARTER["B001"].definition, "zh-Hans": "向驶入市中心的车辆收取费用。"}
    assert not found(edited(STARTER, "B001", definition=definition), "definition-too-short")


# -- languages ---------------------------------------------------------------------------------------------------------


def test_the_canonical_tag_is_proposed() -> None:
    (finding,) = found(edited(STARTER, "B001", example={"pt_br": "Pedágio"}), "invalid-language-tag")
    assert 'right is "pt-BR"' in finding.message


def test_a_state_of_the_reference_language_or_of_a_present_one_is_fine() -> None:
    assert check(edited(STARTER, "B001", translations={"en": "reviewed", "es": "draft"})) == ()


def test_incomplete_languages_are_one_finding_each_however_many_concepts_lack_them() -> None:
    state = edited(STARTER, "B001", labels={**STARTER["B001"].labels, "de": labels("Maut")})
    (finding,) = check(state)
    assert finding.language == "de"
    assert finding.message == (
        '9 of 10 active concepts have no label in "de": C001, C002, C003, D001, P001 and 4 more.'
    )


def test_a_retired_concept_needs_no_english_but_some_label() -> None:
    in_spanish_only = {"labels": {"es": labels("Peaje")}, "definition": {}, "relations": {}}
    assert check(with_concepts(STARTER, a_technology("T002", retirement=retired(), **in_spanish_only))) == ()
    nameless = a_technology("T002", retirement=retired(), relations={}, labels={}, definition={})
    assert rules_of(with_concepts(STARTER, nameless)) == {"missing-label"}


# -- labels ------------------------------------------------------------------------------------------------------------


def test_the_same_label_in_another_kind_is_no_finding() -> None:
    assert check(edited(STARTER, "B001", labels=labelled("B001", labels("Technology T001")))) == ()


def test_a_successor_may_carry_the_label_of_the_retired_concept() -> None:
    old = a_technology("T002", label="Technology T001", relations={})
    gone = edited(with_added(old), "T002", retirement=retired(successors=successors("T001")))
    assert check(gone) == ()
    without_successor = edited(gone, "T002", retirement=retired())
    (finding,) = check(without_successor)
    assert (finding.rule, finding.code, finding.others) == ("overlapping-labels", "T001", ("T002",))


def test_an_alternative_label_that_is_the_preferred_one_of_another_is_found() -> None:
    state = edited(STARTER, "C001", labels=labelled("C001", labels("Manage", "competency c002")))
    (finding,) = check(state)
    assert (finding.rule, finding.code, finding.others) == ("overlapping-labels", "C001", ("C002",))
    assert finding.path == "/labels/en/alternative/0"


def test_three_concepts_of_one_label_are_one_finding() -> None:
    state = with_added(*(a_technology(code, label="Technology T001") for code in ("T002", "T003")))
    (finding,) = found(state, "duplicate-preferred-label")
    assert (finding.code, finding.others, finding.language) == ("T001", ("T002", "T003"), "en")


# -- relations and structure -------------------------------------------------------------------------------------------


def test_a_misspelt_relation_is_answered_with_the_nearest_one() -> None:
    (finding,) = found(edited(STARTER, "B001", relations={"brouder": links("B002")}), "unknown-relation")
    assert 'Did you mean "broader"?' in finding.message


def test_a_link_to_a_retired_concept_is_answered_with_its_successor() -> None:
    gone = edited(STARTER, "T001", retirement=retired(successors=successors("P001")), relations={})
    (finding,) = found(gone, "relation-to-retired")
    assert (finding.code, finding.remedy) == ("C003", "Point at P001.")


def test_relations_of_retired_concepts_stay_as_they_were() -> None:
    state = with_added(a_technology("T002", relations={"related": links("T001")}))
    state = edited(state, "C003", relations=linked("C003", requires=links("B001", "C001", "P001", "Q001")))
    for code in ("T001", "T002"):
        state = edited(state, code, retirement=retired())
    assert check(state) == ()


def test_broader_stays_within_a_kind() -> None:
    (finding,) = found(edited(STARTER, "B001", relations={"broader": links("T001")}), "relation-not-permitted")
    assert '"broader" does not lead from a business-model to a technology (T001)' in finding.message


@pytest.mark.parametrize("level", [0, 5, -1, 2**70])
def test_there_are_four_levels(level: int) -> None:
    state = edited(STARTER, "R001", relations={"expects": (Relation(code="C002", level=level),)})
    assert rules_of(state) == {"level-out-of-range"}


def test_a_cycle_is_named_step_by_step() -> None:
    state = edited(STARTER, "C001", relations=linked("C001", broader=links("C003")))
    state = edited(state, "C003", relations=linked("C003", broader=links("C002")))
    (finding,) = found(state, "cyclic-hierarchy")
    assert "C001 → C003 → C002 → C001" in finding.message
    assert (finding.code, finding.others) == ("C001", ("C003", "C002"))


def test_a_relation_clashes_with_the_hierarchy_at_any_distance() -> None:
    state = edited(STARTER, "C003", relations=linked("C003", broader=links("C002"), related=links("C001")))
    (finding,) = check(state)
    assert (finding.rule, finding.others) == ("relation-clash", ("C001",))


def test_islands_are_one_finding_with_their_sizes() -> None:
    far = a_technology("T002", relations={}), a_technology("T003", relations={"related": links("T002")})
    (finding,) = check(with_added(*far))
    assert finding.message.endswith("10 concepts around B001, 2 concepts around T002.")
    assert finding.others == ("B001", "T002")


# -- alignments and attributes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matches", "clash"),
    [
        ("exact close", False),
        ("exact broad", True),
        ("exact related", True),
        ("broad narrow", True),
        ("broad close", False),
    ],
)
def test_only_close_may_stand_beside_another_match(matches: str, clash: bool) -> None:
    state = edited(STARTER, "B001", alignments=aligned(*((match, ESCO) for match in matches.split())))
    assert bool(found(state, "mapping-clash")) == clash


@pytest.mark.parametrize(
    "uri", ["", "data.europa.eu", "ftp://a.eu/x", "http://", "https://a.eu/a b", "http:///x", "urn:x:y"]
)
def test_only_absolute_web_addresses_are_addresses(uri: str) -> None:
    assert found(edited(STARTER, "B001", alignments=aligned(("exact", uri))), "malformed-uri")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("type", 7, "wrong-attribute-shape"),
        ("type", "skil", "unknown-attribute-value"),
        ("phases", "plan", "wrong-attribute-shape"),
        ("phases", [None], "wrong-attribute-shape"),
        ("phases", ["planning"], "unknown-attribute-value"),
        ("levels", [], "wrong-attribute-shape"),
        ("levels", {"5": {"en": "Beyond"}}, "wrong-attribute-shape"),
        ("levels", {"1": "Knows"}, "wrong-attribute-shape"),
        ("levels", {"1": {"es": "Sabe"}}, "attribute-without-english"),
        ("levels", {"1": {"en": {}}}, "wrong-attribute-shape"),
    ],
)
def test_wrong_attributes_of_a_competency_are_found(name: str, value: object, rule: str) -> None:
    assert found(edited(STARTER, "C001", attributes={"type": "skill", name: value}), rule)


@pytest.mark.parametrize("reference", [[], "GDPR", {"act": 1}, {"act": "GDPR", "art": "35"}])
def test_a_legal_reference_is_an_object_with_an_act(reference: object) -> None:
    attributes = {"dpia": "required", "legal_references": [reference]}
    assert found(edited(STARTER, "P001", attributes=attributes), "malformed-legal-reference")


def test_an_unknown_value_is_answered_with_the_known_ones() -> None:
    (finding,) = check(edited(STARTER, "T001", attributes={"maturity": "emergent"}))
    assert 'Did you mean "emerging"?' in finding.message
    assert finding.remedy == "Use one of: emerging, growing, established."


def test_retired_concepts_need_no_required_attribute() -> None:
    assert check(with_concepts(STARTER, a_technology("T002", attributes={}, relations={}, retirement=retired()))) == ()


# -- retirement --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day", ["", "2026-1-1", "20260101", "2026-W01-1", "2026-02-30", "2026-01-01T00:00", "٢٠٢٦-01-01"]
)
def test_only_days_that_exist_are_dates(day: str) -> None:
    state = with_added(a_technology("T002", relations={}, retirement=retired(on=day)))
    assert rules_of(state) == {"malformed-date"}


def test_a_long_chain_that_ends_at_an_active_concept_is_fine() -> None:
    chain = [
        a_concept("technology", f"T{n}", relations={}, retirement=retired(successors=successors(f"T{n + 1}")))
        for n in range(1000, 3000)
    ]
    state = with_added(a_technology("T3000"), *chain)
    assert rules_of(state) == set()


def test_a_successor_of_another_kind_is_fine_when_it_claims_nothing() -> None:
    successor = tuple(replace(s, match="not-equivalent") for s in successors("B001"))
    assert check(with_added(a_technology("T002", relations={}, retirement=retired(successors=successor)))) == ()
