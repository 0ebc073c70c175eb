"""Recomputing every digest and seal from what the database holds: the last guard, for what no other can stop.

Rows are read one by one and none is trusted: what was forged may not even be readable.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.signatures import thumbprint
from competency_api.taxonomy.canonical import canonical_json, digest_of, from_canonical, version_digest
from competency_api.taxonomy.numbering import Number
from competency_api.versions.models import (
    ConceptRow,
    ConceptVersionRow,
    SignatureRow,
    VersionChangeRow,
    VersionEntryRow,
    VersionRow,
)
from competency_api.versions.sealing import CHANGE_MEMBERS, read_statement, seal_of, sealed_members, statement_about

_members = msgspec.json.Decoder(dict[str, str])


class Fault(msgspec.Struct, frozen=True):
    """One thing that is not as it was published; ``code`` is empty where the version as a whole is meant."""

    version: str
    code: str
    message: str


class Verification(msgspec.Struct, frozen=True):
    """How much was recomputed, and every fault found. ``signed`` is how many of the versions have a signature."""

    versions: int
    signed: int
    concepts: int
    faults: tuple[Fault, ...]


class Stored(msgspec.Struct, frozen=True):
    """What tells a version apart while it is verified, as far as it can be read without trust."""

    id: int
    number: Number
    digest: str


def _content_fault(identity: sa.Row[str, str, str, str, str]) -> str | None:
    """What is wrong with one stored content, if anything is."""
    code, uuid, kind, digest, content = identity
    if digest_of(content.encode()) != digest:
        return f"the content has the digest {digest_of(content.encode())}, but {digest} was published"
    try:
        concept = from_canonical(content)
    except msgspec.MsgspecError as error:
        return f"the content is no concept: {error}"
    if canonical_json(concept) != content.encode():
        return "the content is not in canonical form"
    if concept.code != code:
        return f"the content is that of {concept.code}"
    return None if (concept.uuid, concept.kind) == (uuid, kind) else f"its identity says {kind} {uuid}, its content not"


def _content_faults(session: orm.Session, version: Stored) -> tuple[list[Fault], int]:
    number = str(version.number)
    rows = session.execute(
        sa.select(
            ConceptRow.code, ConceptRow.uuid, ConceptRow.kind, ConceptVersionRow.digest, ConceptVersionRow.content
        )
        .join(ConceptVersionRow, ConceptVersionRow.concept_id == ConceptRow.id)
        .join(VersionEntryRow, VersionEntryRow.concept_version_id == ConceptVersionRow.id)
        .where(VersionEntryRow.version_id == version.id)
        .order_by(ConceptRow.code)
    ).all()
    faults = [Fault(number, row.code, fault) for row in rows if (fault := _content_fault(row))]
    digest = version_digest({row.code: row.digest for row in rows})
    if digest != version.digest:
        message = f"its {len(rows)} concepts have the digest {digest}, but {version.digest} was published"
        faults.insert(0, Fault(number, "", message))
    return faults, len(rows)


def _recomputed(session: orm.Session, version: Stored, parent_seal: str | None) -> tuple[VersionRow, dict[str, str]]:
    """The row with the digests that its members have now. Raises ValueError or TypeError for what is no such row."""
    row = session.get_one(VersionRow, version.id)
    columns = [getattr(VersionChangeRow, name) for name in CHANGE_MEMBERS]
    chosen = sa.select(*columns).where(VersionChangeRow.version_id == version.id).order_by(VersionChangeRow.position)
    signed = session.get(SignatureRow, version.id)
    return row, sealed_members(row, session.execute(chosen), parent_seal, signed.key_id if signed else None)


def _signature_fault(session: orm.Session, row: VersionRow) -> str | None:
    """What is wrong with the signature: whether the key is to be trusted, whoever has a download decides.

    That there is none is no fault: it was published without one, else the seal would name the key.
    """
    signed = session.get(SignatureRow, row.id)
    if signed is None:
        return None
    try:
        if thumbprint(signed.public_key) != signed.key_id:
            return f"the signature: the public key is not {signed.key_id}"
        said = read_statement(signed.token, {signed.key_id: signed.public_key})
    except ValueError as error:
        return f"the signature: {error}"
    return None if said == statement_about(row) else "the signature: it is over another statement"


def _seal_faults(session: orm.Session, version: Stored, parent_seal: str | None) -> list[Fault]:
    """What of the version's row and changes is not what was sealed, by name of the member."""
    number = str(version.number)
    try:
        row, found = _recomputed(session, version, parent_seal)
        published = _members.decode(row.sealed)
    except (ValueError, TypeError) as error:
        return [Fault(number, "", f"its row cannot be read: {error}")]
    names = sorted(name for name in {*found, *published} if found.get(name) != published.get(name))
    faults = [Fault(number, "", f"{_MEANT.get(name, name)}: it is not what was published") for name in names]
    if fault := _signature_fault(session, row):
        faults.append(Fault(number, "", fault))
    if seal_of(published) != row.seal:
        faults.append(Fault(number, "", f"the seal is {row.seal}, but its members are sealed as {seal_of(published)}"))
    return faults


#: Names of members that would not say by themselves what is meant.
_MEANT = {"parent": "the version before it (its seal)"}


def verify_versions(session: orm.Session, progress: Callable[[Stored], None] = lambda _: None) -> Verification:
    """Recompute the digest of every concept of every published version, and the digest and seal of every version.

    Never raises for what it finds. ``progress`` is called before each version.
    """
    faults: list[Fault] = []
    concepts = 0
    columns = (VersionRow.id, VersionRow.major, VersionRow.minor, VersionRow.patch, VersionRow.digest, VersionRow.seal)
    rows = session.execute(sa.select(*columns).order_by(VersionRow.id)).all()
    parent_seal: str | None = None
    for row in rows:
        version = Stored(row.id, Number(row.major, row.minor, row.patch), row.digest)
        progress(version)
        found, count = _content_faults(session, version)
        faults += [*found, *_seal_faults(session, version, parent_seal)]
        concepts += count
        parent_seal = row.seal
    signed = session.scalar(sa.select(sa.func.count()).select_from(SignatureRow)) or 0
    return Verification(len(rows), signed, concepts, tuple(faults))
