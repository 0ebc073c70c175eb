"""What is signed here, anyone can check by the standard's steps; what was changed, or signed by others, is refused."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.config import Settings
from competency_api.core.errors import ConfigurationError
from competency_api.core.signatures import (
    BadSignature,
    configured_signer,
    jwk_of,
    new_private_key,
    read_public_keys,
    read_signer,
    verified,
)

#: The example of RFC 8037, appendix A: private key, public key, thumbprint.
PRIVATE = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
PUBLIC = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
SIGNER = read_signer(PRIVATE)
KEYS = {THUMBPRINT: PUBLIC}


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def an_elliptic_key() -> str:
    """A private key of another algorithm."""
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(pem, kind, serialization.NoEncryption()).decode()


def test_keys_are_named_as_the_standard_says() -> None:
    assert (SIGNER.public_key, SIGNER.key_id) == (PUBLIC, THUMBPRINT)
    named = b'{"crv":"Ed25519","kty":"OKP","x":"%s"}' % PUBLIC.encode()
    assert decoded(THUMBPRINT) == hashlib.sha256(named).digest()
    assert jwk_of(PUBLIC)["kid"] == THUMBPRINT


@given(st.binary(max_size=300))
def test_what_we_sign_is_right_by_the_steps_of_the_reference_alone(payload: bytes) -> None:
    signed, _, signature = SIGNER.sign(payload).rpartition(".")
    head, body = map(decoded, signed.split("."))
    assert (json.loads(head), body) == ({"alg": "Ed25519", "kid": THUMBPRINT}, payload)
    public = ed25519.Ed25519PublicKey.from_public_bytes(decoded(PUBLIC))
    public.verify(decoded(signature), signed.encode())
    assert verified(f"{signed}.{signature}", KEYS) == payload


@given(st.data())
def test_no_changed_character_passes(data: st.DataObject) -> None:
    token = SIGNER.sign(b'{"number":"2.1.0"}')
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("Aa0_-.=+/ \n").filter(lambda sign: sign != token[place]))
    with pytest.raises(BadSignature):
        verified(token[:place] + other + token[place + 1 :], KEYS)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "Ed25519", "crit": ["b64"]}, {}, [], 7])
def test_headers_that_would_weaken_the_check_are_refused(header: object) -> None:
    _, payload, signature = SIGNER.sign(b"{}").split(".")
    said = header | {"kid": THUMBPRINT} if isinstance(header, dict) else header
    head = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    for token in (f"{head}.{payload}.{signature}", f"{head}.{payload}."):
        with pytest.raises(BadSignature):
            verified(token, KEYS)


def test_a_signature_of_somebody_else_is_refused_by_name() -> None:
    other = read_signer(new_private_key())
    with pytest.raises(BadSignature, match=other.key_id):
        verified(other.sign(b"{}"), KEYS)


def test_a_private_key_may_be_pem_a_jwk_or_its_bytes(tmp_path: Path) -> None:
    raw = base64.urlsafe_b64decode(PRIVATE + "=")
    private = ed25519.Ed25519PrivateKey.from_private_bytes(raw)
    kind, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = private.private_bytes(serialization.Encoding.PEM, kind, bare).decode()
    jwk = json.dumps({"kty": "OKP", "crv": "Ed25519", "x": PUBLIC, "d": PRIVATE})
    for text in (pem, pem.replace("\n", "\\n"), jwk, PRIVATE, f"{PRIVATE}\n"):
        assert read_signer(text).key_id == THUMBPRINT
        file = tmp_path / "key"
        file.write_text(text)
        for settings in (Settings(signing_key=text), Settings(signing_key_file=str(file))):
            signer = configured_signer(settings)
            assert signer is not None
            assert signer.public_key == PUBLIC


@pytest.mark.parametrize("text", ["", "x", PRIVATE[:-1], "{}", '{"d": 7}', "-----BEGIN PRIVATE KEY-----", PUBLIC + "A"])
def test_what_is_no_private_key_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(ValueError, match="it must be an Ed25519 key") as refused:
        read_signer(text)
    assert not text or f"'{text}'" not in str(refused.value)


def test_a_key_of_another_algorithm_is_refused() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        read_signer(an_elliptic_key())


def test_public_keys_come_from_a_set_a_key_or_pem() -> None:
    public = ed25519.Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(PUBLIC + "="))
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = public.public_bytes(serialization.Encoding.PEM, kind).decode()
    jwk = jwk_of(PUBLIC)
    for text in (pem, json.dumps(jwk), json.dumps({"keys": [{"kty": "RSA", "n": "x"}, jwk]})):
        assert read_public_keys(text) == KEYS


@pytest.mark.parametrize("text", ["", "7", "[]", "{}", '{"keys": []}', '{"crv": "Ed25519", "x": "AA"}', "-----BEGIN X"])
def test_what_holds_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="It must hold Ed25519 keys"):
        read_public_keys(text)


def test_a_wrong_setting_is_named_without_showing_the_key(tmp_path: Path) -> None:
    wrong = [
        (Settings(signing_key="secret"), "SIGNING_KEY is not right"),
        (Settings(signing_key_file=str(tmp_path / "none")), "SIGNING_KEY_FILE cannot be read: No such file"),
        (Settings(signing_key=PRIVATE, signing_key_file="x"), "Both SIGNING_KEY and SIGNING_KEY_FILE"),
    ]
    for settings, message in wrong:
        with pytest.raises(ConfigurationError, match=message) as refused:
            configured_signer(settings)
        assert "'secret'" not in str(refused.value)
        assert PRIVATE not in repr(settings)
    assert configured_signer(Settings()) is None
