from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from competency_api.core.buckets import Buckets, Limit

LIMITS = st.builds(Limit, st.just("test"), st.integers(1, 50), st.integers(1, 120))
#: Seconds between one request and the next.
PAUSES = st.lists(st.floats(0, 30), min_size=1, max_size=200)


def moments(pauses: list[float]) -> list[float]:
    now = 0.0
    return [now := now + pause for pause in pauses]


@given(LIMITS, PAUSES)
def test_no_span_of_time_gives_more_than_is_full_and_flows_in(limit: Limit, pauses: list[float]) -> None:
    buckets = Buckets(limit)
    passed = [now for now in moments(pauses) if buckets.take("x", now).is_within]
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            most = limit.capacity * (1 + (passed[last] - passed[first]) / limit.seconds)
            assert last - first + 1 <= most + 1e-6


@given(LIMITS, PAUSES)
@example(Limit("test", 1, 1), [15.645179442540526, 0.0])
def test_whoever_waits_as_long_as_they_are_told_is_let_in(limit: Limit, pauses: list[float]) -> None:
    buckets = Buckets(limit)
    for now in moments(pauses):
        quota = buckets.take("x", now)
        if not quota.is_within:
            assert quota.remaining == 0
            assert buckets.look("x", now + quota.retry_after).is_within
        assert 0 <= quota.remaining <= limit.capacity
        assert buckets.look("x", now + quota.seconds_to_full + 1e-6).remaining >= limit.capacity - 1


@given(LIMITS, st.lists(st.sampled_from("abcdefgh"), max_size=60))
def test_one_client_takes_nothing_from_another(limit: Limit, names: list[str]) -> None:
    together = Buckets(limit)
    alone = {name: Buckets(limit) for name in "abcdefgh"}
    assert [together.take(name, 0.0) for name in names] == [alone[name].take(name, 0.0) for name in names]


def test_looking_takes_nothing() -> None:
    buckets = Buckets(Limit("test", 1))
    assert all(buckets.look("x", 0.0).is_within for _ in range(5))
    assert len(buckets) == 0


def test_memory_is_bounded_and_those_who_asked_lately_stay() -> None:
    buckets = Buckets(Limit("test", 1), most=3)
    for name in ("a", "b", "c", "a", "d"):
        buckets.take(name, 0.0)
    assert len(buckets) == 3
    assert not buckets.look("a", 0.0).is_within
    assert buckets.look("b", 0.0).is_within


def test_a_clock_that_stands_or_goes_back_fills_nothing() -> None:
    buckets = Buckets(Limit("test", 1))
    buckets.take("x", 100.0)
    assert not buckets.take("x", 90.0).is_within
    assert not buckets.take("x", 100.0).is_within


def test_a_capacity_of_nothing_is_no_limit() -> None:
    buckets = Buckets(Limit("test", 0))
    assert all(buckets.take("x", 0.0).is_within for _ in range(100))
    assert len(buckets) == 0


def test_fields_are_written_as_the_draft_of_the_standard_has_them() -> None:
    quota = Buckets(Limit("key", 10, 60)).take("x", 0.0)
    assert (quota.limit.policy, quota.field) == ('"key";q=10;w=60', '"key";r=9;t=6')
