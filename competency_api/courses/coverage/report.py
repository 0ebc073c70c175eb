"""Coverage: the concepts in question one by one, added up by discipline, kind and phase.

A concept is taught when a course teaches it; one that only assesses or requires it does not. The level reached is the
highest one taught. Against an expected level the gap is what is missing up to it; where courses teach a concept and
none says up to which level, the gap is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from competency_api.courses.coverage.counting import ASSESSES, REQUIRES, TEACHES, Counts, Waiting
from competency_api.courses.coverage.prerequisites import Prerequisite, missing_prerequisites
from competency_api.courses.coverage.targets import Target
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import PHASES
from competency_api.taxonomy.taxonomy import Taxonomy


class State(StrEnum):
    """How a concept in question is covered."""

    COVERED = "covered"  # taught, and up to the expected level where there is one
    BELOW = "below"  # taught, up to a lower level than expected
    LEVEL_NOT_TOLD = "level-not-told"  # taught, but no course says up to which level
    MISSING = "missing"  # not taught


class ConceptCoverage(msgspec.Struct, frozen=True):
    """One concept: courses by relation, the highest levels told (1 to 4), hours of teaching in hundredths.

    ``by_level`` are the courses that teach it by level, 0 for those that do not tell. ``merged`` names concepts whose
    mappings count here since it stands in for them: a course mapped to several of them is counted for each.
    """

    code: str
    state: State
    expected: int | None
    gap: int | None
    teaching: int
    assessing: int
    requiring: int
    taught: int | None
    assessed: int | None
    hours: int
    by_level: dict[int, int]
    merged: tuple[str, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """The concepts in question of one discipline, kind or phase: how many there are and how many are in each state.

    A concept of several disciplines or phases is in each of them. ``gap`` adds up the known gaps of its concepts.
    """

    name: str
    concepts: int
    states: dict[State, int]
    teaching: int
    hours: int
    gap: int


class Share(msgspec.Struct, frozen=True):
    """Mappings that teach a concept in question, and their hours, of courses held in one way (empty: not told)."""

    modality: str
    mappings: int
    hours: int


class Redundancy(msgspec.Struct, frozen=True):
    """A concept that several courses teach up to the same level (None: not told)."""

    code: str
    level: int | None
    courses: int


class Report(msgspec.Struct, frozen=True):
    """All of it. ``in_transition`` are retired concepts whose mappings still count; they are in no group."""

    concepts: tuple[ConceptCoverage, ...]
    total: Group
    disciplines: tuple[Group, ...]
    kinds: tuple[Group, ...]
    phases: tuple[Group, ...]
    modalities: tuple[Share, ...]
    redundancies: tuple[Redundancy, ...]
    prerequisites: tuple[Prerequisite, ...]
    in_transition: tuple[ConceptCoverage, ...]
    waiting: tuple[Waiting, ...]


def covered(taxonomy: Taxonomy, targets: Sequence[Target], counts: Counts) -> Report:
    """The coverage of ``targets``, which the version has, by courses that were counted as it has them."""
    concepts = tuple(_concept(target, counts) for target in targets)
    asked = {target.code for target in targets}
    ended = sorted({code for code, _ in counts.tallies if code not in asked and taxonomy[code].retirement})
    return Report(
        concepts=concepts,
        total=_group("", concepts),
        disciplines=_groups(concepts, lambda c: _disciplines(taxonomy, c.code)),
        kinds=_groups(concepts, lambda c: (taxonomy[c.code].kind,)),
        phases=_in_order(PHASES, _groups(concepts, lambda c: _phases(taxonomy[c.code]))),
        modalities=_shares(asked, counts),
        redundancies=tuple(_redundancies(concepts)),
        prerequisites=missing_prerequisites(taxonomy, asked, counts),
        in_transition=tuple(_concept(Target(code), counts) for code in ended),
        waiting=counts.waiting,
    )


def _concept(target: Target, counts: Counts) -> ConceptCoverage:
    code = target.code
    teaches, assesses = counts.tally(code, TEACHES), counts.tally(code, ASSESSES)
    state, gap = _state(target.expected, teaches.courses, teaches.highest)
    return ConceptCoverage(
        code=code,
        state=state,
        expected=target.expected,
        gap=gap,
        teaching=teaches.courses,
        assessing=assesses.courses,
        requiring=counts.tally(code, REQUIRES).courses,
        taught=teaches.highest,
        assessed=assesses.highest,
        hours=teaches.hours,
        by_level=dict(sorted(teaches.by_level.items())),
        merged=counts.merged.get(code, ()),
    )


def _state(expected: int | None, teaching: int, reached: int | None) -> tuple[State, int | None]:
    if not teaching:
        return State.MISSING, expected
    if expected is None:
        return State.COVERED, None
    if reached is None:
        return State.LEVEL_NOT_TOLD, None
    gap = max(0, expected - reached)
    return (State.BELOW if gap else State.COVERED), gap


def _disciplines(taxonomy: Taxonomy, code: str) -> tuple[str, ...]:
    return (code,) if taxonomy[code].kind == "discipline" else taxonomy[code].targets("part_of")


def _phases(concept: Concept) -> tuple[str, ...]:
    return tuple(concept.attributes.get("phases", ()))


def _groups(
    concepts: Iterable[ConceptCoverage], names_of: Callable[[ConceptCoverage], Iterable[str]]
) -> tuple[Group, ...]:
    members: dict[str, list[ConceptCoverage]] = {}
    for concept in concepts:
        for name in names_of(concept):
            members.setdefault(name, []).append(concept)
    return tuple(_group(name, members[name]) for name in sorted(members))


def _in_order(names: Sequence[str], groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: names.index(group.name)))


def _group(name: str, members: Sequence[ConceptCoverage]) -> Group:
    return Group(
        name=name,
        concepts=len(members),
        states={state: sum(member.state is state for member in members) for state in State},
        teaching=sum(member.teaching for member in members),
        hours=sum(member.hours for member in members),
        gap=sum(member.gap or 0 for member in members),
    )


def _shares(asked: set[str], counts: Counts) -> tuple[Share, ...]:
    shares: dict[str, list[int]] = {}
    for (code, modality), (mappings, hours) in counts.modalities.items():
        if code in asked:
            share = shares.setdefault(modality, [0, 0])
            share[0] += mappings
            share[1] += hours
    return tuple(Share(modality, *shares[modality]) for modality in sorted(shares))


def _redundancies(concepts: Iterable[ConceptCoverage]) -> Iterator[Redundancy]:
    for concept in concepts:
        for level, courses in concept.by_level.items():
            if courses > 1:
                yield Redundancy(concept.code, level or None, courses)
