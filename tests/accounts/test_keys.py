from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from competency_api.accounts import keys

BEGIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 10**9).map(lambda seconds: BEGIN + dt.timedelta(seconds=seconds))
ENDS = st.none() | MOMENTS


@dataclass(frozen=True)
class AKey:
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None


def test_a_key_is_32_random_bytes_that_scanners_of_leaks_recognise() -> None:
    made = {keys.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(keys.is_secret(secret) and len(secret) == 47 and secret.startswith("sck_") for secret in made)


@given(st.text(max_size=60))
def test_nothing_else_has_the_form_of_a_key(text: str) -> None:
    assert not keys.is_secret(text)
    assert not keys.is_secret(keys.new_secret() + "x")
    assert not keys.is_secret(keys.new_secret() + "\n")


def test_what_is_stored_tells_a_sixth_of_the_key_and_its_hash() -> None:
    secret = keys.new_secret()
    assert keys.shown_part(secret) == secret[:12]
    assert secret[12:] not in keys.digest_of_secret(secret)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_repeated_request_gives_the_same_key_and_needs_both_halves(one: bytes, other: bytes) -> None:
    parent = keys.new_secret()
    assert keys.derived_secret(parent, one) == keys.derived_secret(parent, one)
    assert keys.is_secret(keys.derived_secret(parent, one))
    assert keys.derived_secret(keys.new_secret(), one) != keys.derived_secret(parent, one)
    assert (keys.derived_secret(parent, one) == keys.derived_secret(parent, other)) is (one == other)


@given(ENDS, ENDS, MOMENTS, MOMENTS)
def test_a_key_that_is_not_valid_never_becomes_valid_again(
    expires_at: dt.datetime | None, revoked_at: dt.datetime | None, one: dt.datetime, other: dt.datetime
) -> None:
    key = AKey(expires_at, revoked_at)
    earlier, later = sorted((one, other))
    assert keys.is_valid(key, earlier) or not keys.is_valid(key, later)


@given(ENDS, MOMENTS, MOMENTS)
def test_a_rotation_never_lengthens_the_life_of_the_old_key(
    expires_at: dt.datetime | None, until: dt.datetime, now: dt.datetime
) -> None:
    old, rotated = AKey(expires_at), AKey(keys.end_of_rotated(expires_at, until))
    assert not keys.is_valid(rotated, until)
    assert keys.is_valid(rotated, now) is (keys.is_valid(old, now) and now < until)


@given(
    MOMENTS,
    st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(days=3650)),
    st.timedeltas(dt.timedelta(), dt.timedelta(days=999)),
)
def test_the_new_key_lives_as_long_as_the_old_one_was_given(
    created_at: dt.datetime, life: dt.timedelta, age: dt.timedelta
) -> None:
    now = created_at + age
    assert keys.end_of_successor(created_at, created_at + life, now) == now + life
    assert keys.end_of_successor(created_at, None, now) is None
