"""What a worker keeps in memory of published versions.

A version never changes, so its :class:`Taxonomy` is loaded once and kept while there is room. What does change is which
versions exist: that list is read again at most once in ``latest_refresh_seconds``, so that a new version shows
everywhere within that time without a query per request, and at once to those who ask for it by its name. Safe to use
from many threads.

What features make of a whole version (a search index) is kept beside it: made when it is first asked for, counted with
it, and gone with it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

import structlog

from competency_api.catalogue.addressing import Resolved, resolve
from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.values import VersionInfo

log = structlog.get_logger(__name__)

#: Resident memory of a loaded taxonomy per byte of canonical JSON, with all its indexes: 4.1 with ESCO 1.1.1, measured
#: by benchmarks/memory.py.
OBJECT_FACTOR = 4


class Companion(Protocol):
    """What is made of a version; how much memory it takes is asked once, when it is finished."""

    @property
    def memory_bytes(self) -> int: ...


Beside = TypeVar("Beside", bound=Companion)


class _Loaded:
    """A version in memory with what was made of it, by what made it."""

    __slots__ = ("bytes", "companions", "making", "taxonomy")

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.bytes = OBJECT_FACTOR * taxonomy.content_bytes
        self.companions: dict[Callable[[Taxonomy], Any], Companion] = {}
        self.making: dict[Callable[[Taxonomy], Any], threading.Lock] = {}


class VersionStore:
    """The published versions as this process knows them.

    ``max_bytes`` bounds the estimated memory of the loaded ones, with what is kept beside them; the one in use is
    always kept. ``observe`` is told how many are loaded and those bytes, whenever they change.
    """

    def __init__(
        self,
        database: Database,
        *,
        max_bytes: int,
        refresh_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        observe: Callable[[int, int], None] = lambda _count, _bytes: None,
    ) -> None:
        self._database = database
        self._max_bytes = max_bytes
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._observe = observe
        self._lock = threading.RLock()
        self._versions: tuple[VersionInfo, ...] = ()
        self._read_at = float("-inf")
        self._marks = (0, 0)
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()

    def versions(self) -> tuple[VersionInfo, ...]:
        """Every published version, oldest first, at most ``refresh_seconds`` old."""
        if self._clock() - self._read_at < self._refresh_seconds:
            return self._versions
        with self._lock:
            if self._clock() - self._read_at >= self._refresh_seconds:
                self._refresh()
            return self._versions

    def withdrawals(self) -> int:
        """How many versions were withdrawn, as far as this process knows."""
        self.versions()
        return self._marks[1]

    def expire(self) -> None:
        """Read the list again when it is next asked for: what this process published, it serves at once."""
        with self._lock:  # a list that is being read just now may be of before: it must not pass for fresh afterwards
            self._read_at = float("-inf")

    def _refresh(self) -> None:
        # as old as its beginning, not its end
        moment = self._clock()
        try:
            with self._database.reading() as session:
                marks = queries.marks(session)
                if marks != self._marks:
                    self._versions, self._marks = tuple(queries.list_versions(session)), marks
        except DatabaseUnavailable as error:
            # What is published does not change while the database is away: readers need not notice.
            if not self._versions:
                raise
            log.warning("versions.not_refreshed", reason=error.message)
        self._read_at = moment

    def resolve(self, reference: str) -> Resolved:
        """The version that the reference names, if it exists by now, whoever published it. Raises NotFound."""
        try:
            return resolve(reference, self.versions())
        except NotFound:
            # who was told a moment ago that it is published, by another process or machine, may ask for it here
            self.expire()
            return resolve(reference, self.versions())

    def taxonomy(self, version: VersionInfo) -> Taxonomy:
        """The version's concepts, loaded when they are not in memory. Raises CorruptVersion."""
        return self._load(version).taxonomy

    def beside(self, version: VersionInfo, make: Callable[[Taxonomy], Beside]) -> Beside:
        """What ``make`` makes of the version's concepts, kept as long as they are.

        It is made once, whoever asks meanwhile waits; requests for anything else do not. Raises CorruptVersion.
        """
        loaded = self._load(version)
        if make not in loaded.companions:
            with loaded.making.setdefault(make, threading.Lock()):
                if make not in loaded.companions:
                    self._keep(loaded, make, make(loaded.taxonomy))
        return cast(Beside, loaded.companions[make])

    def _load(self, version: VersionInfo) -> _Loaded:
        with self._lock:
            loaded = self._loaded.get(version.digest)
            if loaded is None:
                with self._database.reading() as session:
                    loaded = _Loaded(queries.load_taxonomy(session, version))
                self._loaded[version.digest] = loaded
                self._make_room()
            self._loaded.move_to_end(version.digest)
            return loaded

    def _keep(self, loaded: _Loaded, make: Callable[[Taxonomy], Any], made: Companion) -> None:
        size = made.memory_bytes
        with self._lock:
            loaded.companions[make] = made
            loaded.bytes += size
            self._make_room()

    def _make_room(self) -> None:
        while len(self._loaded) > 1 and self.loaded_bytes > self._max_bytes:
            self._loaded.popitem(last=False)
        self._observe(self.loaded_count, self.loaded_bytes)

    @property
    def loaded_bytes(self) -> int:
        """Estimated memory of the loaded versions and of what is beside them."""
        return sum(loaded.bytes for loaded in list(self._loaded.values()))

    @property
    def loaded_count(self) -> int:
        return len(self._loaded)
