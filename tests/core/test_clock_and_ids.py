from __future__ import annotations

import datetime as dt
import uuid

import pytest

from competency_api.core import clock
from competency_api.core.ids import new_request_id, new_uuid, request_id_or_new


def test_times_are_written_in_utc() -> None:
    summer = dt.datetime(2026, 7, 1, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert clock.iso(summer) == "2026-07-01T08:30:00Z"
    assert clock.now().tzinfo is dt.UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        clock.iso(dt.datetime(2026, 7, 1))  # noqa: DTZ001  # the naive time is what is refused


def test_identifiers_of_concepts_are_of_version_4() -> None:
    assert uuid.UUID(new_uuid()).version == 4


@pytest.mark.parametrize(
    "given", [None, "", "short", "x" * 65, "a b c d e f", "abcdefgh\n", "abcdefgh\r\nX: y", "é" * 9]
)
def test_a_request_id_that_could_do_harm_is_replaced(given: str | None) -> None:
    assert request_id_or_new(given) != given
    assert len(request_id_or_new(given)) == 16


def test_a_well_formed_request_id_is_kept() -> None:
    made = new_request_id()
    assert request_id_or_new(made) == made
