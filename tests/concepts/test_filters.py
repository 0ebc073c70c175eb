from __future__ import annotations

import pytest
from hypothesis import given

from competency_api.concepts.filters import FILTERS, label_key, missing, select
from competency_api.core.errors import InvalidInput
from competency_api.taxonomy.concept import Alignment, Retirement
from competency_api.taxonomy.kinds import KINDS, Shape
from competency_api.taxonomy.speaking import OneLanguage
from competency_api.taxonomy.taxonomy import Taxonomy
from tests import strategies
from tests.factories import a_concept, a_taxonomy, edited, labels, links, required_attributes, with_concepts

ENDED = Retirement(reason="no longer needed", on="2026-01-01")


def codes(taxonomy: Taxonomy, **asked: str) -> str:
    """The selected codes as one line; several values of a filter are separated by commas."""
    values = {
        name: (value,) if FILTERS[name].takes == "text" else tuple(value.split(",")) for name, value in asked.items()
    }
    return " ".join(concept.code for concept in select(taxonomy, values))


def a_rich_taxonomy() -> Taxonomy:
    competency = {"type": "skill", "phases": ["design", "plan"], "city_sizes": ["small"]}
    privacy = required_attributes("privacy-concern") | {
        "data_subjects": ["drivers", "residents"],
        "legal_references": [{"act": "Regulation (EU) 2016/679", "article": "35", "uri": "http://example.org/gdpr"}],
    }
    state = a_taxonomy()
    state = edited(
        state, "C003", attributes=competency, alignments=(Alignment(match="exact", uri="http://a", scheme="A"),)
    )
    state = edited(state, "P001", attributes=privacy, labels={"en": labels("Cámeras", "CCTV")})
    state = with_concepts(state, a_concept("discipline", "D002", relations={"broader": links("D001")}))
    state = with_concepts(state, a_concept("competency", "C004", relations={"part_of": links("D002")}))
    return with_concepts(state, a_concept("technology", "T009", retirement=ENDED))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "technology,challenge"}, "T001 X001"),
        ({"kind": "technology", "status": "retired"}, "T009"),
        ({"kind": "technology", "status": "active,retired"}, "T001 T009"),
        ({"codes": "T009,C001,C099"}, "C001 T009"),
        ({"codes": "T009,C001", "status": "active"}, "C001"),
        ({"phase": "plan,monitor"}, "C003"),
        ({"phase": "monitor"}, ""),
        ({"city_size": "small", "type": "skill"}, "C003"),
        ({"data_subject": "drivers"}, "P001"),
        ({"dpia": "required"}, "P001"),
        ({"legal_reference": "2016/679 35"}, "P001"),
        ({"legal_reference": "http://example.org/gdpr"}, "P001"),
        ({"broader": "C001"}, "C002"),
        ({"below": "D001"}, "D002"),
        ({"narrower": "C002"}, "C001"),
        ({"discipline": "D001", "kind": "competency"}, "C001 C002 C003 C004"),
        ({"discipline": "D002"}, "C004"),
        ({"requires": "T001"}, "C003"),
        ({"required_by": "C003", "kind": "technology"}, "T001"),
        ({"related": "T001"}, "P001"),
        ({"related": "P001"}, "T001"),
        ({"addresses": "X001"}, "C001"),
        ({"addressed_by": "C001"}, "X001"),
        ({"expects": "C003"}, "R001"),
        ({"expected_by": "R001"}, "C002 C003"),
        ({"expected_by": "R001", "level": "3,4"}, "C003"),
        ({"alignment": "http://a"}, "C003"),
        ({"q": "cameras"}, "P001"),
        ({"q": "cctv"}, "P001"),
        ({"q": "nothing like it"}, ""),
        ({"language": "es", "kind": "privacy-concern,technology"}, "T001"),
    ],
)
def test_filters_select(asked: dict[str, str], found: str) -> None:
    assert codes(a_rich_taxonomy(), **asked) == found


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"requires": "C03"}, 'There is no concept "C03" in this version. Nearest: C003'),
        ({"discipline": "C001"}, "C001 is a competency; this takes codes of: discipline."),
        ({"data_subject": "driver"}, 'Did you mean "drivers"?'),
        ({"codes": "c001"}, "is not a code"),
        ({"level": "2"}, "It needs `expected_by`"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(asked: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        codes(a_rich_taxonomy(), **asked)
    assert message in refused.value.errors[0].message
    assert refused.value.errors[0].parameter == next(iter(asked))


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        codes(a_rich_taxonomy(), requires="C998,C999", data_subject="driver")
    assert len(refused.value.errors) == 3


def test_codes_that_the_version_does_not_contain_are_told() -> None:
    assert missing(a_taxonomy(), {"codes": ("C001", "C099", "T055")}) == ["C099", "T055"]
    assert missing(a_taxonomy(), {}) == []


def test_every_attribute_that_is_no_text_has_a_filter() -> None:
    filtered = {row.attribute for row in FILTERS.values()}
    attributes = {a.name: a.shape for kind in KINDS.values() for a in kind.attributes}
    assert {name for name, shape in attributes.items() if name not in filtered} == {
        name for name, shape in attributes.items() if shape in (Shape.TEXT, Shape.LEVELS)
    }


def test_labels_are_sorted_without_case_and_accents() -> None:
    state = a_taxonomy(*(a_concept("technology", f"T00{n}", label) for n, label in enumerate(["b", "Á", "C"], 1)))
    found = sorted(state, key=label_key(OneLanguage(["en"], [])))
    assert [concept.code for concept in found] == ["T002", "T001", "T003"]


@given(strategies.taxonomies())
def test_kinds_divide_a_version(taxonomy: Taxonomy) -> None:
    both = {"status": ("active", "retired")}
    found = [concept.code for kind in KINDS for concept in select(taxonomy, {"kind": (kind,), **both})]
    assert sorted(found) == sorted(taxonomy.concepts)


@given(strategies.taxonomies())
def test_every_filter_of_a_code_takes_every_code_of_its_kinds(taxonomy: Taxonomy) -> None:
    for row in FILTERS.values():
        if row.takes == "code":
            fit = [concept.code for concept in taxonomy if not row.kinds or concept.kind in row.kinds]
            assert set(codes(taxonomy, **{row.name: ",".join(fit)}).split() if fit else ()) <= set(taxonomy.concepts)
