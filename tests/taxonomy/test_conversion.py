"""What a code of one version is called in another, and what stands in for a retired concept."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given

from competency_api.taxonomy.concept import Alignment, Labels, Retirement, Successor
from competency_api.taxonomy.conversion import Outcome, convert
from competency_api.taxonomy.retirement import composed, successors_of
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, edited, with_concepts, without
from tests.strategies import taxonomies, taxonomy_pairs

URI = "http://data.europa.eu/esco/skill/1"


def retirement(*successors: tuple[str, str]) -> Retirement:
    chosen = tuple(msgspec.convert({"code": c, "match": m}, Successor) for c, m in successors)
    return Retirement(reason="over", on="2026-01-01", successors=chosen)


def aligned(code: str, match: str = "exact") -> Alignment:
    return msgspec.convert({"match": match, "uri": URI, "scheme": "ESCO"}, Alignment)


def state() -> Taxonomy:
    return a_taxonomy(*(a_concept(code=f"C00{n}", label=f"Concept {n}") for n in range(1, 6)))


def test_a_chain_of_equivalent_successors_is_followed_to_its_end() -> None:
    chain = edited(edited(state(), "C001", retirement=retirement(("C002", "equivalent"))), "C002",
                   retirement=retirement(("C003", "equivalent")))  # fmt: skip
    assert successors_of(chain, "C001") == (Successor(code="C003", match="equivalent"),)


def test_one_step_that_is_not_equivalent_makes_the_chain_uncertain() -> None:
    chain = edited(edited(state(), "C001", retirement=retirement(("C002", "equivalent"))), "C002",
                   retirement=retirement(("C003", "broader")))  # fmt: skip
    assert successors_of(chain, "C001") == (Successor(code="C003", match="broader"),)


def test_a_circle_of_successors_leads_nowhere() -> None:
    circle = edited(edited(state(), "C001", retirement=retirement(("C002", "equivalent"))), "C002",
                    retirement=retirement(("C001", "equivalent")))  # fmt: skip
    assert successors_of(circle, "C001") == ()


def test_long_chains_and_chains_that_part_and_join_again_are_followed() -> None:
    layers = [(f"C1{n:04}", f"C2{n:04}") for n in range(1_000)]
    steps = [
        a_concept(code=code, retirement=retirement((below[0], "equivalent"), (below[1], "equivalent")))
        for layer, below in itertools.pairwise(layers)
        for code in layer
    ]
    ends = tuple(a_concept(code=code) for code in layers[-1])
    assert [end.code for end in successors_of(a_taxonomy(*steps, *ends), layers[0][0])] == list(layers[-1])


@given(taxonomies())
def test_successors_are_active_concepts_of_the_same_state(taxonomy: Taxonomy) -> None:
    for concept in taxonomy:
        ends = successors_of(taxonomy, concept.code)
        assert all(taxonomy[end.code].retirement is None for end in ends)
        assert concept.retirement is not None or ends == ()


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("equivalent", "narrower", "narrower"),
        ("narrower", "equivalent", "narrower"),
        ("narrower", "narrower", "narrower"),
        ("narrower", "broader", "not-equivalent"),
        ("not-equivalent", "equivalent", "not-equivalent"),
    ],
)
def test_certainty_is_only_lost_along_a_chain(first: str, second: str, result: str) -> None:
    assert composed(first, second) == result  # type: ignore[arg-type]  # texts from the table of cases


def test_each_outcome_of_a_conversion() -> None:
    old = without(state(), "C005")
    new = edited(state(), "C001", labels={"en": Labels(preferred="New name")})
    new = edited(new, "C002", meaning=2)
    new = edited(new, "C003", retirement=retirement(("C001", "equivalent")))
    new = edited(new, "C004", retirement=retirement(("C001", "narrower"), ("C002", "narrower")))
    outcomes = {code: convert(code, old, new) for code in ("C001", "C002", "C003", "C004", "C005")}
    assert {code: (c.outcome, c.result) for code, c in outcomes.items()} == {
        "C001": ("renamed", "C001"),
        "C002": ("redefined", "C002"),
        "C003": ("replaced", "C001"),
        "C004": ("choose", None),
        "C005": ("unknown", None),
    }
    assert [end.code for end in outcomes["C004"].candidates] == ["C001", "C002"]
    assert convert("C005", new, old).outcome is Outcome.ABSENT
    gone = edited(new, "C001", retirement=retirement())
    assert convert("C001", old, gone).outcome is Outcome.RETIRED


def test_a_foreign_uri_is_converted_through_its_alignment() -> None:
    old = edited(state(), "C003", alignments=(aligned("C003"),))
    new = edited(old, "C003", retirement=retirement(("C001", "equivalent")))
    result = convert(URI, old, new)
    assert (result.outcome, result.concept, result.result) == (Outcome.REPLACED, "C003", "C001")
    assert result.alignment == aligned("C003")


def test_a_foreign_uri_that_aligns_to_several_concepts_asks() -> None:
    old = edited(edited(state(), "C001", alignments=(aligned("C001", "broad"),)), "C002",
                 alignments=(aligned("C002", "close"),))  # fmt: skip
    new = edited(old, "C001", retirement=retirement(("C003", "equivalent")))
    result = convert(URI, old, new)
    assert result.outcome is Outcome.CHOOSE
    assert [(end.code, end.match) for end in result.candidates] == [("C003", "narrower"), ("C002", "not-equivalent")]


def test_an_exact_alignment_decides_among_several() -> None:
    both = edited(edited(state(), "C001", alignments=(aligned("C001", "broad"),)), "C002",
                  alignments=(aligned("C002"),))  # fmt: skip
    assert convert(URI, both, both).result == "C002"


def test_a_former_code_is_understood() -> None:
    old = with_concepts(state(), a_concept(code="C009", former_codes=("W07",)))
    assert convert("W07", old, old).result == "C009"


@given(taxonomy_pairs())
def test_a_certain_result_is_always_an_active_concept_of_the_target(pair: tuple[Taxonomy, Taxonomy]) -> None:
    old, new = pair
    for asked in (*old.concepts, *new.concepts):
        result = convert(asked, old, new)
        assert result.result is None or new[result.result].retirement is None
        assert (result.outcome is Outcome.UNKNOWN) == (asked not in old)


@given(taxonomies())
def test_converting_within_one_version_keeps_every_active_code(taxonomy: Taxonomy) -> None:
    for concept in taxonomy:
        if concept.retirement is None:
            assert convert(concept.code, taxonomy, taxonomy).outcome is Outcome.SAME
