"""Metrics for Prometheus, right with one worker process or many.

With several workers each keeps its numbers in files of one directory, and whichever is asked sums them up.
prometheus-client decides on that when it is imported, by an environment variable: therefore it is imported here
only when an application is made, and :func:`prepare_multiprocess` must run before, in the process that starts
the workers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Seconds. Finished bodies take tens of microseconds, first reads and imports up to seconds.
_BUCKETS = (0.0001, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0)


def prepare_multiprocess(directory: Path) -> None:
    """Use ``directory`` for the numbers of several workers, without those of an earlier run."""
    directory.mkdir(parents=True, exist_ok=True)
    for file in directory.glob("*.db"):
        file.unlink()
    os.environ[_DIRECTORY] = str(directory)


class Metrics:
    """The metrics of one application. Features add theirs by ``registry``."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        #: Called before the numbers are shown, by those who keep some back for speed.
        self.before_render: list[Callable[[], None]] = []
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "http_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_seconds",
            "Time until the answer began, in seconds",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. ``route`` is the rule and never the path: labels must stay few."""
        self._requests.labels(method if method in _METHODS else "OTHER", route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def add_hits(self, method: str, route: str, status: int, hits: int) -> None:
        """Count answers that came from memory; what they took is not measured, as that would take longer."""
        self._requests.labels(method, route, str(status)).inc(hits)

    def gauge(self, name: str, meaning: str) -> Callable[[float], None]:
        """A number that goes up and down, as what sets it; over several workers it is their sum."""
        from prometheus_client import Gauge

        return Gauge(name, meaning, registry=self.registry, multiprocess_mode="livesum").set

    def render(self) -> tuple[bytes, str]:
        """The numbers of all workers and the content type they are written in."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        for bring_up_to_date in self.before_render:
            bring_up_to_date()
        registry = self.registry
        if os.environ.get(_DIRECTORY):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)
        return generate_latest(registry), CONTENT_TYPE_LATEST
