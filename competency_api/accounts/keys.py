"""API keys: how they are made, recognised and found, and from when to when they are valid.

A key is ``sck_`` and 32 random bytes in base64url. The database holds its SHA-256 and its beginning: the hash is enough
to recognise it (a random value of 256 bits needs no slow hash, since nobody can go through all of them), the beginning
to find it when it turns up where it should not.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
from typing import Protocol

PREFIX = "sck_"
#: Characters of a key that are stored and shown: of 43 random ones 8, which leaves 208 bits unknown.
SHOWN = len(PREFIX) + 8
#: How long a key is valid unless something else is asked for.
LIFETIME = dt.timedelta(days=365)
#: How long the old key stays valid beside the new one unless something else is asked for, and at most.
OVERLAP = dt.timedelta(days=1)
LONGEST_OVERLAP = dt.timedelta(days=90)
#: How far a stated moment may lie back and still mean now: clocks differ, and requests take time.
SKEW = dt.timedelta(minutes=1)

_SECRET = re.compile(f"{PREFIX}[A-Za-z0-9_-]{{43}}")


class Dated(Protocol):
    """What the validity of a key follows from."""

    @property
    def expires_at(self) -> dt.datetime | None: ...

    @property
    def revoked_at(self) -> dt.datetime | None: ...


def new_secret() -> str:
    return _written(secrets.token_bytes(32))


def derived_secret(parent: str, salt: bytes) -> str:
    """The key that follows from 32 random bytes and the key that asked for it.

    A repeated request gets the same one, although it is stored nowhere: whoever has the salt lacks the parent, and
    whoever has the parent lacks the salt.
    """
    return _written(hmac.digest(parent.encode(), b"new key" + salt, "sha256"))


def _written(data: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(data).decode().rstrip("=")


def is_secret(text: str) -> bool:
    """Whether it has the form of a key; anything else need not be looked for."""
    return _SECRET.fullmatch(text) is not None


def digest_of_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_part(secret: str) -> str:
    return secret[:SHOWN]


def status_of(key: Dated, now: dt.datetime) -> str:
    """``active``, ``expired`` or ``revoked``. The moment of expiry is the first at which it is not valid."""
    if key.revoked_at is not None and key.revoked_at <= now:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "active"


def is_valid(key: Dated, now: dt.datetime) -> bool:
    return status_of(key, now) == "active"


def end_of_rotated(expires_at: dt.datetime | None, until: dt.datetime) -> dt.datetime:
    """When a key ends that is replaced: at the stated moment, and never later than it would have."""
    return until if expires_at is None else min(expires_at, until)


def end_of_successor(created_at: dt.datetime, expires_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When the key that replaces one made then ends: after as long as that one was given, or never as well."""
    return None if expires_at is None else now + (expires_at - created_at)
