"""Who watches which workshop in this process, and one look at the database for all of them.

A stream holds a thread of the server as long as it lasts. That is why there are few, why they end by themselves, and
why whoever finds no place is told to ask now and then instead, which costs next to nothing (``If-None-Match``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog

from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.core.errors import ServiceError, Unavailable
from competency_api.workshops.live.snapshots import Snapshot, Watcher, refreshed, written

log = structlog.get_logger(__name__)

#: Streams of one worker, of its 64 threads: half of them always answer everything else.
MOST_STREAMS = 32
#: Of these, for who runs the session: the projector finds a place however many telephones watch.
RESERVED_STREAMS = 8
LIFETIME_SECONDS = 300.0
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 0.5
RETRY_MILLISECONDS = 2000
#: After which whoever found no place may try again.
RETRY_AFTER_SECONDS = 30

_HEARTBEAT = b": still here\n\n"


@dataclass
class _Watched:
    """A workshop that somebody watches."""

    watchers: int = 0
    snapshot: Snapshot | None = None
    looked_at: float = float("-inf")
    looking: threading.Lock = field(default_factory=threading.Lock)


class Hub:
    """The streams of an application, which last ``seconds``. ``close`` ends them all."""

    def __init__(self, database: Database, most: int = MOST_STREAMS, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._most = most
        self._now = now
        self._lock = threading.Lock()
        self._watched: dict[str, _Watched] = {}
        self._count = 0
        self._ended = threading.Event()
        self.seconds = LIFETIME_SECONDS

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        self._ended.set()

    def stream(self, code: str, watcher: Watcher, *, runs: bool, seconds: float | None = None) -> Iterator[bytes]:
        """The events of a workshop until it is over, or for ``seconds``. ``runs``: for who runs the session.

        Raises Unavailable at once when there is no place.
        """
        place = self._most if runs else self._most - RESERVED_STREAMS
        with self._lock:
            if self._count >= place:
                message = f"This process holds {self._count} streams, and no more; ask for the results now and then."
                raise Unavailable(message, retry_after=RETRY_AFTER_SECONDS)
            self._count += 1
            watched = self._watched.setdefault(code, _Watched())
            watched.watchers += 1
        events = self._events(code, watched, watcher, self.seconds if seconds is None else seconds)
        return _Stream(events, lambda: self._leave(code, watched))

    def _leave(self, code: str, watched: _Watched) -> None:
        with self._lock:
            self._count -= 1
            watched.watchers -= 1
            if not watched.watchers:
                self._watched.pop(code, None)

    def _events(self, code: str, watched: _Watched, watcher: Watcher, seconds: float) -> Iterator[bytes]:
        end, spoken = self._now() + seconds, self._now()
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while self._now() < end:
            snapshot = self._look(code, watched)
            news = [written(*event) for event in watcher.news(snapshot, clock.now())] if snapshot else []
            if news or self._now() - spoken >= HEARTBEAT_SECONDS:
                spoken = self._now()
                yield b"".join(news) or _HEARTBEAT
            if (snapshot and snapshot.is_over) or self._ended.wait(LOOK_SECONDS):
                return

    def _look(self, code: str, watched: _Watched) -> Snapshot | None:
        """The workshop as it is, at most LOOK_SECONDS old: the first who comes looks for all."""
        with watched.looking:
            if self._now() - watched.looked_at < LOOK_SECONDS * 0.9:
                return watched.snapshot
            watched.looked_at = self._now()
            try:
                with self._database.reading(fresh=True) as session:
                    watched.snapshot = refreshed(session, watched.snapshot, code)
            except ServiceError as error:  # the stream lasts; the next look may find the database again
                log.warning("workshop.not_looked_at", reason=error.message)
            return watched.snapshot


class _Stream:
    """Events, and what is done when nobody takes them any more, whether or not the first was ever taken."""

    def __init__(self, events: Iterator[bytes], leave: Callable[[], None]) -> None:
        self._events = events
        self._leave: Callable[[], None] | None = leave

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._events)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def __del__(self) -> None:
        self.close()
