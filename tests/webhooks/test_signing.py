"""Signatures, as the package of Standard Webhooks checks them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from competency_api.webhooks.delivery.signing import derived_secret, secret_of, signed_headers

SECRET, OTHER = secret_of(b"a" * 32), secret_of(b"b" * 32)


def verify(secret: str, body: bytes, headers: dict[str, str]) -> None:
    Webhook(secret).verify(body, headers, json_parse=False)


@given(st.binary(min_size=24, max_size=64), st.text(max_size=200))
def test_every_signature_is_verified_by_the_receivers_package(key: bytes, text: str) -> None:
    body = text.encode()
    headers = signed_headers([secret_of(key)], "id-1", int(time.time()), body)
    assert verify(secret_of(key), body, headers) is None


def test_while_a_secret_is_replaced_both_receivers_are_content() -> None:
    headers = signed_headers([SECRET, OTHER], "id-1", int(time.time()), b"{}")
    assert headers["webhook-signature"].count("v1,") == 2
    verify(SECRET, b"{}", headers)
    verify(OTHER, b"{}", headers)


@pytest.mark.parametrize("field", ["webhook-id", "webhook-timestamp", "webhook-signature", "body"])
def test_nothing_can_be_exchanged(field: str) -> None:
    now = int(time.time())
    headers = {**signed_headers([SECRET], "id-1", now, b"{}"), "body": "{}"}
    changed = {
        "webhook-id": "id-2",
        "webhook-timestamp": str(now - 1),
        "webhook-signature": signed_headers([OTHER], "id-1", now, b"{}")["webhook-signature"],
        "body": "[]",
    }
    headers[field] = changed[field]
    with pytest.raises(WebhookVerificationError):
        verify(SECRET, headers["body"].encode(), headers)


def test_a_repeated_request_gets_the_same_secret_and_others_another() -> None:
    assert derived_secret("sck_a", b"salt") == derived_secret("sck_a", b"salt")
    assert len({derived_secret(p, s) for p in ("sck_a", "sck_b") for s in (b"salt", b"other")}) == 4
