"""By which names versions are asked for, counted as they are answered: before a change one sees who is pinned.

Nothing about anybody is kept: a name of a version, a day, a number. A worker counts in memory and writes once a minute;
a worker that ends takes at most that minute along.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

import structlog

log = structlog.get_logger(__name__)
_SUFFIX = re.compile(r"\.[a-z]+$")
#: By what a path begins with, the way in which it reads the version that it names next.
PREFIXES: Mapping[str, str] = {"/api/v1/versions/": "", "/embed/v1/": "embed"}
#: So many names are counted between two writes; no worker serves more versions.
_MOST = 1_000

#: The mark and the name of a version.
Reader = tuple[str, str]
Write = Callable[[Mapping[Reader, int]], None]


def reader_of(path: str, prefixes: Mapping[str, str] = PREFIXES) -> Reader | None:
    """How the path of an answer names a version; None where it names none."""
    for prefix, mark in prefixes.items():
        if path.startswith(prefix):
            return mark, _SUFFIX.sub("", path[len(prefix) :].partition("/")[0])[:20]
    return None


class ReaderCounts:
    """Counts of one worker. ``write`` adds them to the database; while it fails they are kept."""

    def __init__(self, write: Write, seconds: float = 60) -> None:
        self._write = write
        self._seconds = seconds
        self._next = time.monotonic() + seconds
        self._counts: Counter[Reader] = Counter()
        self._lock = threading.Lock()
        self._is_closed = False

    def add(self, reader: Reader, requests: int) -> None:
        with self._lock:
            if reader in self._counts or len(self._counts) < _MOST:
                self._counts[reader] += requests

    def flush_when_due(self) -> None:
        if time.monotonic() >= self._next:
            self.flush()

    def close(self) -> None:
        """Write for the last time."""
        self.flush()
        self._is_closed = True

    def flush(self) -> None:
        """Write now what was counted since the last time."""
        if self._is_closed:
            return
        self._next = time.monotonic() + self._seconds
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            self._write(counts)
        except Exception:  # neither the metrics nor the thread that feeds them may end because of a statistic
            log.exception("readers.failed", names=len(counts))
            for reader, requests in counts.items():
                self.add(reader, requests)
