"""What happens to single mappings on the way to another version."""

from __future__ import annotations

from typing import NamedTuple

from competency_api.taxonomy.concept import Successor
from competency_api.taxonomy.migration import ConceptOutcome, MappingOutcome, Outcomes


class Held(NamedTuple):
    """A mapping as it is stored: ``hours`` in hundredths, ``since`` the change that made it so."""

    course_id: int
    concept: str
    relation: str
    version_id: int
    level: int | None
    hours: int | None
    evidence: str
    span: str
    since: int

    @property
    def key(self) -> tuple[int, str, str]:
        return self[:3]


class Step(NamedTuple):
    """A mapping, what becomes of it, and, on the way back, what it was before it was migrated."""

    held: Held
    found: ConceptOutcome
    restored: tuple[Held, ...] = ()


def step_of(held: Held, outcomes: Outcomes, restored: tuple[Held, ...] = ()) -> Step:
    """What becomes of a mapping; what its history knows of it goes before what concepts tell."""
    if not restored:
        return Step(held, outcomes[held.concept])
    codes = tuple(dict.fromkeys(former.concept for former in restored))
    label = outcomes[held.concept].label
    reason = "So it was before it was migrated."
    if codes == (held.concept,):
        found = ConceptOutcome(held.concept, label, MappingOutcome.UNCHANGED, reason=reason)
    else:
        ends = tuple(Successor(code=code, match="equivalent") for code in codes)
        found = ConceptOutcome(held.concept, label, MappingOutcome.REPLACED, ends, "all", reason)
    return Step(held, found, restored)
