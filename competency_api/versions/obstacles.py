"""What stands in the way of a publication: broken rules, a number too small, a day too early, another draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from competency_api.core import clock
from competency_api.core.errors import BrokenRules, Conflict, NothingToPublish, NumberRefused, PreconditionFailed
from competency_api.taxonomy.numbering import Number, Numbering
from competency_api.taxonomy.rules import Finding
from competency_api.versions.values import REASONS_KEPT, PublicationPlan, PublicationRequest, VersionInfo

#: Findings that are named where there may be thousands; all of them are counted.
MOST_FINDINGS = 500


class NotPublishable(BrokenRules):
    """The draft breaks rules of quality that a version must keep; ``plan.errors`` names them all."""

    def __init__(self, plan: PublicationPlan) -> None:
        first = plan.errors[0]
        more = f" and {len(plan.errors) - 1} more" if len(plan.errors) > 1 else ""
        super().__init__(
            f"The draft cannot be published: {first.message} {first.remedy}{more}.".replace("..", "."),
            extra={"findings": findings_document(plan.errors), "findings_total": len(plan.errors)},
        )
        self.plan = plan


def findings_document(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The first :data:`MOST_FINDINGS`, each with the page that explains its rule."""
    return [msgspec.to_builtins(finding) | {"page": f"/rules#{finding.rule}"} for finding in findings[:MOST_FINDINGS]]


def chosen_number(asked: Number | None, plan: PublicationPlan, versions: Sequence[VersionInfo]) -> Number:
    """The number to publish under. Raises NothingToPublish, and NumberRefused with the changes that force a higher one.

    ``asked`` None takes the smallest permitted.
    """
    if plan.numbering is None:
        raise NothingToPublish(f"Nothing changed since {plan.parent}: there is nothing to publish.")
    numbering = plan.numbering
    number = asked or numbering.smallest
    if numbering.permits(number):
        return number
    extra = {"smallest": str(numbering.smallest), "reasons": msgspec.to_builtins(numbering.reasons[:REASONS_KEPT])}
    taken = next((version for version in versions if version.number == number), None)
    if taken:
        when = clock.iso(taken.published_at)
        message = f"{number} is taken: it was published at {when}. The smallest permitted number is"
        raise NumberRefused(f"{message} {numbering.smallest}.", extra=extra)
    raise NumberRefused(f"{number} is too small; {_why(numbering)}", extra=extra)


def _why(numbering: Numbering) -> str:
    reasons = [f"{r.code} {r.label} ({r.type})" for r in numbering.reasons[:5]]
    more = len(numbering.reasons) - len(reasons)
    why = f" A {numbering.bump} change forces it: {'; '.join(reasons)}{f' and {more} more' if more > 0 else ''}."
    return f"the smallest permitted number is {numbering.smallest}.{why if reasons else ''}"


def first_day(request: PublicationRequest, parent: VersionInfo | None) -> dt.date:
    """The first day in force. Raises Conflict for one before the parent's."""
    day = request.valid_from or clock.today()
    if parent and day < parent.valid_from:
        if request.valid_from is None:
            return parent.valid_from
        raise Conflict(
            f"A version cannot be in force from {day}: its parent {parent.number} is from {parent.valid_from}."
        )
    return day


def require_state(plan: PublicationPlan, expected: frozenset[str] | None) -> None:
    """``expected`` are the states that may be published, None for any. Raises PreconditionFailed."""
    if expected is not None and plan.state not in expected:
        message = "The draft is not the one that you looked at: it was changed or published since. Look at it again."
        raise PreconditionFailed(message, extra={"etag": f'"{plan.state}"'})
