"""The draft as it is answered: what it is, how it differs from the newest version, how good it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from competency_api.catalogue.presentation import ACKNOWLEDGEMENTS, LICENCE
from competency_api.concepts.history import History
from competency_api.formats import FORMATS
from competency_api.formats.document import Header
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import Number, next_number
from competency_api.taxonomy.rules import Finding, check, check_succession
from competency_api.taxonomy.taxonomy import Taxonomy

NAME = "draft"
BASE = "/api/v1/draft"
_REASONS_SHOWN = 50


@dataclass(frozen=True)
class Draft:
    """The working state beside the newest version, which it will follow (None: nothing is published yet).

    It is read as a version is (``concepts.answers.Readable``); cursors of its lists name no version, so that a list
    goes on in the draft as it has become.
    """

    taxonomy: Taxonomy
    parent: Taxonomy | None
    parent_number: Number | None
    number: ClassVar[str] = NAME
    numbers: ClassVar[tuple[str, ...]] = ()

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
    numbering = next_number(draft.parent_number, draft.difference)
    reasons = numbering.reasons if numbering else ()
    active = [concept for concept in draft.taxonomy if concept.retirement is None]
    return {
        "version": NAME,
        "parent": str(draft.parent_number) if draft.parent_number else None,
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


def difference_head(draft: Draft) -> dict[str, Any]:
    found = draft.difference
    return {
        "from": str(draft.parent_number) if draft.parent_number else None,
        "to": NAME,
        "bump": found.bump,
        "counts": found.counts(),
        "concepts": len(found.entries),
    }


def file_header(draft: Draft) -> Header:
    """What a file says of the draft that it holds."""
    return Header(title="Draft", digest=draft.taxonomy.digest, licence=LICENCE, notices=ACKNOWLEDGEMENTS)


def place_in_time(history: History, draft: Draft, code: str) -> dict[str, Any]:
    """What an answer about a concept says of its history: the versions before the draft."""
    if not history.containing:
        return {"first_version": None, "changed_in": [], "retired_in": None}
    before = draft.before.get(code)
    return history.members(before is not None and before.retirement is not None)
