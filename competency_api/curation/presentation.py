"""Proposals as documents: what the API and the commands answer with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.presentation import change_entry, link_labels
from competency_api.core import clock
from competency_api.curation.changes.actions import Action, as_document, changed_codes
from competency_api.curation.changes.joining import Joined
from competency_api.curation.impact import Impact
from competency_api.curation.lifecycle import EDITABLE, verbs_in
from competency_api.curation.models import ProposalCommentRow, ProposalRow
from competency_api.curation.queries import Surroundings
from competency_api.taxonomy.changes import ConceptChange
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.numbering import Number, next_number
from competency_api.taxonomy.pointers import flattened
from competency_api.taxonomy.rules import Finding, counted
from competency_api.taxonomy.speaking import Speaker
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.taxonomy.wording import Names, readable
from competency_api.versions.values import Readers

BASE = "/api/v1/proposals"
_REASONS_SHOWN = 50


def proposal_document(row: ProposalRow, around: Surroundings) -> dict[str, Any]:
    """A proposal without its changes; ``next`` are the verbs that its state permits."""
    state, own = around.state(row), f"{BASE}/{row.uuid}"
    parts = ("changes", "comments", "difference", "quality", "impact", "conflicts")
    return {
        "id": row.uuid,
        "title": row.title,
        "rationale": row.rationale,
        "state": state.value,
        "next": [verb.value for verb in verbs_in(state)],
        "editable": state in EDITABLE,
        "organisation": around.organisations.get(row.organisation_id or 0),
        "author": row.author_name,
        "changes": row.changes,
        "created_at": clock.iso(row.created_at),
        "changed_at": clock.iso(row.changed_at),
        "submitted_at": clock.iso(row.submitted_at) if row.submitted_at else None,
        "decided_at": clock.iso(row.decided_at) if row.decided_at else None,
        "decided_by": row.decided_by,
        "decision": row.decision,
        "version": around.version(row),
        "revision": row.revision,
        "links": {"self": own} | {part: f"{own}/{part}" for part in parts},
    }


def change_document(number: int, action: Action) -> dict[str, Any]:
    """One change as it was sent, with its number and the concepts that it changes."""
    return {"number": number, "codes": list(changed_codes(action)), "change": as_document(action)}


def comment_document(row: ProposalCommentRow, answered: str | None, around: Surroundings) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "text": row.text,
        "change": row.change_number,
        "reply_to": answered,
        "author": row.author_name,
        "organisation": around.organisations.get(row.organisation_id or 0),
        "created_at": clock.iso(row.created_at),
    }


def difference_head(proposal: str, found: Joined, newest: Number | None) -> dict[str, Any]:
    """What a proposal does, as a whole: the smallest number that a version with only this could have, and why."""
    changes = found.difference
    numbering = next_number(newest, changes)
    reasons = numbering.reasons if numbering else ()
    return {
        "proposal": proposal,
        "bump": changes.bump,
        "smallest": str(numbering.smallest) if numbering else None,
        "reasons": [msgspec.to_builtins(reason) for reason in reasons[:_REASONS_SHOWN]],
        "reasons_total": len(reasons),
        "counts": changes.counts(),
        "concepts": len(changes.entries),
        "conflicts": len(found.conflicts),
    }


def difference_entries(found: Joined, speaker: Speaker) -> list[dict[str, Any]]:
    return [change_entry(entry, found.old, found.new, speaker) for entry in found.difference.entries]


def link_names(entries: Iterable[ConceptChange], old: Taxonomy, new: Taxonomy, speaker: Speaker) -> dict[str, str]:
    """The names of the concepts that the edits link to, by code."""
    edits = (edit for entry in entries for change in entry.changes for edit in change.edits)
    labels = link_labels((code for edit in edits for code in edit.links), old, new, speaker)
    return {code: label["text"] for code, label in labels.items() if label}


def content_lines(concept: Concept, names: Names) -> list[tuple[str, str]]:
    """What a new concept says, place by place, for people who decide about it."""
    hidden = ("/code", "/uuid", "/kind", "/meaning")
    return [(path, readable(value, names)) for path, value in flattened(concept).items() if path not in hidden]


def conflicts_document(found: Joined) -> dict[str, Any]:
    return {"conflicts": msgspec.to_builtins(list(found.conflicts))}


def _key(finding: Finding) -> tuple[str, str, str, tuple[str, ...]]:
    """What stays the same when only places move."""
    return (finding.rule, finding.code, finding.language, finding.others)


def _beyond(findings: Iterable[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Those findings that the others do not have."""
    known = Counter(map(_key, others))
    found: list[Finding] = []
    for finding in findings:
        if known[_key(finding)] > 0:
            known[_key(finding)] -= 1
        else:
            found.append(finding)
    return found


def quality_document(before: Sequence[Finding], after: Sequence[Finding]) -> dict[str, Any]:
    """The findings that a proposal adds and those that it resolves."""
    added, resolved = _beyond(after, before), _beyond(before, after)
    return {
        "errors_added": sum(finding.severity == "error" for finding in added),
        "errors_resolved": sum(finding.severity == "error" for finding in resolved),
        "added": [msgspec.to_builtins(finding) for finding in added],
        "resolved": [msgspec.to_builtins(finding) for finding in resolved],
        "rules": [msgspec.to_builtins(count) for count in counted(after)],
    }


def impact_document(found: Impact, readers: Sequence[Readers], becomes: Number | None) -> dict[str, Any]:
    """``mappings`` are counted all, and listed as far as ``affected`` goes.

    ``readers`` are those seen lately, and whether what they ask for would be the version ``becomes`` (None: no change).
    """
    content: dict[str, Any] = msgspec.to_builtins(found)
    seen = [{**msgspec.to_builtins(one), "follows": _follows(one.reference, becomes)} for one in readers]
    return {**content, "mappings_total": found.mappings_total, "readers": seen}


def _follows(reference: str, becomes: Number | None) -> bool:
    """Whether the reference would name the new version: the newest, or a prefix of its number."""
    if becomes is None:
        return False
    return reference == LATEST or (f"{becomes}.".startswith(f"{reference}.") and reference != str(becomes))
