"""Which mappings there are after a plan: those that leave, what they became, and those that are written anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from competency_api.courses.plans.decisions import Decision, Decisions, Verdict
from competency_api.courses.plans.steps import Held, Step
from competency_api.courses.values import LONGEST_EVIDENCE, MOST_HOURS
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.migration import MappingOutcome

_BETWEEN = " / "
_WITH_LEVELS = KINDS["competency"].letter


class Leaving(msgspec.Struct, frozen=True):
    """A mapping that is no longer as it was; ``became`` is the concept it is of now, if another, None when dropped."""

    held: Held
    became: str | None


class Result(msgspec.Struct, frozen=True):
    """What a plan does: mappings that leave, those that arrive, and how many of each outcome moved or wait."""

    leaving: list[Leaving]
    arriving: list[Held]
    moved: dict[str, int]
    dropped: int
    waiting: int


def result_of(steps: Iterable[Step], decisions: Decisions, target_version: int, staying: Iterable[Held] = ()) -> Result:
    """What the steps come to. ``staying`` are the provider's mappings that the plan is not about.

    A mapping that arrives where another one is, of the same course, concept and relation, is joined with it: the
    higher level, the hours of both together, the evidence of both.
    """
    leaving: list[Leaving] = []
    arriving: dict[tuple[int, str, str], Held] = {}
    there = {held.key: held for held in staying}
    moved = dict.fromkeys((outcome.value for outcome in MappingOutcome), 0)
    dropped = waiting = 0
    for step in steps:
        rows = rows_after(step, decisions.for_step(step), target_version)
        if rows is None:
            waiting += 1
            there[step.held.key] = step.held
            continue
        dropped += not rows
        moved[step.found.outcome.value] += bool(rows)
        leaving.append(Leaving(step.held, _became(step.held, rows)))
        for row in rows:
            arriving[row.key] = joined(arriving[row.key], row) if row.key in arriving else row
    for key in arriving.keys() & there.keys():
        leaving.append(Leaving(there[key], ""))
        arriving[key] = joined(there[key], arriving[key])
    return Result(leaving, list(arriving.values()), moved, dropped, waiting)


def rows_after(step: Step, decision: Decision | None, target_version: int) -> Sequence[Held] | None:
    """The mappings that this one becomes; none when it is dropped, None when it stays as it is and waits."""
    held = step.held
    if step.restored:
        return step.restored
    if decision is not None and decision.verdict is Verdict.DROP:
        return ()
    code = step.found.result
    if decision is not None:
        code = held.concept
    if code is None:
        return None
    codes = decision.codes if decision is not None and decision.verdict is Verdict.REPLACE else (code,)
    return [_as_of(held, code, target_version) for code in codes]


def _as_of(held: Held, code: str, version_id: int) -> Held:
    level = held.level if code.startswith(_WITH_LEVELS) else None
    return held._replace(concept=code, version_id=version_id, level=level)


def _became(held: Held, rows: Sequence[Held]) -> str | None:
    codes = [row.concept for row in rows]
    if not codes:
        return None
    return "" if held.concept in codes else codes[0]


def joined(first: Held, second: Held) -> Held:
    """Two mappings of one course to one concept as one; the second's version."""
    said = [text for text in dict.fromkeys((first.evidence, second.evidence)) if text]
    hours = [hours for hours in (first.hours, second.hours) if hours is not None]
    return second._replace(
        level=max(first.level or 0, second.level or 0) or None,
        hours=min(sum(hours), 100 * MOST_HOURS) if hours else None,
        evidence=_BETWEEN.join(said)[:LONGEST_EVIDENCE],
        span=first.span or second.span,
    )
