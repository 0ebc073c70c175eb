"""The seal of a version: a digest over everything that is stored of it beside its concepts.

Each member of the version's row, its changes and the seal of its parent have a digest, which is kept so that a
difference can be named; the seal is the digest over those. As it takes in the parent's seal, the newest one stands for
the whole line: whoever forges an old version must forge every seal since.

What is signed is a statement, small and by itself, of everything that a download says: the concepts are in it by the
version's digest, the notes by theirs, the rest as it is, and by the seal what only the database has. Both are described
in docs/reference/digests.md, so that anyone can check them without this program.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from competency_api.core import clock
from competency_api.core.signatures import BadSignature, Signer, unverified, verified
from competency_api.taxonomy.canonical import digest_of, version_digest
from competency_api.versions.models import SignatureRow, VersionRow

_encoder = msgspec.json.Encoder(order="sorted")
_AS_STORED = (
    "id",
    "title",
    "notes",
    "publisher",
    "published_by",
    "digest",
    "bump",
    "summary",
    "findings",
    "idempotency_key",
    "fingerprint",
)
#: Names the kind of statement, so that nothing else that the key signs can be taken for one.
ABOUT = "competency-taxonomy-version/1"
#: Members of a change that are sealed, in this order.
CHANGE_MEMBERS = ("code", "type", "bump", "meaning", "edits")


def sealed_members(
    row: VersionRow, changes: Iterable[Iterable[Any]], parent_seal: str | None, key_id: str | None = None
) -> dict[str, str]:
    """The digest of each sealed member by its name.

    ``changes`` are the values of :data:`CHANGE_MEMBERS` in the order of their positions. ``key_id`` is the key that the
    version is signed with: so it is seen when the signature is taken away, which itself is over the seal.
    """
    values: dict[str, Any] = {name: getattr(row, name) for name in _AS_STORED}
    values |= {
        "number": f"{row.major}.{row.minor}.{row.patch}",
        "parent": parent_seal,
        # SQLite and PostgreSQL give back the same moment, but not in the same writing
        "published_at": row.published_at.astimezone(dt.UTC).isoformat(),
        "valid_from": row.valid_from.isoformat(),
        "changes": [list(change) for change in changes],
    }
    if key_id is not None:
        values["signed_with"] = key_id
    return {name: digest_of(_encoder.encode(value)) for name, value in sorted(values.items())}


def seal_of(members: Mapping[str, str]) -> str:
    """The digest over those of the members: of one line ``member digest`` each, as a version's digest is made."""
    return version_digest(members)


def seal(row: VersionRow, changes: Iterable[Iterable[Any]], parent_seal: str | None, key_id: str | None = None) -> None:
    """Put the seal on a row that is otherwise complete."""
    members = sealed_members(row, changes, parent_seal, key_id)
    row.sealed = _encoder.encode(members).decode()
    row.seal = seal_of(members)


def statement_about(row: VersionRow) -> dict[str, str]:
    """What is signed of a sealed row; the times are ISO 8601, as downloads have them."""
    return {
        "about": ABOUT,
        "number": f"{row.major}.{row.minor}.{row.patch}",
        "title": row.title,
        "notes_digest": digest_of(row.notes.encode()),
        "publisher": row.publisher,
        "published_at": clock.iso(row.published_at),
        "valid_from": row.valid_from.isoformat(),
        "digest": row.digest,
        "seal": row.seal,
    }


def signature_of(row: VersionRow, signer: Signer) -> SignatureRow:
    """The signature of a sealed row."""
    said = json.dumps(statement_about(row), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    token = signer.sign(said.encode())
    return SignatureRow(version_id=row.id, key_id=signer.key_id, public_key=signer.public_key, token=token)


def read_statement(token: str, keys: Mapping[str, str] | None) -> dict[str, Any]:
    """The members of a signed statement, with ``keys`` (by their ids) only when one of them signed it.

    Raises BadSignature.
    """
    payload = unverified(token) if keys is None else verified(token, keys)
    try:
        members = json.loads(payload)
    except ValueError:
        members = None
    if not isinstance(members, dict) or members.get("about") != ABOUT:
        raise BadSignature("What is signed is no statement about a version.")
    return members
