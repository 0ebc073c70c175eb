"""Identifiers that are made here. None of them is guessable or says anything about what it names."""

from __future__ import annotations

import re
import secrets
import uuid

_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def new_uuid() -> str:
    """A random UUID (version 4) in its usual lower-case form."""
    return str(uuid.uuid4())


def new_request_id() -> str:
    return secrets.token_hex(8)


def request_id_or_new(given: str | None) -> str:
    """The id that a client or proxy sent, when it is 8 to 64 harmless characters; else a new one."""
    return given if given and _REQUEST_ID.fullmatch(given) else new_request_id()
