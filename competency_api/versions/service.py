"""Publishing: the one writer of versions.

A publication is one transaction under a lock that also stops changes to the draft: it happens whole or not at all,
however the process ends, and of two at once the second finds what the first published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import insert_into, lock
from competency_api.core.errors import Conflict, FieldError, InvalidInput, NotFound
from competency_api.core.signatures import Signer
from competency_api.events.service import record
from competency_api.events.values import VERSION_PUBLISHED, VERSION_WITHDRAWN, Audience
from competency_api.taxonomy.canonical import digest_of
from competency_api.taxonomy.changelog import Account, notes_on
from competency_api.taxonomy.changes import ChangeType, Difference
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import Number, next_number
from competency_api.taxonomy.rules import check, check_succession
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.draft import DRAFT_LOCK
from competency_api.versions.models import (
    DraftEntryRow,
    VersionChangeRow,
    VersionEntryRow,
    VersionReadersRow,
    VersionRow,
    WithdrawalRow,
)
from competency_api.versions.obstacles import NotPublishable, chosen_number, first_day, require_state
from competency_api.versions.sealing import CHANGE_MEMBERS, seal, signature_of
from competency_api.versions.summary import summarised
from competency_api.versions.values import (
    PublicationPlan,
    PublicationRequest,
    VersionInfo,
    stored_text,
    told_of,
    told_of_withdrawal,
)


def _parent(versions: Sequence[VersionInfo]) -> VersionInfo | None:
    return versions[-1] if versions else None


def plan_publication(session: orm.Session, accounts: Sequence[Account] = ()) -> PublicationPlan:
    """What publishing the draft as it is now would do. Writes nothing.

    ``accounts`` are the proposals that the changes come from, for the notes.
    """
    return _plan(session, _parent(queries.list_versions(session)), accounts)


def _plan(session: orm.Session, parent: VersionInfo | None, accounts: Sequence[Account]) -> PublicationPlan:
    draft = queries.load_draft(session)
    before = queries.load_taxonomy(session, parent) if parent else None
    changes = difference(before or Taxonomy(()), draft)
    numbering = next_number(parent.number if parent else None, changes)
    return PublicationPlan(
        parent=parent.number if parent else None,
        difference=changes,
        numbering=numbering,
        findings=(*check(draft), *check_succession(before, draft)),
        summary=summarised(draft, changes, numbering),
        notes=notes_on(changes, accounts),
        before=before or Taxonomy(()),
        draft=draft,
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


def publish_version(
    session: orm.Session,
    actor: str,
    request: PublicationRequest,
    *,
    expected: frozenset[str] | None = None,
    signer: Signer | None = None,
    accounts: Sequence[Account] = (),
) -> VersionInfo:
    """Make the draft an immutable version. ``actor`` is who publishes it.

    ``expected`` are the states (of :class:`PublicationPlan`) that may be published, None for any. ``accounts`` are the
    proposals that the changes come from; notes are made of them when none are given.

    Raises NotPublishable (rules broken), NothingToPublish, NumberRefused, Conflict (day before the parent's),
    PreconditionFailed (another state than expected) and InvalidInput (the idempotency key was used for another one).
    """
    lock(session, DRAFT_LOCK)
    if done := _replayed(session, request):
        return done
    versions = queries.list_versions(session)
    parent = _parent(versions)
    plan = _plan(session, parent, accounts)
    require_state(plan, expected)
    number = chosen_number(request.number, plan, versions)
    if plan.errors:
        raise NotPublishable(plan)
    row = VersionRow(
        **_numbered(number, parent),
        **_described(request, parent, plan),
        published_at=clock.now(),
        published_by=actor,
    )
    _write(session, row, parent, plan.difference, signer)
    version = queries.list_versions(session)[-1]
    record(session, VERSION_PUBLISHED, f"version/{version.number}", actor, told_of(version), audience=Audience.PUBLIC)
    return version


def _write(
    session: orm.Session, row: VersionRow, parent: VersionInfo | None, difference: Difference, signer: Signer | None
) -> None:
    """Seal, sign and store everything of the version, its row last."""
    changes = _changes(row.id, difference)
    sealed = ([change[member] for member in CHANGE_MEMBERS] for change in changes)
    seal(row, sealed, parent.seal if parent else None, signer.key_id if signer else None)
    _write_entries(session, row.id)
    if changes:
        session.execute(sa.insert(VersionChangeRow), changes)
    if signer:
        session.add(signature_of(row, signer))
        session.flush()
    session.add(row)  # last: from here on the triggers refuse every change to its entries
    session.flush()


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
    notes = plan.notes if request.notes is None else request.notes
    return {
        "title": stored_text(request.title, "/title"),
        "notes": stored_text(notes, "/notes", multiline=True),
        "publisher": stored_text(request.publisher, "/publisher"),
        "bump": plan.numbering.bump if plan.numbering else None,
        "summary": msgspec.json.encode(plan.summary).decode(),
        "valid_from": first_day(request, parent),
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


def withdraw_version(session: orm.Session, actor: str, number: Number, reason: str, use: Number | None) -> VersionInfo:
    """Say of a version that it should no longer be used, why, and what to use instead (None: nothing).

    Raises NotFound, Conflict (withdrawn already) and InvalidInput (what to use instead is not there, or withdrawn too).
    """
    lock(session, DRAFT_LOCK)
    versions = {version.number: version for version in queries.list_versions(session)}
    version, successor = versions.get(number), versions.get(use) if use else None
    if version is None:
        raise NotFound(f"There is no version {number}.")
    if version.withdrawal:
        raise Conflict(f"{number} was withdrawn already, at {clock.iso(version.withdrawal.at)}.")
    if use and (successor is None or successor.withdrawal or use == number):
        fault = "there is no such version" if successor is None else "it is withdrawn, or about to be"
        raise InvalidInput(FieldError(f"{use} cannot be used instead: {fault}.", pointer="/use"))
    row = WithdrawalRow(
        version_id=version.id,
        successor_id=successor.id if successor else None,
        withdrawn_at=clock.now(),
        withdrawn_by=actor,
        reason=stored_text(reason, "/reason", multiline=True),
    )
    session.add(row)
    session.flush()
    marked = next(found for found in queries.list_versions(session) if found.number == number)
    assert marked.withdrawal is not None  # written just now
    told = told_of_withdrawal(marked, marked.withdrawal)
    record(session, VERSION_WITHDRAWN, f"version/{number}", actor, told, audience=Audience.PUBLIC)
    return marked


def record_readers(session: orm.Session, day: dt.date, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the numbers of requests of that day, by (mark, reference)."""
    insert = insert_into(session, VersionReadersRow)
    upsert = insert.on_conflict_do_update(
        index_elements=["day", "mark", "reference"],
        set_={"requests": VersionReadersRow.requests + insert.excluded.requests},
    )
    rows = [
        {"day": day, "mark": mark, "reference": reference, "requests": count}
        for (mark, reference), count in sorted(counts.items())  # one order: two workers never wait for each other
    ]
    if rows:
        session.execute(upsert, rows)
