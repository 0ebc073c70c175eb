"""One way to break each rule: a state one step away from the clean starter, and every finding that the step causes.

``also`` names findings of other rules that cannot be avoided (a wrong kind has no level descriptors, say). What a case
does not name must not be found: the cases test silence as much as speech. Here are the cases of one concept's own
content; ``cases_links.py`` has those of links, retirement and succession.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from competency_api.taxonomy.concept import Alignment, AlignmentMatch, Concept, Labels, Relation, Retirement, Successor
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, a_uuid, edited, in_spanish, labels, links, with_concepts

STARTER = a_taxonomy()
ESCO = "http://data.europa.eu/esco/skill/1"
BASE = "https://competency.example"

#: Rule, code and path of a finding.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    rule: str
    state: Taxonomy
    code: str = ""
    path: str = ""
    also: tuple[Place, ...] = ()
    parent: Taxonomy | None = None

    def places(self) -> list[Place]:
        return sorted([(self.rule, self.code, self.path), *self.also])


def changed(rule: str, code: str, path: str, *also: Place, **fields: Any) -> Case:
    """The starter with some fields of one concept replaced."""
    return Case(rule, edited(STARTER, code, **fields), code, path, also)


def after(rule: str, code: str, path: str, parent: Taxonomy, state: Taxonomy = STARTER) -> Case:
    """A state that breaks a promise of the version before it."""
    return Case(rule, state, code, path, parent=parent)


def linked(code: str, **relations: tuple[Relation, ...]) -> Mapping[str, tuple[Relation, ...]]:
    """The starter's relations of a concept with some replaced."""
    return {**STARTER[code].relations, **relations}


def labelled(code: str, english: Labels) -> Mapping[str, Labels]:
    return {**STARTER[code].labels, "en": english}


def worded(code: str, english: str) -> Mapping[str, str]:
    return {**STARTER[code].definition, "en": english}


def aligned(*pairs: tuple[AlignmentMatch, str]) -> tuple[Alignment, ...]:
    return tuple(Alignment(match=match, uri=uri, scheme="ESCO") for match, uri in pairs)


def retired(**fields: Any) -> Retirement:
    return Retirement(**({"reason": "No longer taught", "on": "2026-11-23"} | fields))


def successors(*codes: str) -> tuple[Successor, ...]:
    return tuple(Successor(code=code, match="equivalent") for code in codes)


def with_added(*concepts: Concept) -> Taxonomy:
    return with_concepts(STARTER, *(in_spanish(concept) for concept in concepts))


def a_technology(code: str, **fields: Any) -> Concept:
    """An active technology that hangs together with the rest."""
    return a_concept("technology", code, **({"relations": {"related": links("P001")}} | fields))


LONG_LABEL = "Organises the work of several departments and their suppliers over the whole life of a programme"

CONTENT = (
    Case("malformed-code", with_added(a_technology("t-5")), "t-5", "/code"),
    changed("unknown-kind", "B001", "/kind", kind="busines-model"),
    changed("code-of-another-kind", "B001", "/kind", kind="technology", attributes={"maturity": "growing"}),
    changed("malformed-uuid", "B001", "/uuid", uuid=a_uuid("B001").upper()),
    changed("duplicate-uuid", "C001", "/uuid", uuid=a_uuid("B001")),
    changed("meaning-counter-below-one", "B001", "/meaning", meaning=0),
    changed("former-code-in-use", "B001", "/former_codes/0", former_codes=("T001",)),
    Case(
        "former-code-claimed-twice",
        edited(edited(STARTER, "B001", former_codes=("B900",)), "T001", former_codes=("B900",)),
        "T001",
        "/former_codes/0",
    ),
    changed("empty-text", "B001", "/labels/en/alternative/0", labels=labelled("B001", labels("Toll", "  "))),
    changed("unprintable-text", "B001", "/scope_note/en", scope_note={"en": "Zero width\u200bspace"}),
    changed("text-not-normalised", "B001", "/scope_note/es", scope_note={"es": "o\u0301"}),
    changed("extra-space", "B001", "/example/en", example={"en": "Two  spaces"}),
    changed("label-too-long", "B001", "/labels/en/preferred", labels=labelled("B001", labels(LONG_LABEL))),
    changed("definition-too-short", "B001", "/definition/en", definition=worded("B001", "A fee.")),
    changed("definition-too-long", "B001", "/definition/en", definition=worded("B001", "Long " * 100 + "text.")),
    changed(
        "invalid-language-tag",
        "B001",
        "/example/EN",
        ("text-without-label", "B001", "/labels"),
        example={"EN": "Toll"},
    ),
    changed("missing-label", "B001", "/labels", labels={"es": labels("Peaje")}),
    changed("missing-definition", "B001", "/definition", definition={"es": STARTER["B001"].definition["es"]}),
    changed("translation-state-without-text", "B001", "/translations/de", translations={"de": "draft"}),
    changed("text-without-label", "B001", "/labels", scope_note={"de": "Maut"}),
    Case(
        "incomplete-language",
        edited(STARTER, "B001", labels={"en": labels("Toll")}, definition={"en": STARTER["B001"].definition["en"]}),
        path="/labels",
        also=(("incomplete-language", "", "/definition"),),
    ),
    Case(
        "no-common-language",
        edited(edited(STARTER, "B001", labels={"en": labels("Toll")}), "T001", labels={"es": labels("Sensor")}),
        path="/labels",
        also=(
            ("incomplete-language", "", "/labels"),
            ("missing-label", "T001", "/labels"),
            ("text-without-label", "B001", "/labels"),
        ),
    ),
    changed("label-used-twice", "B001", "/labels/en/hidden/0", labels=labelled("B001", labels("A", hidden=("A",)))),
    Case(
        "duplicate-preferred-label",
        with_added(a_technology("T002", label="Technology T001")),
        "T001",
        "/labels/en/preferred",
    ),
    Case(
        "overlapping-labels",
        with_added(a_technology("T002", label="TECHNOLOGY t001")),
        "T001",
        "/labels/en/preferred",
    ),
    changed("unknown-attribute", "T001", "/attributes/ripe", attributes={"maturity": "growing", "ripe": "yes"}),
    changed("missing-attribute", "T001", "/attributes", attributes={}),
    changed("wrong-attribute-shape", "T001", "/attributes/maturity", attributes={"maturity": ["growing"]}),
    changed("unknown-attribute-value", "T001", "/attributes/maturity", attributes={"maturity": "grown"}),
    changed(
        "repeated-attribute-value",
        "C001",
        "/attributes/phases/1",
        attributes={"type": "skill", "phases": ["plan", "plan"]},
    ),
    changed(
        "unordered-attribute-values",
        "C001",
        "/attributes/phases",
        attributes={"type": "skill", "phases": ["plan", "design"]},
    ),
    changed(
        "malformed-term",
        "B001",
        "/attributes/revenue_sources/0",
        attributes={"asset": "data", "ownership": "public", "revenue_sources": ["Fees & more"]},
    ),
    changed(
        "incomplete-levels",
        "C001",
        "/attributes/levels",
        attributes={"type": "skill", "levels": {"1": {"en": "Knows it"}, "2": {"en": "Does it"}, "4": {"en": "Leads"}}},
    ),
    changed("attribute-without-english", "X001", "/attributes/question", attributes={"question": {"es": "¿Qué?"}}),
    changed(
        "malformed-legal-reference",
        "P001",
        "/attributes/legal_references/0",
        attributes={"dpia": "required", "legal_references": [{"article": "35"}]},
    ),
)
