"""Signatures by Ed25519 (RFC 8032): public keys as JSON Web Keys (RFC 7517, RFC 8037), signed texts as compact JSON Web
Signatures (RFC 7515, RFC 9864).

A public key is its 32 bytes in base64url, ``x`` of the JWK; its id is the thumbprint of the JWK (RFC 7638), so that no
two keys share one and nobody has to give names. Any library for JOSE can check what is signed here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from competency_api.core.config import Settings
from competency_api.core.errors import ConfigurationError

#: As RFC 9864 names it. The name of RFC 8037, which that deprecates, is not read: we never wrote it.
ALGORITHM: Final = "Ed25519"
_RIGHT_PRIVATE = "it must be an Ed25519 key: PEM (PKCS #8, without a password), a JWK, or its 32 bytes in base64url"
_RIGHT_PUBLIC = "It must hold Ed25519 keys: a JWK set, a JWK, or PEM."
#: What the libraries raise for what is no key at all, beside their own errors.
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm)


class BadSignature(ValueError):
    """What was signed, or by whom, is not what is claimed."""


class Signer:
    """Whoever holds a private key. ``public_key`` and ``key_id`` are what others know of it."""

    def __init__(self, private: OKPKey) -> None:
        self._private = private
        self.public_key = _x_of(private)
        self.key_id = thumbprint(self.public_key)

    def sign(self, payload: bytes) -> str:
        """The payload with its signature, in one word of ASCII."""
        header = {"alg": ALGORITHM, "kid": self.key_id}
        return jws.serialize_compact(header, payload, self._private, algorithms=[ALGORITHM])


def verified(token: str, keys: Mapping[str, str]) -> bytes:
    """The payload of what :meth:`Signer.sign` made. ``keys`` are trusted public keys by their ids.

    Raises BadSignature.
    """
    found = _extracted(token)
    signed_with = str(found.headers().get("kid"))
    known = keys.get(signed_with)
    if known is None:
        raise BadSignature(f"It is signed with the key {signed_with}, which is not among the given ones.")
    try:
        is_right = jws.validate_compact(found, _public(known), algorithms=[ALGORITHM])
    except _UNREADABLE as error:
        raise BadSignature(f"The signature cannot be checked: it is not of the algorithm {ALGORITHM}.") from error
    if not is_right:
        raise BadSignature("The signature is not right: what was signed was changed since.")
    return found.payload


def unverified(token: str) -> bytes:
    """The payload, without asking who signed it. Raises BadSignature for what is none."""
    return _extracted(token).payload


def _extracted(token: str) -> jws.CompactSignature:
    try:
        found = jws.extract_compact(token.encode())
        found.headers()["alg"]
    except _UNREADABLE as error:
        raise BadSignature("The signature cannot be read: it is no compact JSON Web Signature.") from error
    return found


# -- keys --------------------------------------------------------------------------------------------------------------


def new_private_key() -> str:
    """A new private key as PEM."""
    return OKPKey.generate_key(ALGORITHM).as_pem(private=True).decode()


def read_signer(text: str) -> Signer:
    """The signer of a private key. Raises ValueError, which never shows the key."""
    try:
        if "-----BEGIN" in text:
            key = OKPKey.import_key(text.replace("\\n", "\n"))
        else:
            text = text.strip()
            # from the private part alone: the public one that a JWK claims beside it need not be its own
            raw = _decoded(json.loads(text)["d"] if text[:1] == "{" else text)
            key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(raw))
        if not key.is_private or key.curve_name != ALGORITHM:
            raise ValueError(key.curve_name)
        return Signer(key)
    except _UNREADABLE:
        raise ValueError(_RIGHT_PRIVATE) from None


def read_public_keys(text: str) -> dict[str, str]:
    """Public keys by their ids, from a JWK set, a JWK or PEM. Keys of other algorithms in a set are left out.

    Raises ValueError for what holds none.
    """
    try:
        if "-----BEGIN" in text:
            listed = [OKPKey.import_key(text)]
        else:
            given = json.loads(text)
            chosen = [key for key in given.get("keys", [given]) if key.get("crv") == ALGORITHM]
            listed = [_public(key["x"]) for key in chosen]
        keys = [_x_of(key) for key in listed if key.curve_name == ALGORITHM]
    except _UNREADABLE:
        raise ValueError(_RIGHT_PUBLIC) from None
    if not keys:
        raise ValueError(_RIGHT_PUBLIC)
    return {thumbprint(key): key for key in keys}


def jwk_of(public_key: str) -> dict[str, str]:
    """The public key as a JSON Web Key."""
    described = {"kid": thumbprint(public_key), "use": "sig", "alg": ALGORITHM}
    return {"kty": "OKP", "crv": ALGORITHM, "x": public_key} | described


def thumbprint(public_key: str) -> str:
    """The id of a public key (RFC 7638, RFC 8037 appendix A.3): 43 characters. Raises ValueError for what is none."""
    try:
        return _public(public_key).thumbprint()
    except _UNREADABLE:
        raise ValueError(f"{public_key!r} is no public key") from None


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


def _public(public_key: str) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": public_key})


def _x_of(key: OKPKey) -> str:
    return str(key.as_dict(private=False)["x"])


def _decoded(text: str) -> bytes:
    """Raises ValueError for all but the one right spelling."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise ValueError("not in base64url")
    return data
