"""Small values around versions: how one is described, asked for and published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from competency_api.core import clock
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.text import fault_of, normalised
from competency_api.taxonomy.canonical import digest_of
from competency_api.taxonomy.changes import Bump, Difference
from competency_api.taxonomy.numbering import Number, Numbering, Reason
from competency_api.taxonomy.rules import Finding
from competency_api.taxonomy.taxonomy import Taxonomy


class LanguageCoverage(msgspec.Struct, frozen=True):
    """How many of the active concepts have a label, a definition and a reviewed text in one language."""

    labels: int
    definitions: int
    reviewed: int


class Summary(msgspec.Struct, frozen=True):
    """What is told about a version without loading it; computed once, at publication.

    ``reasons`` are the changes that force the number, at most :data:`REASONS_KEPT` of ``reasons_total``.
    """

    concepts: int
    active: int
    kinds: dict[str, int]
    languages: dict[str, LanguageCoverage]
    changes: dict[str, int] = {}
    reasons: tuple[Reason, ...] = ()
    reasons_total: int = 0


REASONS_KEPT = 50


class Signature(msgspec.Struct, frozen=True):
    """Who signed a version: the id of the key, the public key, and the signed statement (compact JWS)."""

    key_id: str
    public_key: str
    token: str


class Withdrawal(msgspec.Struct, frozen=True):
    """That a version should no longer be used. ``use`` is what to use instead, if there is anything."""

    at: dt.datetime
    by: str
    reason: str
    use: Number | None


class VersionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a published version except its concepts.

    ``digest`` is that of its concepts, ``seal`` that of everything else with the parent's seal.
    """

    id: int
    number: Number
    title: str
    notes: str
    publisher: str
    published_at: dt.datetime
    published_by: str
    valid_from: dt.date
    digest: str
    seal: str
    bump: Bump | None
    parent: Number | None
    summary: Summary
    signature: Signature | None = None
    withdrawal: Withdrawal | None = None


class PublicationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a publisher decides. ``number`` None takes the smallest permitted one, ``valid_from`` None the day it is,
    ``notes`` None those that follow from the changes.

    The same ``idempotency_key`` with the same other fields gives the version that it already made.
    """

    title: str = ""
    notes: str | None = ""
    publisher: str = ""
    number: Number | None = None
    valid_from: dt.date | None = None
    idempotency_key: str | None = None


class PublicationPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing the draft would do: the difference to its parent, the number it forces, the findings, and the
    notes that follow from the changes.
    """

    parent: Number | None
    difference: Difference
    numbering: Numbering | None
    findings: tuple[Finding, ...]
    summary: Summary
    notes: str
    before: Taxonomy
    draft: Taxonomy

    @property
    def digest(self) -> str:
        return self.draft.digest

    @property
    def state(self) -> str:
        """Names what would be published, after what: another as soon as the draft is changed or published."""
        return digest_of(f"{self.parent} {self.digest} {self.notes}".encode())[:32]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "warning")


def told_of(version: VersionInfo) -> dict[str, Any]:
    """What the event of its publication says of a version: enough to decide whether to read it."""
    number = str(version.number)
    return {
        "number": number,
        "title": version.title,
        "parent": str(version.parent) if version.parent else None,
        "bump": version.bump.value if version.bump else None,
        "publisher": version.publisher,
        "digest": version.digest,
        "signed_with": version.signature.key_id if version.signature else None,
        "published_at": clock.iso(version.published_at),
        "valid_from": version.valid_from.isoformat(),
        "changes": dict(version.summary.changes),
        "version": f"/api/v1/versions/{number}",
    }


def told_of_withdrawal(version: VersionInfo, withdrawal: Withdrawal) -> dict[str, Any]:
    """What the event of its withdrawal says: why, and what to use instead (None: nothing)."""
    return {
        "number": str(version.number),
        "reason": withdrawal.reason,
        "use": str(withdrawal.use) if withdrawal.use else None,
        "withdrawn_at": clock.iso(withdrawal.at),
        "version": f"/api/v1/versions/{version.number}",
    }


def stored_text(text: str, pointer: str, *, multiline: bool = False) -> str:
    """The text as files are read: a download must say the same again when it is read. Raises InvalidInput."""
    clean = normalised(text, multiline=multiline)
    if fault := fault_of(clean, multiline=multiline):
        raise InvalidInput(FieldError(fault, pointer=pointer))
    return clean


class Readers(msgspec.Struct, frozen=True):
    """Requests that named a version in the same way: ``reference`` is a number, a prefix, a day or ``latest``."""

    reference: str
    mark: str
    requests: int
    last_on: dt.date
