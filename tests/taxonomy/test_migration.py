"""Outcomes of mappings: each where domain demands it, the same by both ways, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given

from competency_api.taxonomy.concept import Labels, Retirement, Successor, SuccessorMatch
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.migration import MappingOutcome, Outcomes, mapping_outcomes
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, edited, links, with_concepts, without
from tests.strategies import taxonomy_pairs

START = a_taxonomy()
NEW = a_concept("competency", "C009", relations={"part_of": links("D001")})


def retired(*successors: tuple[str, SuccessorMatch]) -> Taxonomy:
    chain = tuple(Successor(code=code, match=match) for code, match in successors)
    return edited(START, "C001", retirement=Retirement(reason="Gone.", on="2026-11-23", successors=chain))


STATES = {
    "unchanged": edited(START, "C001", relations={**START["C001"].relations, "addresses": ()}),
    "renamed": edited(START, "C001", labels={**START["C001"].labels, "en": Labels(preferred="New")}),
    "moved": edited(START, "C001", relations={**START["C001"].relations, "broader": links("C003")}),
    "replaced": retired(("C003", "equivalent")),
    "review": edited(START, "C001", definition={"en": "Something else."}, meaning=2),
    "choose": retired(("C002", "narrower"), ("C003", "narrower")),
    "retired": retired(),
}
RESULTS = {"unchanged": "C001", "renamed": "C001", "moved": "C001", "replaced": "C003"}


@pytest.mark.parametrize(("outcome", "state"), STATES.items(), ids=list(STATES))
def test_a_mapping_has_the_outcome_of_what_happened_to_its_concept(outcome: str, state: Taxonomy) -> None:
    found = Outcomes(START, state)["C001"]
    assert (found.outcome, found.result) == (outcome, RESULTS.get(outcome))
    assert found.outcome.waits == (outcome not in RESULTS)
    assert found.reason


def test_one_successor_that_is_not_equivalent_is_not_taken_without_a_person() -> None:
    found = Outcomes(START, retired(("C002", "broader")))["C001"]
    assert (found.outcome, found.successors) == ("choose", (Successor(code="C002", match="broader"),))


def test_a_retired_concept_waits_although_nothing_changed_since() -> None:
    assert Outcomes(STATES["retired"], STATES["retired"])["C001"].outcome == "retired"


def test_another_concept_under_the_same_code_is_reviewed() -> None:
    other = edited(START, "C001", uuid="7b3c5b1e-6a0f-4d4c-9d0e-0a4d7f0c2b11")
    assert Outcomes(START, other)["C001"].outcome == "review"


def test_back_in_time_the_replaced_concept_is_found_again() -> None:
    later = with_concepts(retired(("C009", "equivalent")), NEW)
    assert Outcomes(START, later)["C001"].result == "C009"
    back = Outcomes(later, START)["C009"]
    assert (back.outcome, back.result) == ("replaced", "C001")


def test_back_in_time_merged_and_split_concepts_are_chosen_from() -> None:
    end = Retirement(reason="Merged.", on="2026-11-23", successors=(Successor(code="C009", match="equivalent"),))
    merged = with_concepts(edited(edited(START, "C001", retirement=end), "C002", retirement=end), NEW)
    assert [s.code for s in Outcomes(merged, START)["C009"].successors] == ["C001", "C002"]
    split = with_concepts(retired(("C009", "narrower"), ("C002", "narrower")), NEW)
    assert Outcomes(split, START)["C009"].successors == (Successor(code="C001", match="broader"),)


def test_a_concept_under_a_former_code_is_found_in_both_directions() -> None:
    renumbered = with_concepts(without(START, "C001"), a_concept("competency", "C009", former_codes=("C001",)))
    assert Outcomes(START, renumbered)["C001"].result == "C009"
    assert Outcomes(renumbered, START)["C009"].result == "C001"


def test_a_concept_that_is_not_there_yet_has_no_counterpart() -> None:
    assert Outcomes(with_concepts(START, NEW), START)["C009"].outcome == "retired"


def test_of_an_unknown_code_nothing_is_said() -> None:
    with pytest.raises(KeyError):
        Outcomes(START, START)["C404"]


@given(taxonomy_pairs(removals=False))
def test_both_ways_to_ask_agree_on_every_concept_in_use(pair: tuple[Taxonomy, Taxonomy]) -> None:
    old, new = pair
    told, outcomes = mapping_outcomes(difference(old, new), new), Outcomes(old, new)
    for code, concept in old.concepts.items():
        expected = told[code].outcome if code in told else MappingOutcome.UNCHANGED
        assert outcomes[code].outcome == expected or concept.retirement is not None


@given(taxonomy_pairs(removals=False))
def test_there_and_back_leaves_what_was_unambiguous_as_it_was(pair: tuple[Taxonomy, Taxonomy]) -> None:
    old, new = pair
    there, back = Outcomes(old, new), Outcomes(new, old)
    for code, concept in old.concepts.items():
        result = there[code].result
        if result is None or concept.retirement is not None:
            continue
        if result == code:
            assert back[result].result == code
        elif result not in old:
            assert code in [successor.code for successor in back[result].successors] or back[result].result == code
