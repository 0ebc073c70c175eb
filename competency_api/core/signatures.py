"""Signatures by Ed25519 (RFC 8032): public keys as JSON Web Keys (RFC 7517, RFC 8037), signed texts as compact JSON Web
Signatures (RFC 7515, RFC 9864).

A public key is its 32 bytes in base64url, ``x`` of the JWK; its id is the thumbprint of the JWK (RFC 7638), so that no
two keys share one and nobody has to give names. Any library for JOSE can check what is signed here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from competency_api.core.config import Settings
from competency_api.core.errors import ConfigurationError

#: As RFC 9864 names it. The name of RFC 8037, which that deprecates, is read as well.
ALGORITHM = "Ed25519"
_ALGORITHMS = (ALGORITHM, "EdDSA")
_BYTES = 32
_RAW = serialization.Encoding.Raw
_RIGHT_PRIVATE = "it must be an Ed25519 key: PEM (PKCS #8, without a password), a JWK, or its 32 bytes in base64url"
_RIGHT_PUBLIC = "It must hold Ed25519 keys: a JWK set, a JWK, or PEM."


class BadSignature(ValueError):
    """What was signed, or by whom, is not what is claimed."""


class Signer:
    """Whoever holds a private key. ``public_key`` and ``key_id`` are what others know of it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes(_RAW, serialization.PublicFormat.Raw)
        self.public_key = _encoded(raw)
        self.key_id = thumbprint(self.public_key)

    def sign(self, payload: bytes) -> str:
        """The payload with its signature, in one word of ASCII."""
        header = {"alg": ALGORITHM, "kid": self.key_id}
        signed = f"{_encoded(_json(header))}.{_encoded(payload)}"
        return f"{signed}.{_encoded(self._private.sign(signed.encode()))}"


def verified(token: str, keys: Mapping[str, str]) -> bytes:
    """The payload of what :meth:`Signer.sign` made. ``keys`` are trusted public keys by their ids.

    Raises BadSignature.
    """
    head, payload, signature = _parts(token)
    if "crit" in head or head.get("alg") not in _ALGORITHMS:
        raise BadSignature(f"The signature is not of the algorithm {ALGORITHM}.")
    known = keys.get(str(head.get("kid")))
    if known is None:
        raise BadSignature(f"It is signed with the key {head.get('kid')}, which is not among the given ones.")
    try:
        Ed25519PublicKey.from_public_bytes(_decoded(known)).verify(signature, token.rpartition(".")[0].encode())
    except InvalidSignature:
        raise BadSignature("The signature is not right: what was signed was changed since.") from None
    return payload


def unverified(token: str) -> bytes:
    """The payload, without asking who signed it. Raises BadSignature for what is none."""
    return _parts(token)[1]


def _parts(token: str) -> tuple[dict[str, Any], bytes, bytes]:
    try:
        head, payload, signature = (_decoded(part) for part in token.split("."))
        header = json.loads(head)
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise BadSignature("The signature cannot be read: it is no compact JSON Web Signature.")
    return header, payload, signature


# -- keys --------------------------------------------------------------------------------------------------------------


def new_private_key() -> str:
    """A new private key as PEM."""
    pem = serialization.Encoding.PEM
    kind, password = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Ed25519PrivateKey.generate().private_bytes(pem, kind, password).decode()


def read_signer(text: str) -> Signer:
    """The signer of a private key. Raises ValueError, which never shows the key."""
    try:
        if "-----BEGIN" in text:
            private = serialization.load_pem_private_key(text.replace("\\n", "\n").encode(), None)
        else:
            text = text.strip()
            private = Ed25519PrivateKey.from_private_bytes(_decoded(_member(text, "d") if text[:1] == "{" else text))
    except (ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        raise ValueError(_RIGHT_PRIVATE) from None
    if isinstance(private, Ed25519PrivateKey):
        return Signer(private)
    raise ValueError(_RIGHT_PRIVATE)


def read_public_keys(text: str) -> dict[str, str]:
    """Public keys by their ids, from a JWK set, a JWK or PEM. Keys of other algorithms in a set are left out.

    Raises ValueError for what holds none.
    """
    try:
        if "-----BEGIN" in text:
            public = serialization.load_pem_public_key(text.encode())
            found = [public.public_bytes(_RAW, serialization.PublicFormat.Raw)] if _is_ours(public) else []
        else:
            given = json.loads(text)
            listed = given.get("keys", [given])
            found = [_decoded(key["x"]) for key in listed if key.get("crv") == "Ed25519"]
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm):
        raise ValueError(_RIGHT_PUBLIC) from None
    if not found or any(len(raw) != _BYTES for raw in found):
        raise ValueError(_RIGHT_PUBLIC)
    keys = [_encoded(raw) for raw in found]
    return {thumbprint(key): key for key in keys}


def jwk_of(public_key: str) -> dict[str, str]:
    """The public key as a JSON Web Key."""
    described = {"kid": thumbprint(public_key), "use": "sig", "alg": ALGORITHM}
    return {"kty": "OKP", "crv": "Ed25519", "x": public_key} | described


def thumbprint(public_key: str) -> str:
    """The id of a public key (RFC 7638, RFC 8037 appendix A.3): 43 characters."""
    return _encoded(hashlib.sha256(_json({"crv": "Ed25519", "kty": "OKP", "x": public_key})).digest())


def configured_signer(settings: Settings) -> Signer | None:
    """Whoever signs for this deployment; None without a key. Raises ConfigurationError."""
    if not settings.signing_key and not settings.signing_key_file:
        return None
    if settings.signing_key and settings.signing_key_file:
        raise ConfigurationError("Both SIGNING_KEY and SIGNING_KEY_FILE are set; one of them is enough.")
    try:
        text = settings.signing_key or Path(settings.signing_key_file).read_text(encoding="utf-8")
        return read_signer(text)
    except OSError as error:
        raise ConfigurationError(f"SIGNING_KEY_FILE cannot be read: {error.strerror}.") from error
    except ValueError:
        name = "SIGNING_KEY" if settings.signing_key else "SIGNING_KEY_FILE"
        raise ConfigurationError(f"{name} is not right: {_RIGHT_PRIVATE}.") from None


def _is_ours(public: object) -> bool:
    return isinstance(public, Ed25519PublicKey)


def _member(text: str, name: str) -> str:
    return str(json.loads(text)[name])


def _json(value: Mapping[str, str]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Raises ValueError for all but the one right spelling."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if _encoded(data) != text:
        raise ValueError("not in base64url")
    return data
