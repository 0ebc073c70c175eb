"""The draft as it is answered: what it is, how it differs from the newest version, how good it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from competency_api.formats import FORMATS
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import Number, next_number
from competency_api.taxonomy.rules import Finding, check, check_succession, counted
from competency_api.taxonomy.taxonomy import Taxonomy

NAME = "draft"
BASE = "/api/v1/draft"
_REASONS_SHOWN = 50


@dataclass(frozen=True)
class Draft:
    """The working state beside the newest version, which it will follow (None: nothing is published yet)."""

    taxonomy: Taxonomy
    parent: Taxonomy | None
    number: Number | None

    @property
    def before(self) -> Taxonomy:
        return self.parent or Taxonomy(())

    @cached_property
    def difference(self) -> Difference:
        return difference(self.before, self.taxonomy)

    def findings(self) -> tuple[Finding, ...]:
        """What publication would find."""
        return (*check(self.taxonomy), *check_succession(self.parent, self.taxonomy))


def draft_document(draft: Draft, proposals: Sequence[str]) -> dict[str, Any]:
    numbering = next_number(draft.number, draft.difference)
    reasons = numbering.reasons if numbering else ()
    active = [concept for concept in draft.taxonomy if concept.retirement is None]
    return {
        "version": NAME,
        "parent": str(draft.number) if draft.number else None,
        "digest": draft.taxonomy.digest,
        "smallest": str(numbering.smallest) if numbering else None,
        "bump": numbering.bump if numbering else None,
        "reasons": [msgspec.to_builtins(reason) for reason in reasons[:_REASONS_SHOWN]],
        "reasons_total": len(reasons),
        "changes": draft.difference.counts(),
        "concepts": {
            "total": len(draft.taxonomy),
            "active": len(active),
            "retired": len(draft.taxonomy) - len(active),
        },
        "kinds": dict(sorted(Counter(concept.kind for concept in active).items())),
        "proposals": list(proposals),
        "links": _links(),
    }


def _links() -> dict[str, str]:
    names = ("concepts", "tree", "search", "suggest", "quality", "impact", "changes")
    links = {"self": BASE} | {name: f"{BASE}/{name}" for name in names}
    return links | {f"export_{name}": f"{BASE}/export/{name}" for name in FORMATS}


def quality_head(findings: Sequence[Finding]) -> dict[str, Any]:
    errors = sum(finding.severity == "error" for finding in findings)
    return {
        "version": NAME,
        "errors": errors,
        "warnings": len(findings) - errors,
        "rules": [msgspec.to_builtins(count) for count in counted(findings)],
    }


def difference_head(draft: Draft) -> dict[str, Any]:
    found = draft.difference
    return {
        "from": str(draft.number) if draft.number else None,
        "to": NAME,
        "bump": found.bump,
        "counts": found.counts(),
        "concepts": len(found.entries),
    }
