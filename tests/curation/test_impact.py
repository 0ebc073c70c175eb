"""Impact: what becomes of every mapping, whose it is, and which alignments are lost."""

from __future__ import annotations

import pytest
from hypothesis import given

from competency_api.curation.impact import EmbedUse, MappingUse, impact_of
from competency_api.taxonomy.concept import Alignment, Labels, Retirement, Successor, SuccessorMatch
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.migration import MappingOutcome
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy, edited, links
from tests.strategies import taxonomy_pairs

START = a_taxonomy()
LINK = Alignment(match="exact", uri="http://example.org/1", scheme="ESCO")
START = edited(START, "C001", alignments=(LINK,))


def retired(*successors: tuple[str, SuccessorMatch]) -> Taxonomy:
    chain = tuple(Successor(code=code, match=match) for code, match in successors)
    return edited(START, "C001", retirement=Retirement(reason="Gone.", on="2026-11-23", successors=chain))


STATES = {
    "unchanged": edited(START, "C001", alignments=()),
    "renamed": edited(START, "C001", labels={**START["C001"].labels, "en": Labels(preferred="New")}),
    "moved": edited(START, "C001", relations={**START["C001"].relations, "broader": links("C003")}),
    "replaced": retired(("C003", "equivalent")),
    "review": edited(START, "C001", definition={"en": "Something else."}, meaning=2),
    "choose": retired(("C002", "narrower"), ("C003", "narrower")),
    "retired": retired(),
}


@pytest.mark.parametrize(("outcome", "state"), STATES.items(), ids=list(STATES))
def test_each_mapping_has_the_outcome_of_its_concept(outcome: str, state: Taxonomy) -> None:
    uses = [MappingUse("uni", "smart-1", "teaches", "C001"), MappingUse("uni", "smart-1", "teaches", "T001")]
    found = impact_of(difference(START, state), START, state, uses)
    assert found.mappings == {outcome: 1}
    assert found.waiting == (outcome in ("review", "choose", "retired"))
    assert [(use.course, use.outcome) for use in found.affected] == [("smart-1", outcome)]


def test_a_changed_level_waits_for_a_person() -> None:
    levels = {"levels": {str(n): {"en": f"Other {n}"} for n in range(1, 4)}, "type": "skill"}
    state = edited(START, "C003", attributes=levels)
    assert impact_of(difference(START, state), START, state).concepts[0].outcome is MappingOutcome.REVIEW


def test_it_is_told_by_organisation() -> None:
    uses = [MappingUse(name, course, "teaches", "C001") for name, course in (("uni", "a"), ("uni", "b"), ("fp", "c"))]
    seen = [EmbedUse("city", "https://example.org", "C001", 5), EmbedUse("city", "https://example.org", "T001", 5)]
    state = STATES["retired"]
    found = impact_of(difference(START, state), START, state, uses, seen)
    told = [(o.organisation, o.mappings, o.courses, o.embeds) for o in found.organisations]
    assert told == [("city", {}, 0, 1), ("fp", {"retired": 1}, 1, 0), ("uni", {"retired": 2}, 2, 0)]


@pytest.mark.parametrize(("state", "retired_too"), [("unchanged", False), ("retired", True), ("replaced", True)])
def test_alignments_are_lost_when_they_are_removed_or_their_concept_goes(state: str, retired_too: bool) -> None:
    found = impact_of(difference(START, STATES[state]), START, STATES[state])
    assert [(a.code, a.alignment, a.retired) for a in found.alignments_lost] == [("C001", LINK, retired_too)]
    assert impact_of(difference(START, STATES["renamed"]), START, STATES["renamed"]).alignments_lost == ()


def test_the_affected_mappings_that_wait_are_listed_first() -> None:
    state = edited(STATES["retired"], "T001", labels={"en": Labels(preferred="Other")})
    uses = [MappingUse("a", f"course-{n}", "teaches", "T001") for n in range(700)]
    found = impact_of(difference(START, state), START, state, [*uses, MappingUse("z", "last", "teaches", "C001")])
    assert (found.affected[0].course, len(found.affected), found.mappings_total) == ("last", 500, 701)


def test_a_private_course_counts_and_is_never_named() -> None:
    uses = [
        MappingUse("uni", "secret", "teaches", "C001", is_public=False),
        MappingUse("uni", "known", "teaches", "C001"),
    ]
    state = STATES["retired"]
    found = impact_of(difference(START, state), START, state, uses)
    assert (found.mappings_total, [use.course for use in found.affected]) == (2, ["known"])
    assert [(told.mappings, told.courses) for told in found.organisations] == [({"retired": 2}, 2)]


@given(taxonomy_pairs(removals=False))
def test_every_mapping_to_a_concept_that_was_there_has_one_outcome(pair: tuple[Taxonomy, Taxonomy]) -> None:
    old, new = pair
    uses = [MappingUse("uni", code, "teaches", code) for code in old.concepts]
    found = impact_of(difference(old, new), old, new, uses)
    changed = sum(old.digests[code] != new.digests[code] for code in old.concepts)
    assert found.mappings_total == changed == len(found.affected)
