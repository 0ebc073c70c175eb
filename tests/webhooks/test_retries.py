"""When a delivery is tried again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.webhooks.delivery.retries import ATTEMPTS, DELAYS, JITTER, PATIENCE, asked_delay, delay_after

CHANCES = st.floats(0, 1, exclude_max=True)


def test_it_is_tried_for_three_days_and_then_given_up() -> None:
    assert dt.timedelta(days=3) < dt.timedelta(seconds=sum(DELAYS)) < dt.timedelta(days=4)
    assert delay_after(ATTEMPTS, 0.5) is None
    assert delay_after(ATTEMPTS + 1, 0.5) is None


@given(st.integers(1, ATTEMPTS - 1), CHANCES)
def test_jitter_stays_within_its_share(attempts: int, chance: float) -> None:
    delay, usual = delay_after(attempts, chance), DELAYS[attempts - 1]
    assert delay is not None
    assert usual * (1 - JITTER) - 1e-3 <= delay.total_seconds() <= usual * (1 + JITTER) + 1e-3


@given(st.integers(1, ATTEMPTS - 1), CHANCES, st.integers(0, 10**9))
def test_a_receiver_is_not_asked_sooner_than_it_wants_within_reason(attempts: int, chance: float, asked: int) -> None:
    usual = delay_after(attempts, chance)
    delay = delay_after(attempts, chance, dt.timedelta(seconds=asked))
    assert usual is not None
    assert delay is not None
    assert min(dt.timedelta(seconds=asked), PATIENCE) <= delay
    assert usual <= delay <= max(usual, PATIENCE)


@pytest.mark.parametrize(
    ("field", "seconds"),
    [("120", 120), ("0", 0), (None, None), ("soon", None), ("-1", None), ("٣", None), ("1" * 20, None)],
)
def test_only_seconds_are_read(field: str | None, seconds: int | None) -> None:
    found = asked_delay(field)
    assert (found.total_seconds() if found is not None else None) == seconds
