"""Coverage told the long way, mapping by mapping: what the sums are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from competency_api.courses.coverage.counting import Sums
from competency_api.taxonomy.migration import Outcomes
from competency_api.taxonomy.taxonomy import Taxonomy


class Single(NamedTuple):
    """A mapping of a course, which is held in one way; ``version`` counts from 1, ``hours`` are hundredths."""

    course: int
    concept: str
    relation: str
    version: int
    level: int
    hours: int
    modality: str


def added_up(mappings: Iterable[Single]) -> Sums:
    """The sums that are kept of these mappings."""
    levels: Counter[tuple[int, str, str, int]] = Counter()
    modalities: Counter[tuple[int, str, str]] = Counter()
    hours: Counter[tuple[object, ...]] = Counter()
    for m in mappings:
        levels[m.version, m.concept, m.relation, m.level] += 1
        hours[m.version, m.concept, m.relation, m.level] += m.hours
        if m.relation == "teaches":
            modalities[m.version, m.concept, m.modality] += 1
            hours[m.version, m.concept, m.modality] += m.hours
    return Sums(
        [(*key, number, hours[key]) for key, number in levels.items()],
        [(*key, number, hours[key]) for key, number in modalities.items()],
    )


def code_at(single: Single, versions: Mapping[int, Taxonomy], asked: int, today: str) -> str | None:
    """Under which code the mapping counts at the asked version."""
    outcome = Outcomes(versions[single.version], versions[asked])[single.concept]
    if outcome.result is not None:
        return outcome.result
    there = versions[asked].get(single.concept)
    if there is None or there.retirement is None or there.retirement.transition_until < today:
        return None
    return single.concept


def required_before(taxonomy: Taxonomy, codes: Iterable[str]) -> set[str]:
    """Everything that these require, however indirectly; found by looking again until nothing is new."""
    found: set[str] = set()
    known = set(codes)
    while new := {code for one in known | found for code in taxonomy[one].targets("requires")} - found:
        found |= new
    return found
