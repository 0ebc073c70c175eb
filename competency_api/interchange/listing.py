"""Import plans as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from competency_api.interchange.plan import ImportPlan
from competency_api.taxonomy.changes import ConceptChange

_SHOWN = 8  # of each list: enough to see what it is about


def plan_lines(plan: ImportPlan) -> Iterator[str]:
    """What the import does: counts, the first few of each sort with the types of change, and the warnings."""
    counts = (("added", plan.added), ("changed", plan.changed), ("retired", plan.retired))
    yield ", ".join([*(f"{len(entries)} {name}" for name, entries in counts), f"{plan.unchanged} unchanged"])
    for name, entries in counts:
        if entries:
            yield f"{name.capitalize()}:"
            yield from _first((_entry_line(entry) for entry in entries), len(entries))
    warnings = len(plan.warnings) + plan.more_warnings
    if warnings:
        yield f"Warnings: {warnings}"
        yield from _first((f"  {warning}" for warning in plan.warnings), warnings)


def problem_lines(plan: ImportPlan) -> Iterator[str]:
    """Every problem that was described, ``file:line:column: message``, and how many more there are."""
    yield from map(str, plan.problems)
    if plan.more_problems:
        yield f"and {plan.more_problems} more problems"


def seeded_lines(numbers: Sequence[str]) -> Iterator[str]:
    yield f"Published {', '.join(numbers)}." if numbers else "Nothing to do: this is no fresh installation."


def _entry_line(entry: ConceptChange) -> str:
    types = ", ".join(change.type for change in entry.changes if change.type != "added")
    return f"  {entry.code} {entry.label}" + (f": {types}" if types else "")


def _first(lines: Iterable[str], total: int) -> Iterator[str]:
    for index, line in enumerate(lines):
        if index == _SHOWN:
            break
        yield line
    if total > _SHOWN:
        yield f"  and {total - _SHOWN} more"
