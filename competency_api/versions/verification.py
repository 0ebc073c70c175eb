"""Recomputing every digest from what the database holds: the last guard, for what none of the others can stop."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.taxonomy.canonical import canonical_json, digest_of, from_canonical, version_digest
from competency_api.versions.models import ConceptRow, ConceptVersionRow, VersionEntryRow
from competency_api.versions.queries import list_versions
from competency_api.versions.values import VersionInfo


class Fault(msgspec.Struct, frozen=True):
    """One thing that is not as it was published; ``code`` is empty where the version as a whole is meant."""

    version: str
    code: str
    message: str


class Verification(msgspec.Struct, frozen=True):
    """How much was recomputed, and every fault found."""

    versions: int
    concepts: int
    faults: tuple[Fault, ...]


def _content_fault(code: str, digest: str, content: str) -> str | None:
    """What is wrong with one stored content, if anything is."""
    if digest_of(content.encode()) != digest:
        return f"the content has the digest {digest_of(content.encode())}, but {digest} was published"
    try:
        concept = from_canonical(content)
    except msgspec.MsgspecError as error:
        return f"the content is no concept: {error}"
    if canonical_json(concept) != content.encode():
        return "the content is not in canonical form"
    return None if concept.code == code else f"the content is that of {concept.code}"


def _faults(session: orm.Session, version: VersionInfo) -> tuple[list[Fault], int]:
    number = str(version.number)
    rows = session.execute(
        sa.select(ConceptRow.code, ConceptVersionRow.digest, ConceptVersionRow.content)
        .join(ConceptVersionRow, ConceptVersionRow.concept_id == ConceptRow.id)
        .join(VersionEntryRow, VersionEntryRow.concept_version_id == ConceptVersionRow.id)
        .where(VersionEntryRow.version_id == version.id)
        .order_by(ConceptRow.code)
    ).all()
    faults = [Fault(number, row.code, fault) for row in rows if (fault := _content_fault(*row))]
    digest = version_digest({row.code: row.digest for row in rows})
    if digest != version.digest:
        message = f"its {len(rows)} concepts have the digest {digest}, but {version.digest} was published"
        faults.insert(0, Fault(number, "", message))
    return faults, len(rows)


def verify_versions(session: orm.Session, progress: Callable[[VersionInfo], None] = lambda _: None) -> Verification:
    """Recompute the digest of every concept of every published version, and of every version.

    Never raises for what it finds. ``progress`` is called before each version.
    """
    faults: list[Fault] = []
    concepts = 0
    versions = list_versions(session)
    for version in versions:
        progress(version)
        found, count = _faults(session, version)
        faults += found
        concepts += count
    return Verification(len(versions), concepts, tuple(faults))
