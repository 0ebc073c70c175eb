"""Whom a change of the taxonomy touches: mappings by what becomes of them, alignments that are lost, by organisation.

Computed from a difference and the uses of the concepts in it, so that it is cheap enough to ask for on every save.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest
from typing import Any, Protocol

import msgspec

from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.concept import Alignment
from competency_api.taxonomy.migration import ConceptOutcome, MappingOutcome, mapping_outcomes
from competency_api.taxonomy.taxonomy import Taxonomy

#: So many affected mappings are listed; all of them are counted.
MOST_LISTED = 500


class MappingUse(msgspec.Struct, frozen=True):
    """One mapping of a course to a concept; ``organisation`` is the provider's code, ``course`` its own identifier.

    One that is not ``is_public`` counts and is never named: only its provider knows of it.
    """

    organisation: str
    course: str
    relation: str
    code: str
    is_public: bool = True


class EmbedUse(msgspec.Struct, frozen=True):
    """One embed or pinned reader that was seen to show a concept, and how often."""

    organisation: str
    place: str
    code: str
    seen: int


class Uses(Protocol):
    """A feature that knows who uses concepts. ``session`` is the database session of the question."""

    def mappings(self, session: Any, codes: Collection[str]) -> Iterable[MappingUse]:
        """The mappings to these concepts."""

    def embeds(self, session: Any, codes: Collection[str]) -> Iterable[EmbedUse]:
        """Where these concepts were seen to be shown."""


class AffectedMapping(msgspec.Struct, frozen=True):
    """A mapping and what becomes of it."""

    organisation: str
    course: str
    relation: str
    code: str
    outcome: MappingOutcome


class LostAlignment(msgspec.Struct, frozen=True):
    """A link to another scheme that no longer leads to a concept in use; ``retired`` says that the concept went."""

    code: str
    alignment: Alignment
    retired: bool


class OrganisationImpact(msgspec.Struct, frozen=True):
    """What it means for one organisation: mappings by outcome, courses that have any, embeds."""

    organisation: str
    mappings: dict[str, int]
    courses: int
    embeds: int


class Impact(msgspec.Struct, frozen=True):
    """``concepts`` are those with mappings that change; ``mappings`` counts by outcome, ``waiting`` for a person."""

    concepts: tuple[ConceptOutcome, ...]
    mappings: dict[str, int]
    waiting: int
    affected: tuple[AffectedMapping, ...]
    embeds: tuple[EmbedUse, ...]
    alignments_lost: tuple[LostAlignment, ...]
    organisations: tuple[OrganisationImpact, ...]

    @property
    def mappings_total(self) -> int:
        return sum(self.mappings.values())


def impact_of(
    found: Difference,
    old_state: Taxonomy,
    new_state: Taxonomy,
    mappings: Iterable[MappingUse] = (),
    embeds: Iterable[EmbedUse] = (),
) -> Impact:
    """The impact of ``found``, which leads from the old to the new state; uses of other concepts are passed over."""
    outcomes = mapping_outcomes(found, new_state)
    touched = [use for use in mappings if use.code in outcomes]
    shown = tuple(use for use in embeds if use.code in outcomes)
    counts = Counter(outcomes[use.code].outcome for use in touched)
    return Impact(
        concepts=tuple(outcomes.values()),
        mappings={outcome.value: counts[outcome] for outcome in MappingOutcome if counts[outcome]},
        waiting=sum(number for outcome, number in counts.items() if outcome.waits),
        affected=_listed(touched, outcomes),
        embeds=shown[:MOST_LISTED],
        alignments_lost=tuple(_lost(outcomes, old_state, new_state)),
        organisations=_by_organisation(touched, shown, outcomes),
    )


def _listed(touched: Iterable[MappingUse], outcomes: Mapping[str, ConceptOutcome]) -> tuple[AffectedMapping, ...]:
    """The first ones of public courses, those that wait for a person before the others."""

    def rank(use: MappingUse) -> tuple[bool, str, str, str]:
        return (not outcomes[use.code].outcome.waits, use.organisation, use.course, use.code)

    chosen = nsmallest(MOST_LISTED, (use for use in touched if use.is_public), key=rank)
    return tuple(
        AffectedMapping(use.organisation, use.course, use.relation, use.code, outcomes[use.code].outcome)
        for use in chosen
    )


def _lost(codes: Iterable[str], old_state: Taxonomy, new_state: Taxonomy) -> Iterable[LostAlignment]:
    for code in codes:
        old, new = old_state.get(code), new_state.get(code)
        if old is None or old.retirement is not None:
            continue
        is_retired = new is None or new.retirement is not None
        kept = set() if new is None or is_retired else {(a.uri, a.match) for a in new.alignments}
        for alignment in old.alignments:
            if (alignment.uri, alignment.match) not in kept:
                yield LostAlignment(code, alignment, is_retired)


def _by_organisation(
    touched: Iterable[MappingUse], embeds: Iterable[EmbedUse], outcomes: Mapping[str, ConceptOutcome]
) -> tuple[OrganisationImpact, ...]:
    counts: dict[str, Counter[str]] = {}
    courses: dict[str, set[str]] = {}
    for use in touched:
        counts.setdefault(use.organisation, Counter())[outcomes[use.code].outcome.value] += 1
        courses.setdefault(use.organisation, set()).add(use.course)
    shown = Counter(use.organisation for use in embeds)
    return tuple(
        OrganisationImpact(name, dict(sorted(counts.get(name, {}).items())), len(courses.get(name, ())), shown[name])
        for name in sorted({*counts, *shown})
    )
