"""Every rule, by the table of cases, and the laws of the whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from msgspec.structs import replace

from competency_api.core.text import printable
from competency_api.taxonomy.rules import CHAPTERS, RULES, Finding, Rule, check, check_succession, counted
from competency_api.taxonomy.taxonomy import Taxonomy
from tests import strategies, strategies_broken
from tests.factories import a_taxonomy
from tests.taxonomy.rules.cases import BASE, STARTER, Case
from tests.taxonomy.rules.cases import CONTENT as CONTENT_CASES
from tests.taxonomy.rules.cases_links import LINKS as LINK_CASES

CASES = CONTENT_CASES + LINK_CASES


def findings_of(case: Case) -> tuple[Finding, ...]:
    return check(case.state, BASE) + check_succession(case.parent, case.state)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_broken_rule_is_found_at_its_place_and_nothing_else_is(case: Case) -> None:
    assert sorted((f.rule, f.code, f.path) for f in findings_of(case)) == case.places()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_finding_names_concept_and_place_and_tells_the_remedy(case: Case) -> None:
    finding = next(f for f in findings_of(case) if f.rule == case.rule)
    concept = case.state.get(case.code) or (case.parent or STARTER).get(case.code)
    if concept is not None:
        place = f" at {case.path}" if case.path else ""
        assert finding.message.startswith(f'{case.code} "{printable(concept.name)}"{place}: ')
    assert finding.message.endswith((".", "?"))  # it may end by asking whether the nearest name was meant
    assert finding.remedy.endswith(".")
    assert finding.severity == RULES[case.rule].severity


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == set(RULES)


def test_a_clean_taxonomy_has_no_findings() -> None:
    assert check(STARTER, BASE) == ()
    assert check_succession(STARTER, STARTER) == ()
    assert check(a_taxonomy()) == ()


def test_the_empty_taxonomy_has_no_findings() -> None:
    assert check(Taxonomy(())) == ()


def test_a_first_version_breaks_no_promise() -> None:
    assert check_succession(None, STARTER) == ()


def test_slugs_are_unique_and_well_formed() -> None:
    slugs = [rule.slug for chapter in CHAPTERS for rule in chapter.rules]
    assert sorted(set(slugs)) == sorted(slugs)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", slug) for slug in slugs)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.slug)
def test_a_rule_is_explained_in_whole_sentences(rule: Rule) -> None:
    assert rule.explanation.endswith(".")
    assert rule.remedy.endswith(".")
    assert not rule.title.endswith(".")


def test_errors_come_before_warnings_and_both_by_code() -> None:
    state = next(case.state for case in CASES if case.rule == "no-common-language")
    order = [(f.severity, f.code) for f in check(state)]
    assert order == sorted(order)
    assert {severity for severity, _ in order} == {"error", "warning"}


@given(strategies_broken.broken_taxonomies())
def test_the_most_broken_draft_is_checked_to_the_end(taxonomy: Taxonomy) -> None:
    findings = check(taxonomy, BASE)
    assert all(finding.rule in RULES for finding in findings)
    assert findings == check(Taxonomy(list(taxonomy)), BASE)


@given(strategies_broken.broken_taxonomies(max_size=2), strategies_broken.broken_taxonomies(max_size=2))
def test_the_most_broken_succession_is_checked_to_the_end(parent: Taxonomy, taxonomy: Taxonomy) -> None:
    vanished = {f.code for f in check_succession(parent, taxonomy) if f.rule == "concept-vanished"}
    assert vanished == set(parent.concepts) - set(taxonomy.concepts)


@given(strategies.taxonomies(dangling=True, cyclic=True))
def test_dangling_relations_are_all_found(taxonomy: Taxonomy) -> None:
    dangling = {
        (concept.code, target)
        for concept in taxonomy
        for name in concept.relations
        for target in concept.targets(name)
        if target not in taxonomy
    }
    found = [f for f in check(taxonomy) if f.rule == "dangling-relation"]
    assert {(f.code, *f.others) for f in found} == dangling


@given(strategies.taxonomies())
def test_a_state_of_lawful_shape_has_no_finding_about_shape(taxonomy: Taxonomy) -> None:
    lawful = {
        *("malformed-code", "unknown-kind", "malformed-uuid", "empty-text", "unprintable-text", "invalid-language-tag"),
        *("missing-label", "missing-definition", "unknown-relation", "relation-not-permitted", "dangling-relation"),
        *("missing-level", "cyclic-hierarchy", "cyclic-dependency", "unknown-attribute", "wrong-attribute-shape"),
        *("unknown-attribute-value", "incomplete-levels", "malformed-legal-reference", "malformed-uri"),
    }
    assert lawful.isdisjoint(f.rule for f in check(taxonomy))


def test_findings_are_counted_by_rule_with_the_first_codes() -> None:
    without_sources = Taxonomy(replace(concept, sources=()) for concept in STARTER)
    (count,) = counted(check(without_sources))
    assert (count.rule, count.count, count.codes) == ("missing-source", 10, ("B001", "C001", "C002", "C003", "D001"))
    assert count.remedy == RULES["missing-source"].remedy
