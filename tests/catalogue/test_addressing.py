"""A version is named by exact number, prefix, "latest", or the day it was in force."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.catalogue.addressing import resolve
from competency_api.core.errors import NotFound
from competency_api.taxonomy.numbering import Number
from competency_api.versions.values import Summary, VersionInfo


def a_version(number: str, valid_from: str) -> VersionInfo:
    parsed = Number.parse(number)
    assert parsed is not None
    return VersionInfo(
        id=1,
        number=parsed,
        title="",
        notes="",
        publisher="",
        published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        published_by="",
        valid_from=dt.date.fromisoformat(valid_from),
        digest="",
        seal="",
        bump=None,
        parent=None,
        summary=Summary(concepts=0, active=0, kinds={}, languages={}),
    )


VERSIONS = [
    a_version("1.0.0", "2019-06-30"),
    a_version("1.1.0", "2020-01-01"),
    a_version("1.10.0", "2021-01-01"),
    a_version("2.0.0", "2026-11-23"),
]


@pytest.mark.parametrize(
    ("reference", "number", "is_exact"),
    [
        ("1.1.0", "1.1.0", True),
        ("1", "1.10.0", False),
        ("1.1", "1.1.0", False),
        ("latest", "2.0.0", False),
        ("2019-06-30", "1.0.0", False),
        ("2020-12-31", "1.1.0", False),
        ("2030-01-01", "2.0.0", False),
    ],
)
def test_a_reference_names_one_version(reference: str, number: str, is_exact: bool) -> None:
    found = resolve(reference, VERSIONS)
    assert (str(found.version.number), found.is_exact) == (number, is_exact)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("1.2.0", r"no version '1\.2\.0'. Nearest: 1\.1\.0, 1\.10\.0"),
        ("9", r"Nearest: 2\.0\.0"),
        ("2.0.O", r"Nearest: 2\.0\.0"),
        ("lates", "named by number"),
        ("2018-01-01", "first one is from 2019-06-30"),
        ("2026-02-30", "named by number"),
        ("2026-W01-1", "named by number"),
        ("01.0.0", "named by number"),
    ],
)
def test_what_names_no_version_is_answered_with_what_would(reference: str, message: str) -> None:
    with pytest.raises(NotFound, match=message):
        resolve(reference, VERSIONS)


def test_before_anything_is_published_the_answer_says_so() -> None:
    with pytest.raises(NotFound, match="nothing is published yet"):
        resolve("latest", [])


@given(st.text())
def test_any_text_names_a_version_or_is_not_found(reference: str) -> None:
    with contextlib.suppress(NotFound):
        assert resolve(reference, VERSIONS).version in VERSIONS
