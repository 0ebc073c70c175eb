"""Many slow clients, and how everybody else fares meanwhile."""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Iterator
from statistics import median

import pytest

from tests.support.nginx import Site, half_a_body, half_a_header

CLIENTS = 200
#: Seconds that a normal request may take while they wait. One that waits for them takes ten, until they are given up.
LIMIT = 2
CONVERT = json.dumps({"from": "1.0.0", "to": "2.0.0", "items": ["B012", "P002"]}).encode()

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def slow_clients(site: Site, kind: object, addresses: list[str]) -> Iterator[list[ssl.SSLSocket]]:
    """Half requests, each from its address."""
    assert callable(kind)
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(kind(site, address)) for address in addresses]


def normal_requests(site: Site, round_: int) -> Iterator[float]:
    """Seconds of requests that nginx cannot answer by itself: with a body, never stored, not seen before."""
    for path, body in (
        ("/api/v1/convert", CONVERT),
        ("/healthz", None),
        (f"/api/v1/versions/2.0.0/concepts/C{round_ + 1:03}?fields=code,status", None),
    ):
        answer = site.ask(path, body=body)
        assert answer.status == 200
        yield answer.seconds


def test_200_half_headers_and_200_half_bodies_at_once_leave_normal_requests_fast(site: Site) -> None:
    headers = [f"127.0.1.{n}" for n in range(1, CLIENTS + 1)]
    bodies = [f"127.0.2.{n}" for n in range(1, CLIENTS + 1)]
    rounds: list[list[float]] = []
    with slow_clients(site, half_a_header, headers) as first, slow_clients(site, half_a_body, bodies) as second:
        for round_ in range(10):
            # a byte now and then, as such clients do so as not to be given up
            for connection in (*first, *second):
                with contextlib.suppress(OSError):  # on a slow machine the first are given up before the last round
                    connection.sendall(b"x")
            rounds.append(list(normal_requests(site, round_)))
    # of each kind the middle one: a machine that pauses is slow to one request, a service that is held up to all
    assert all(median(of_a_kind) < LIMIT for of_a_kind in zip(*rounds, strict=True)), rounds


def test_one_address_may_not_have_any_number_of_requests_in_progress(site: Site) -> None:
    greedy = "127.0.3.1"
    with slow_clients(site, half_a_body, [greedy] * 100):
        refused = site.ask("/healthz", client=greedy)
        assert (refused.status, json.loads(refused.body)["code"]) == (429, "too-many-requests")
        assert int(refused.fields["Retry-After"]) > 0
        assert site.ask("/healthz").status == 200
