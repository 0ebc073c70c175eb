"""What a new version did to a coverage: two reports of the same courses side by side."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from competency_api.courses.coverage.report import ConceptCoverage, Report, State
from competency_api.taxonomy.migration import Outcomes


class Development(StrEnum):
    """What became of the coverage of one concept."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    ADDED = "added"  # in question only in the newer version
    REPLACED = "replaced"  # in question only in the older one: others stand in for it
    GONE = "gone"  # in question only in the older one, and nothing stands in for it


class Compared(msgspec.Struct, frozen=True):
    """One concept in both; ``successors`` stand in for it, ``waiting`` mappings to it are not counted any more."""

    code: str
    development: Development
    before: ConceptCoverage | None
    after: ConceptCoverage | None
    successors: tuple[str, ...] = ()
    waiting: int = 0


class Comparison(msgspec.Struct, frozen=True):
    """Every concept that is in question in either, by code, and how many there are of each development."""

    before: Report
    after: Report
    concepts: tuple[Compared, ...]
    developments: dict[Development, int]


_WORTH = (State.MISSING, State.LEVEL_NOT_TOLD, State.BELOW, State.COVERED)


def compared(before: Report, after: Report, outcomes: Outcomes) -> Comparison:
    """The reports of the older and the newer version, between which ``outcomes`` are."""
    old, new = ({concept.code: concept for concept in report.concepts} for report in (before, after))
    waits: dict[str, int] = {}
    for entry in after.waiting:
        waits[entry.concept] = waits.get(entry.concept, 0) + entry.mappings
    rows = tuple(
        _row(code, old.get(code), new.get(code), outcomes, waits.get(code, 0)) for code in sorted({*old, *new})
    )
    counts = {kind: sum(row.development is kind for row in rows) for kind in Development}
    return Comparison(before, after, rows, counts)


def _row(
    code: str, old: ConceptCoverage | None, new: ConceptCoverage | None, outcomes: Outcomes, waiting: int
) -> Compared:
    if old is None:
        return Compared(code, Development.ADDED, old, new, (), waiting)
    if new is None:
        successors = tuple(successor.code for successor in outcomes[code].successors)
        return Compared(code, Development.REPLACED if successors else Development.GONE, old, new, successors, waiting)
    return Compared(code, _development(old, new), old, new, (), waiting)


def _development(old: ConceptCoverage, new: ConceptCoverage) -> Development:
    measures: tuple[Callable[[ConceptCoverage], int], ...] = (
        lambda found: _WORTH.index(found.state),
        lambda found: -(found.gap or 0),
        lambda found: found.taught or 0,
        lambda found: found.teaching,
    )
    for measure in measures:
        if measure(old) != measure(new):
            return Development.BETTER if measure(new) > measure(old) else Development.WORSE
    return Development.SAME
