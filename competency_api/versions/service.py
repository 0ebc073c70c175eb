"""Publishing: the one writer of versions.

A publication is one transaction under a lock that also stops changes to the draft: it happens whole or not at all,
however the process ends, and of two at once the second finds what the first published.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import lock
from competency_api.core.errors import Conflict, FieldError, InvalidInput
from competency_api.events.service import record
from competency_api.events.values import VERSION_PUBLISHED, Audience
from competency_api.taxonomy.canonical import digest_of
from competency_api.taxonomy.changes import ChangeType, Difference
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import Number, Numbering, next_number
from competency_api.taxonomy.rules import check, check_succession
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.draft import DRAFT_LOCK
from competency_api.versions.models import DraftEntryRow, VersionChangeRow, VersionEntryRow, VersionRow
from competency_api.versions.sealing import CHANGE_MEMBERS, seal
from competency_api.versions.summary import summarised
from competency_api.versions.values import (
    REASONS_KEPT,
    PublicationPlan,
    PublicationRequest,
    VersionInfo,
    told_of,
)


class NotPublishable(Conflict):
    """The draft breaks rules of quality that a version must keep; ``plan.errors`` names them all."""

    def __init__(self, plan: PublicationPlan) -> None:
        first = plan.errors[0]
        more = f" and {len(plan.errors) - 1} more" if len(plan.errors) > 1 else ""
        super().__init__(
            f"The draft cannot be published: {first.message} {first.remedy}{more}.".replace("..", "."),
            extra={"findings": msgspec.to_builtins(plan.errors[:100])},
        )
        self.plan = plan


def _parent(session: orm.Session) -> VersionInfo | None:
    versions = queries.list_versions(session)
    return versions[-1] if versions else None


def plan_publication(session: orm.Session) -> PublicationPlan:
    """What publishing the draft as it is now would do. Writes nothing."""
    parent = _parent(session)
    return _plan(session, parent, queries.load_draft(session))


def _plan(session: orm.Session, parent: VersionInfo | None, draft: Taxonomy) -> PublicationPlan:
    before = queries.load_taxonomy(session, parent) if parent else None
    changes = difference(before or Taxonomy(()), draft)
    return PublicationPlan(
        parent=parent.number if parent else None,
        difference=changes,
        numbering=next_number(parent.number if parent else None, changes),
        findings=(*check(draft), *check_succession(before, draft)),
        digest=draft.digest,
    )


def _fingerprint(request: PublicationRequest) -> str:
    return digest_of(msgspec.json.encode(request, order="sorted"))


def _replayed(session: orm.Session, request: PublicationRequest) -> VersionInfo | None:
    if request.idempotency_key is None:
        return None
    found = queries.find_by_key(session, request.idempotency_key)
    if found is None:
        return None
    version, fingerprint = found
    if fingerprint != _fingerprint(request):
        raise InvalidInput(
            FieldError(
                f"This key already published {version.number} with other title, notes, number or date. "
                "Use a new key for a new publication.",
                header="Idempotency-Key",
            )
        )
    return version


def _chosen_number(request: PublicationRequest, numbering: Numbering) -> Number:
    """The number to publish under. Raises Conflict, with the changes that force it, when the asked one is too small."""
    number = request.number or numbering.smallest
    if numbering.permits(number):
        return number
    reasons = [f"{r.code} {r.label} ({r.type})" for r in numbering.reasons[:5]]
    more = len(numbering.reasons) - len(reasons)
    why = f" A {numbering.bump} change forces it: {'; '.join(reasons)}{f' and {more} more' if more > 0 else ''}."
    raise Conflict(
        f"{number} is too small; the smallest permitted number is {numbering.smallest}.{why if reasons else ''}",
        extra={"smallest": str(numbering.smallest), "reasons": msgspec.to_builtins(numbering.reasons[:REASONS_KEPT])},
    )


def _checked(plan: PublicationPlan) -> Numbering:
    if plan.numbering is None:
        raise Conflict(f"Nothing changed since {plan.parent}: there is nothing to publish.")
    if plan.errors:
        raise NotPublishable(plan)
    return plan.numbering


def _valid_from(request: PublicationRequest, parent: VersionInfo | None) -> dt.date:
    day = request.valid_from or clock.today()
    if parent and day < parent.valid_from:
        if request.valid_from is None:
            return parent.valid_from
        raise Conflict(
            f"A version cannot be in force from {day}: its parent {parent.number} is from {parent.valid_from}."
        )
    return day


def publish_version(session: orm.Session, actor: str, request: PublicationRequest) -> VersionInfo:
    """Make the draft an immutable version. ``actor`` is who publishes it.

    Raises NotPublishable (rules broken), Conflict (nothing changed, number too small, day before the parent's) and
    InvalidInput (the idempotency key was used for another publication).
    """
    lock(session, DRAFT_LOCK)
    if done := _replayed(session, request):
        return done
    parent = _parent(session)
    draft = queries.load_draft(session)
    plan = _plan(session, parent, draft)
    numbering = _checked(plan)
    row = VersionRow(
        **_numbered(_chosen_number(request, numbering), parent),
        **_described(request, parent, plan),
        published_at=clock.now(),
        published_by=actor,
        bump=numbering.bump,
        summary=msgspec.json.encode(summarised(draft, plan.difference, numbering)).decode(),
    )
    changes = _changes(row.id, plan.difference)
    seal(row, ([change[member] for member in CHANGE_MEMBERS] for change in changes), parent.seal if parent else None)
    _write_entries(session, row.id)
    if changes:
        session.execute(sa.insert(VersionChangeRow), changes)
    session.add(row)  # last: from here on the triggers refuse every change to its entries
    session.flush()
    version = queries.list_versions(session)[-1]
    record(session, VERSION_PUBLISHED, f"version/{version.number}", actor, told_of(version), audience=Audience.PUBLIC)
    return version


def _numbered(number: Number, parent: VersionInfo | None) -> dict[str, Any]:
    parent_id = parent.id if parent else None
    return {
        "id": (parent_id or 0) + 1,
        "parent_id": parent_id,
        "major": number.major,
        "minor": number.minor,
        "patch": number.patch,
    }


def _described(request: PublicationRequest, parent: VersionInfo | None, plan: PublicationPlan) -> dict[str, Any]:
    return {
        "title": request.title,
        "notes": request.notes,
        "publisher": request.publisher,
        "valid_from": _valid_from(request, parent),
        "digest": plan.digest,
        "findings": msgspec.json.encode(plan.findings).decode(),
        "idempotency_key": request.idempotency_key,
        "fingerprint": _fingerprint(request),
    }


def _write_entries(session: orm.Session, version_id: int) -> None:
    drafted = sa.select(sa.literal(version_id), DraftEntryRow.concept_version_id)
    session.execute(sa.insert(VersionEntryRow).from_select(["version_id", "concept_version_id"], drafted))


def _changes(version_id: int, changes: Difference) -> list[dict[str, Any]]:
    """The rows of the version's changes."""
    rows: list[dict[str, Any]] = []
    for entry in changes.entries:
        for change in entry.changes:
            edits = () if change.type is ChangeType.ADDED else change.edits
            rows.append(
                {
                    "version_id": version_id,
                    "position": len(rows),
                    "code": entry.code,
                    "type": change.type.value,
                    "bump": change.bump.value,
                    "meaning": change.meaning,
                    "edits": msgspec.json.encode(edits).decode(),
                }
            )
    return rows
