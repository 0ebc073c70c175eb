"""Versions, plans, differences and findings as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from competency_api.core import clock
from competency_api.core.text import counted
from competency_api.taxonomy.changes import Change, ConceptChange, Difference, Edit
from competency_api.taxonomy.numbering import Reason
from competency_api.taxonomy.rules import Finding
from competency_api.taxonomy.wording import Names, edit_lines
from competency_api.versions.values import PublicationPlan, VersionInfo

_SHOWN = 8  # of a list of which a person wants to see what it is about, and how long it is


def version_lines(versions: Iterable[VersionInfo]) -> Iterator[str]:
    """One line a version, newest first."""
    for version in sorted(versions, key=lambda v: v.id, reverse=True):
        concepts = f"{version.summary.active} active of {version.summary.concepts} concepts"
        yield f"{version.number}  in force from {version.valid_from}  {concepts}  {version.title}"
        yield f"       published {clock.iso(version.published_at)}  digest {version.digest}"
        if version.withdrawal:
            use = f"; use {version.withdrawal.use}" if version.withdrawal.use else ""
            yield f"       withdrawn {clock.iso(version.withdrawal.at)}{use}: {version.withdrawal.reason}"


def _reason(reason: Reason) -> str:
    return f"  {reason.code} {reason.label}: {reason.type} ({reason.bump})"


def _some(lines: list[str], what: str) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"  and {len(lines) - _SHOWN} more {what}"


def plan_lines(plan: PublicationPlan) -> Iterator[str]:
    """What publishing the draft would do, and what speaks against it."""
    if plan.numbering is None:
        yield f"Nothing changed since {plan.parent}: there is nothing to publish."
        return
    yield f"Smallest permitted number: {plan.numbering.smallest}" + (f" (after {plan.parent})" if plan.parent else "")
    if plan.numbering.bump:
        yield f"{plan.numbering.bump} because of:"
        yield from _some([_reason(reason) for reason in plan.numbering.reasons], "reasons")
    yield "Changes: " + ", ".join(f"{kind} {n}" for kind, n in plan.difference.counts().items())
    yield f"Quality: {counted(len(plan.errors), 'error')}, {counted(len(plan.warnings), 'warning')}"
    yield from _some([f"  {finding_line(finding)}" for finding in plan.errors], "errors")
    yield from _some([f"  {finding_line(finding)}" for finding in plan.warnings], "warnings")
    yield f"Digest: {plan.digest}"


def finding_line(finding: Finding) -> str:
    return f"{finding.severity} {finding.rule}: {finding.message} {finding.remedy}".rstrip()


def _edit_lines(edit: Edit, names: Names) -> Iterator[str]:
    yield f"      {edit.path or '(whole concept)'}"
    if edit.path:
        gone, come = edit_lines(edit, names)
        yield from (f"        - {line}" for line in gone)
        yield from (f"        + {line}" for line in come)


def _change_lines(change: Change, names: Names) -> Iterator[str]:
    yield f"    {change.type} ({change.bump}{', meaning changed' if change.meaning else ''})"
    for edit in change.edits:
        yield from _edit_lines(edit, names)


def _entry_lines(entry: ConceptChange, names: Names) -> Iterator[str]:
    yield f"{entry.code} {entry.label}"
    for change in entry.changes:
        yield from _change_lines(change, names)


def difference_lines(changes: Difference) -> Iterator[str]:
    """Every concept that differs, with every place, old and new; the weightiest changes first."""
    if not changes.entries:
        yield "No difference."
        return
    for entry in changes.entries:
        yield from _entry_lines(entry, changes.names)
    for pair in changes.probably_same:
        yield f"probably the same: {pair.old} and {pair.new}, both {pair.label}"
    yield "Together: " + ", ".join(f"{kind} {n}" for kind, n in changes.counts().items()) + f"; {changes.bump}"
