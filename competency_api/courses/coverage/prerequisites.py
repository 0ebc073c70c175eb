"""What has to be known before, and is not taught: by what courses require, and by what concepts require."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from competency_api.courses.coverage.counting import REQUIRES, TEACHES, Counts
from competency_api.taxonomy.taxonomy import Taxonomy


class Prerequisite(msgspec.Struct, frozen=True):
    """A concept that no course teaches; ``courses`` require it themselves, ``concepts`` cannot be mastered without."""

    code: str
    courses: int
    concepts: tuple[str, ...]


def missing_prerequisites(taxonomy: Taxonomy, asked: Collection[str], counts: Counts) -> tuple[Prerequisite, ...]:
    """All that is required, however indirectly, by the courses or by the asked concepts that they teach; by code."""
    taught = {code for code, relation in counts.tallies if relation == TEACHES}
    needed_by: dict[str, set[str]] = {}
    by_courses = {code for code, relation in counts.tallies if relation == REQUIRES}
    waiting = [*by_courses, *(taught.intersection(asked))]
    seen = set(waiting)
    while waiting:
        code = waiting.pop()
        for required in taxonomy[code].targets("requires"):
            needed_by.setdefault(required, set()).add(code)
            if required in taxonomy and required not in seen:
                seen.add(required)
                waiting.append(required)
    missing = (by_courses | needed_by.keys()) - taught
    return tuple(
        Prerequisite(code, counts.tally(code, REQUIRES).courses, tuple(sorted(needed_by.get(code, ()))))
        for code in sorted(missing)
        if code in taxonomy
    )
