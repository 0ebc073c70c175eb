"""What is signed of a version: a statement, small and by itself, of everything that a download says.

The concepts are in it by the version's digest, the notes by theirs, the rest as it is. Described in
docs/reference/digests.md, so that anyone can check it without this program.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from competency_api.core import clock
from competency_api.core.signatures import BadSignature, Signer, unverified, verified
from competency_api.taxonomy.canonical import digest_of
from competency_api.versions.models import SignatureRow, VersionRow

#: Names the kind of statement, so that nothing else that the key signs can be taken for one.
ABOUT = "competency-taxonomy-version/1"


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
