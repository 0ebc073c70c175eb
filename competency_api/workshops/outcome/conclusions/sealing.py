"""What is sealed and signed of a conclusion, so that anyone can check that it was written by whom, and when.

Each version of a text has a digest over a small statement in canonical JSON: what was concluded, with whose key, and
the digest of the version before. So the newest one stands for all of them: none can be changed or taken away
unnoticed. A deployment with a signing key signs that statement; its public keys are at ``/.well-known/jwks.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from competency_api.taxonomy.canonical import digest_of

#: Names the kind of statement, so that nothing else that the key signs can be taken for one.
ABOUT = "competency-workshop-conclusion/1"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a conclusion. ``subject`` is ``report`` or ``<topic>/<table>``, ``signed_by`` the id of an API key,
    ``signed_at`` ISO 8601 in UTC, ``before`` the digest of the version before, empty for the first."""

    workshop: str
    subject: str
    number: int
    text: Mapping[str, str]
    signed_by: str
    signer: str
    signed_at: str
    before: str
    about: str = ABOUT

    @property
    def canonical(self) -> bytes:
        """Its JSON: keys sorted, UTF-8, no insignificant space."""
        members = msgspec.to_builtins(self)
        return json.dumps(members, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal."""
        return digest_of(self.canonical)


def statement_in(payload: bytes) -> dict[str, Any] | None:
    """The members of what was signed; None for anything else that the key may have signed."""
    try:
        members = json.loads(payload)
    except ValueError:
        return None
    return members if isinstance(members, dict) and members.get("about") == ABOUT else None


def is_intact(chain: Iterable[tuple[Statement, str]]) -> bool:
    """Whether statements, in the order of their numbers, have the digests that are stored beside them, each holds that
    of the one before, and none is missing."""
    before = ""
    for number, (statement, stored) in enumerate(chain, 1):
        if statement.number != number or statement.before != before or statement.digest != stored:
            return False
        before = stored
    return True
