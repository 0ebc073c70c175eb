"""Reads of versions and of the draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.errors import ServiceError
from competency_api.core.text import fault_of
from competency_api.taxonomy.canonical import digest_of, from_canonical, version_digest
from competency_api.taxonomy.changes import Bump, Change, ChangeType, Edit
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.numbering import Number
from competency_api.taxonomy.rules import Finding
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.models import (
    ConceptRow,
    ConceptVersionRow,
    DraftEntryRow,
    SignatureRow,
    VersionChangeRow,
    VersionEntryRow,
    VersionReadersRow,
    VersionRow,
    WithdrawalRow,
)
from competency_api.versions.values import Readers, Signature, Summary, VersionInfo, Withdrawal

# Rows that the driver hands over at a time: loading a whole version at once would take a third more memory.
_BY_AND_BY = {"yield_per": 1000}

_summaries = msgspec.json.Decoder(Summary)
_findings = msgspec.json.Decoder(tuple[Finding, ...])
_edits = msgspec.json.Decoder(tuple[Edit, ...])


class CorruptVersion(ServiceError):
    """The database holds something else than what was published under this digest."""


def _number(row: VersionRow) -> Number:
    return Number(row.major, row.minor, row.patch)


def _info(row: VersionRow, parent: VersionRow | None) -> VersionInfo:
    return VersionInfo(
        id=row.id,
        number=_number(row),
        title=row.title,
        notes=row.notes,
        publisher=row.publisher,
        published_at=row.published_at,
        published_by=row.published_by,
        valid_from=row.valid_from,
        digest=row.digest,
        seal=row.seal,
        bump=Bump(row.bump) if row.bump else None,
        parent=_number(parent) if parent else None,
        summary=_summaries.decode(row.summary),
    )


def list_versions(session: orm.Session) -> list[VersionInfo]:
    """Every published version, oldest first; the withdrawn ones as well."""
    rows = {row.id: row for row in session.scalars(sa.select(VersionRow).order_by(VersionRow.id))}
    numbers = {row.id: _number(row) for row in rows.values()}
    signatures = {row.version_id: row for row in session.scalars(sa.select(SignatureRow))}
    withdrawals = {row.version_id: row for row in session.scalars(sa.select(WithdrawalRow))}
    found = []
    for row in rows.values():
        signed, withdrawn = signatures.get(row.id), withdrawals.get(row.id)
        beside = {
            "signature": signed and Signature(signed.key_id, signed.public_key, signed.token),
            "withdrawal": withdrawn and _withdrawal(withdrawn, numbers),
        }
        found.append(msgspec.structs.replace(_info(row, rows.get(row.parent_id or 0)), **beside))
    return found


def _withdrawal(row: WithdrawalRow, numbers: Mapping[int, Number]) -> Withdrawal:
    return Withdrawal(row.withdrawn_at, row.withdrawn_by, row.reason, numbers.get(row.successor_id or 0))


def marks(session: orm.Session) -> tuple[int, int]:
    """The id of the newest version, 0 when nothing is published, and the number of withdrawals.

    They change exactly when :func:`list_versions` does.
    """
    newest = sa.select(sa.func.max(VersionRow.id)).scalar_subquery()
    withdrawn = sa.select(sa.func.count()).select_from(WithdrawalRow).scalar_subquery()
    row = session.execute(sa.select(newest, withdrawn)).one()
    return row[0] or 0, row[1]


def last_version_id(session: orm.Session) -> int:
    """The id of the newest version; 0 when nothing is published."""
    return marks(session)[0]


def find_by_key(session: orm.Session, idempotency_key: str) -> tuple[VersionInfo, str] | None:
    """The version that a publication with this key made, and the fingerprint of its request."""
    columns = sa.select(VersionRow.id, VersionRow.fingerprint)
    row = session.execute(columns.where(VersionRow.idempotency_key == idempotency_key)).one_or_none()
    if row is None:
        return None
    return next(version for version in list_versions(session) if version.id == row.id), row.fingerprint


def get_findings(session: orm.Session, version: VersionInfo) -> tuple[Finding, ...]:
    """The quality report that was published with the version."""
    stored = session.scalar(sa.select(VersionRow.findings).where(VersionRow.id == version.id))
    return _findings.decode(stored or "[]")


def _taxonomy(rows: sa.Result[str, str, str], *, where: str) -> Taxonomy:
    """The state made of (code, digest, content), each content checked against its digest: that takes microseconds."""
    concepts: list[Concept] = []
    digests: dict[str, str] = {}
    with rows:  # closed also where reading stops half-way: PostgreSQL has a cursor open
        for code, digest, content in rows:
            if digest_of(content.encode()) != digest:
                raise CorruptVersion(f"{code} in {where} is not what its digest {digest} says.")
            concepts.append(from_canonical(content))
            digests[code] = digest
    return Taxonomy(concepts, digests)


def load_taxonomy(session: orm.Session, version: VersionInfo) -> Taxonomy:
    """The complete state of a published version. Raises CorruptVersion when it is not what was published."""
    statement = (
        sa.select(ConceptRow.code, ConceptVersionRow.digest, ConceptVersionRow.content)
        .join(ConceptVersionRow, ConceptVersionRow.concept_id == ConceptRow.id)
        .join(VersionEntryRow, VersionEntryRow.concept_version_id == ConceptVersionRow.id)
        .where(VersionEntryRow.version_id == version.id)
    )
    rows = session.execute(statement, execution_options=_BY_AND_BY)
    taxonomy = _taxonomy(rows, where=f"version {version.number}")
    if version_digest(taxonomy.digests) != version.digest:
        raise CorruptVersion(f"The concepts of version {version.number} are not those of its digest {version.digest}.")
    return taxonomy


def load_draft(session: orm.Session) -> Taxonomy:
    """The working state."""
    statement = (
        sa.select(ConceptRow.code, ConceptVersionRow.digest, ConceptVersionRow.content)
        .join(DraftEntryRow, DraftEntryRow.concept_id == ConceptRow.id)
        .join(ConceptVersionRow, ConceptVersionRow.id == DraftEntryRow.concept_version_id)
    )
    return _taxonomy(session.execute(statement, execution_options=_BY_AND_BY), where="the draft")


def list_concept_changes(session: orm.Session, code: str) -> list[tuple[int, Change]]:
    """What happened to one concept, as (version id, change), oldest first."""
    rows = session.scalars(
        sa.select(VersionChangeRow)
        .where(VersionChangeRow.code == code)
        .order_by(VersionChangeRow.version_id, VersionChangeRow.position)
    )
    return [
        (row.version_id, Change(ChangeType(row.type), Bump(row.bump), _edits.decode(row.edits), row.meaning))
        for row in rows
    ]


def list_version_ids_of(session: orm.Session, code: str) -> list[int]:
    """Ids of the versions that contain the concept, oldest first; empty for an unknown code."""
    if fault_of(code) is not None:  # PostgreSQL refuses to look for texts that it would not store
        return []
    return list(
        session.scalars(
            sa.select(VersionEntryRow.version_id)
            .join(ConceptVersionRow, ConceptVersionRow.id == VersionEntryRow.concept_version_id)
            .join(ConceptRow, ConceptRow.id == ConceptVersionRow.concept_id)
            .where(ConceptRow.code == code)
            .order_by(VersionEntryRow.version_id)
        )
    )


def find_content(session: orm.Session, code: str, digest: str) -> Concept | None:
    """The content of the concept that has this digest, in any version or in the draft."""
    content = session.scalar(
        sa.select(ConceptVersionRow.content)
        .join(ConceptRow, ConceptRow.id == ConceptVersionRow.concept_id)
        .where(ConceptRow.code == code, ConceptVersionRow.digest == digest)
    )
    return None if content is None else from_canonical(content)


def highest_number(session: orm.Session, letter: str) -> int:
    """The highest number that a code of this letter ever had; 0 when there is none."""
    codes = session.scalars(sa.select(ConceptRow.code).where(ConceptRow.code.startswith(letter)))
    return max((int(code[1:]) for code in codes), default=0)


def list_draft_digests(session: orm.Session) -> dict[str, str]:
    """Which content each concept has in the working state, by code."""
    statement = (
        sa.select(ConceptRow.code, ConceptVersionRow.digest)
        .join(DraftEntryRow, DraftEntryRow.concept_id == ConceptRow.id)
        .join(ConceptVersionRow, ConceptVersionRow.id == DraftEntryRow.concept_version_id)
    )
    return {row.code: row.digest for row in session.execute(statement)}


def load_draft_contents(session: orm.Session, digests: Mapping[str, str]) -> dict[str, Concept]:
    """These contents of the working state, by code; those that are not in it are left out. Raises CorruptVersion.

    ``digests`` names them by code: for a few hundred at most, which is faster than reading the whole draft.
    """
    statement = (
        sa.select(ConceptRow.code, ConceptVersionRow.digest, ConceptVersionRow.content)
        .join(ConceptVersionRow, ConceptVersionRow.concept_id == ConceptRow.id)
        .where(ConceptRow.code.in_(list(digests)), ConceptVersionRow.digest.in_(list(digests.values())))
        .join(DraftEntryRow, DraftEntryRow.concept_version_id == ConceptVersionRow.id)
    )
    return dict(_taxonomy(session.execute(statement, execution_options=_BY_AND_BY), where="the draft").concepts)


def list_readers(session: orm.Session, since: dt.date) -> list[Readers]:
    """By which names versions were asked for since that day, those of the most requests first."""
    row = VersionReadersRow
    total = sa.func.sum(row.requests)
    statement = sa.select(row.reference, row.mark, total, sa.func.max(row.day)).where(row.day >= since)
    grouped = statement.group_by(row.reference, row.mark).order_by(total.desc(), row.reference, row.mark)
    return [Readers(name, mark, int(count), last) for name, mark, count, last in session.execute(grouped)]
