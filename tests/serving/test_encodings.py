"""Content codings and entity tags."""

from __future__ import annotations

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.serving.encodings import chosen, encoded, is_known, is_worth_it, plain_tag, tag_in

TAG = '"0e184a7aedff"'


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("*", "br"),
        ("deflate", "identity"),
        ("identity", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("gzip," * 200, "identity"),
    ],
)
def test_the_coding_follows_what_the_client_accepts(field: str, coding: str) -> None:
    assert chosen(field) == coding


@given(st.text(max_size=300))
def test_no_field_whatever_breaks_the_choice(field: str) -> None:
    assert chosen(field) in ("br", "gzip", "identity")


@given(st.binary())
def test_what_is_encoded_is_always_the_same_and_can_be_read(data: bytes) -> None:
    assert gzip.decompress(encoded(data, "gzip")) == data
    assert brotli.decompress(encoded(data, "br")) == data
    assert encoded(data, "identity") is data
    assert all(encoded(data, coding) == encoded(data, coding) for coding in ("gzip", "br"))


def test_only_texts_of_some_length_are_worth_compressing() -> None:
    assert is_worth_it("application/json", 5000)
    assert is_worth_it("text/csv; charset=utf-8", 5000)
    assert is_worth_it("application/atom+xml", 5000)
    assert not is_worth_it("application/json", 100)
    assert not is_worth_it("image/png", 5000)


def test_each_coding_has_its_own_strong_tag() -> None:
    tags = {tag_in(TAG, coding) for coding in ("identity", "gzip", "br")}
    assert len(tags) == 3
    assert all(plain_tag(tag) == TAG for tag in tags)


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (TAG, True),
        (f"W/{TAG}", True),
        ('"other", ' + TAG, True),
        (tag_in(TAG, "gzip"), True),
        ("*", True),
        ('"other"', False),
        ("", False),
        ("0e184a7aedff", True),
    ],
)
def test_a_client_that_has_the_answer_in_any_coding_is_told_so(sent: str, known: bool) -> None:
    assert is_known(sent, TAG) is known
