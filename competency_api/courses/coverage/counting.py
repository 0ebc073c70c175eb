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
    modalities: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tally(self, code: str, relation: str) -> Tally:
        return self.tallies.get((code, relation), _NOTHING)


_NOTHING = Tally()
_NONE = (0, 0)


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
    counts, codes = Counts(), _Codes(conversion_from)
    waiting: dict[tuple[int, str], int] = {}
    tallies, modalities = counts.tallies, counts.modalities
    # tens of thousands of rows: what is known is looked up without a call
    for version_id, concept, relation, level, courses, hours in sums.levels:
        code = codes[version_id, concept]
        if code is None:
            waiting[version_id, concept] = waiting.get((version_id, concept), 0) + courses
            continue
        tally = tallies.get((code, relation))
        if tally is None:
            tally = tallies[code, relation] = Tally()
        by_level = tally.by_level
        by_level[level] = by_level.get(level, 0) + courses
        tally.hours += hours
    for version_id, concept, modality, courses, hours in sums.modalities:
        if (code := codes[version_id, concept]) is not None:
            before = modalities.get((code, modality), _NONE)
            modalities[code, modality] = (before[0] + courses, before[1] + hours)
    counts.waiting = tuple(_waiting(waiting.items(), conversion_from))
    counts.merged = {code: tuple(sorted(found)) for code, found in codes.sources.items() if len(found) > 1}
    return counts


class _Codes(dict[tuple[int, str], str | None]):
    """The code under which a version's concept counts; ``sources`` are the concepts that count under one."""

    def __init__(self, conversion_from: Callable[[int], Conversion]) -> None:
        super().__init__()
        self._conversion_from = conversion_from
        self.sources: dict[str, set[str]] = {}

    def __missing__(self, key: tuple[int, str]) -> str | None:
        code = self[key] = self._conversion_from(key[0]).code(key[1])
        if code is not None:
            self.sources.setdefault(code, set()).add(key[1])
        return code


def _waiting(
    found: Iterable[tuple[tuple[int, str], int]], conversion_from: Callable[[int], Conversion]
) -> Iterable[Waiting]:
    for (version_id, concept), mappings in sorted(found):
        outcome = conversion_from(version_id).outcomes[concept]
        yield Waiting(version_id, concept, outcome.outcome, mappings, outcome.reason)
