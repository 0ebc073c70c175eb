"""What a provider decides about mappings that wait: to keep, to drop, or to replace by other concepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from competency_api.core.nearest import hint_of_codes
from competency_api.core.text import printable
from competency_api.courses.plans.steps import Held, Step
from competency_api.taxonomy.migration import ConceptOutcome, MappingOutcome
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.taxonomy import Taxonomy

#: Concepts that one mapping can be replaced by.
MOST_CODES = 20


class Verdict(StrEnum):
    KEEP = "keep"  # the concept still fits, although its meaning or levels changed
    DROP = "drop"  # the mapping ends
    REPLACE = "replace"  # by mappings to other concepts


class Decision(msgspec.Struct, frozen=True):
    """``codes`` only to replace by them."""

    verdict: Verdict
    codes: tuple[str, ...] = ()


#: Course id, concept, relation; course id 0 and an empty relation mean all of them.
Scope = tuple[int, str, str]


class Decisions:
    """What was decided, by what it is about: what is said of one mapping goes before what is said of many."""

    def __init__(self, entries: Mapping[Scope, Decision] | None = None) -> None:
        self.entries: dict[Scope, Decision] = dict(entries or {})

    def about(self, held: Held) -> Decision | None:
        course, concept, relation = held.key
        scopes = ((course, concept, relation), (course, concept, ""), (0, concept, relation), (0, concept, ""))
        return next((self.entries[scope] for scope in scopes if scope in self.entries), None)

    def for_step(self, step: Step) -> Decision | None:
        """What was decided about a mapping that waits; about others there is nothing to decide."""
        return self.about(step.held) if step.found.outcome.waits else None


def read(text: str) -> Decision | None:
    """A decision as a cell of a table has it: ``keep``, ``drop``, or codes with spaces between; None for nothing.

    What it names is checked by :func:`fault_of`.
    """
    words = text.replace(",", " ").replace(";", " ").split()
    if not words:
        return None
    if len(words) == 1 and words[0].lower() in (Verdict.KEEP, Verdict.DROP):
        return Decision(Verdict(words[0].lower()))
    return Decision(Verdict.REPLACE, tuple(dict.fromkeys(words)))


def written(decision: Decision | None) -> str:
    """The cell that :func:`read` reads."""
    if decision is None:
        return ""
    return " ".join(decision.codes) if decision.verdict is Verdict.REPLACE else decision.verdict.value


def fault_of(decision: Decision, found: ConceptOutcome, target: Taxonomy) -> str | None:
    """Why this cannot be decided of mappings with this outcome; None when it can."""
    if not found.outcome.waits:
        return f"Mappings to {found.code} move by themselves: there is nothing to decide."
    if decision.verdict is Verdict.KEEP and found.outcome is not MappingOutcome.REVIEW:
        return f"{found.code} is not in use in that version: drop it, or name concepts instead."
    if decision.verdict is not Verdict.REPLACE:
        return "Codes are only named to replace by them." if decision.codes else None
    if not 0 < len(decision.codes) <= MOST_CODES:
        return f"Name 1 to {MOST_CODES} concepts to replace it by."
    return next((fault for code in decision.codes if (fault := _fault_of_code(code, target))), None)


def _fault_of_code(code: str, target: Taxonomy) -> str | None:
    concept = target.get(code)
    if concept is None:
        return f'That version has no concept "{printable(code)}".{hint_of_codes(code, target.concepts)}'
    if concept.retirement is None:
        return None
    ends = [f"{end.code} ({target[end.code].name})" for end in successors_of(target, code)]
    return f"{code} ({concept.name}) is retired in that version{'; use ' + ' or '.join(ends) if ends else ''}."


def candidates_text(found: ConceptOutcome) -> str:
    """The candidates for a cell: ``C002 narrower; C009 narrower``."""
    return "; ".join(f"{end.code} {end.match}" for end in found.successors)


def undecided(steps: Iterable[Step], decisions: Decisions) -> int:
    """How many mappings still wait."""
    return sum(step.found.outcome.waits and decisions.for_step(step) is None for step in steps)
