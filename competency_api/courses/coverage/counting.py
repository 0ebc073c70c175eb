"""Sums of mappings, each pinned to a version, counted as one version has it.

What moves by itself counts where it would move to. What waits for a person is not counted, and said; mappings to a
retired concept count under its own code until its time of transition is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from competency_api.taxonomy.migration import MappingOutcome, Outcomes

TEACHES, ASSESSES, REQUIRES = "teaches", "assesses", "requires"

#: version id, concept, relation, level (0: not told), courses, hours in hundredths
LevelSum = tuple[int, str, str, int, int, int]
#: version id, concept, modality (empty: not told), courses that teach, hours in hundredths
ModalitySum = tuple[int, str, str, int, int]


class Sums(msgspec.Struct, frozen=True):
    """Mappings of a set of courses, added up twice: by relation and level, and those that teach by modality."""

    levels: Sequence[LevelSum]
    modalities: Sequence[ModalitySum]


@dataclass(slots=True)
class Tally:
    """The courses of one concept by level, for one relation; ``hours`` in hundredths."""

    by_level: dict[int, int] = field(default_factory=dict)
    hours: int = 0

    def add(self, level: int, courses: int, hours: int) -> None:
        self.by_level[level] = self.by_level.get(level, 0) + courses
        self.hours += hours

    @property
    def courses(self) -> int:
        return sum(self.by_level.values())

    @property
    def highest(self) -> int | None:
        """The highest level told; None where none is."""
        return max(self.by_level, default=0) or None


class Waiting(msgspec.Struct, frozen=True):
    """Mappings to a concept as of a version that are not counted until a person has decided."""

    version_id: int
    concept: str
    outcome: MappingOutcome
    mappings: int
    reason: str


@dataclass
class Counts:
    """Tallies by (code, relation) and modalities by (code, modality), both as of the asked version.

    ``merged`` names the codes that flowed into another one: a course mapped to both is counted twice there.
    """

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    modalities: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tally(self, code: str, relation: str) -> Tally:
        return self.tallies.get((code, relation), _NOTHING)


_NOTHING = Tally()


class Conversion:
    """Under which code mappings as of one version count at another, on a day (``2026-11-23``)."""

    def __init__(self, outcomes: Outcomes, today: str) -> None:
        self.outcomes = outcomes
        self._today = today
        self._known: dict[str, str | None] = {}

    def code(self, concept: str) -> str | None:
        """None for what waits."""
        if concept not in self._known:
            self._known[concept] = self.outcomes[concept].result or self._in_transition(concept)
        return self._known[concept]

    def _in_transition(self, concept: str) -> str | None:
        there = self.outcomes.new.get(concept)
        retirement = there.retirement if there else None
        return concept if retirement and self._today <= retirement.transition_until else None


def counted(sums: Sums, conversion_from: Callable[[int], Conversion]) -> Counts:
    """The sums as one version has them; ``conversion_from`` gives for the id of a version the way from there."""
    counts = Counts()
    waiting: dict[tuple[int, str], int] = {}
    sources: dict[str, set[str]] = {}
    for version_id, concept, relation, level, courses, hours in sums.levels:
        code = conversion_from(version_id).code(concept)
        if code is None:
            waiting[version_id, concept] = waiting.get((version_id, concept), 0) + courses
        else:
            sources.setdefault(code, set()).add(concept)
            counts.tallies.setdefault((code, relation), Tally()).add(level, courses, hours)
    for version_id, concept, modality, courses, hours in sums.modalities:
        if (code := conversion_from(version_id).code(concept)) is not None:
            share = counts.modalities.setdefault((code, modality), [0, 0])
            share[0] += courses
            share[1] += hours
    counts.waiting = tuple(_waiting(waiting.items(), conversion_from))
    counts.merged = {code: tuple(sorted(found)) for code, found in sources.items() if len(found) > 1}
    return counts


def _waiting(
    found: Iterable[tuple[tuple[int, str], int]], conversion_from: Callable[[int], Conversion]
) -> Iterable[Waiting]:
    for (version_id, concept), mappings in sorted(found):
        outcome = conversion_from(version_id).outcomes[concept]
        yield Waiting(version_id, concept, outcome.outcome, mappings, outcome.reason)
