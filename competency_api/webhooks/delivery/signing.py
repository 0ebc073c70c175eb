"""Signatures of Standard Webhooks (standardwebhooks.com, specification 1.0): how a receiver knows who sent it.

A secret is ``whsec_`` and 32 bytes in base64. The signature is HMAC-SHA256 over id, time and body, so that none of them
can be exchanged and what was overheard is of no use later. While a secret is replaced, both sign.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable

PREFIX = "whsec_"


def secret_of(key: bytes) -> str:
    return PREFIX + base64.b64encode(key).decode()


def derived_secret(parent: str, salt: bytes) -> str:
    """The secret that follows from 32 random bytes and the API key that asked for it: the same for a repeated request.

    It does not stand in the remembered answer to that request.
    """
    return secret_of(hmac.digest(parent.encode(), b"new webhook secret" + salt, "sha256"))


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def signed_headers(secrets: Iterable[str], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three fields of a delivery: ``message`` is the same at every attempt, ``timestamp`` (Unix) of this one."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message, timestamp, body) for secret in secrets),
    }
