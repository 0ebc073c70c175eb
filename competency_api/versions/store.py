"""What a worker keeps in memory of published versions.

A version never changes, so its :class:`Taxonomy` is loaded once and kept while there is room. What does change is which
versions exist: that list is read again at most once in ``latest_refresh_seconds``, so that a new version shows
everywhere within that time without a query per request. Safe to use from many threads.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import structlog

from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.addressing import Resolved, resolve
from competency_api.versions.values import VersionInfo

log = structlog.get_logger(__name__)

#: Memory of a loaded taxonomy per byte of canonical JSON: objects, dictionaries and indexes (measured on ESCO, see
#: benchmarks/RESULTS.md).
OBJECT_FACTOR = 5


class VersionStore:
    """The published versions as this process knows them.

    ``max_bytes`` bounds the estimated memory of the loaded ones; the one in use is always kept.
    """

    def __init__(
        self,
        database: Database,
        *,
        max_bytes: int,
        refresh_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._max_bytes = max_bytes
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._lock = threading.RLock()
        self._versions: tuple[VersionInfo, ...] = ()
        self._read_at = float("-inf")
        self._loaded: OrderedDict[str, tuple[Taxonomy, int]] = OrderedDict()

    def versions(self) -> tuple[VersionInfo, ...]:
        """Every published version, oldest first, at most ``refresh_seconds`` old."""
        if self._clock() - self._read_at < self._refresh_seconds:
            return self._versions
        with self._lock:
            if self._clock() - self._read_at >= self._refresh_seconds:
                self._refresh()
            return self._versions

    def _refresh(self) -> None:
        known = self._versions[-1].id if self._versions else 0
        try:
            with self._database.reading() as session:
                if queries.last_version_id(session) != known:
                    self._versions = tuple(queries.list_versions(session))
        except DatabaseUnavailable as error:
            # What is published does not change while the database is away: readers need not notice.
            if not self._versions:
                raise
            log.warning("versions.not_refreshed", reason=error.message)
        self._read_at = self._clock()

    def resolve(self, reference: str) -> Resolved:
        """The version that the reference names. Raises NotFound."""
        return resolve(reference, self.versions())

    def taxonomy(self, version: VersionInfo) -> Taxonomy:
        """The version's concepts, loaded when they are not in memory. Raises CorruptVersion."""
        with self._lock:
            if version.digest in self._loaded:
                self._loaded.move_to_end(version.digest)
                return self._loaded[version.digest][0]
            with self._database.reading() as session:
                taxonomy = queries.load_taxonomy(session, version)
            self._keep(version.digest, taxonomy)
            return taxonomy

    def _keep(self, digest: str, taxonomy: Taxonomy) -> None:
        size = OBJECT_FACTOR * taxonomy.content_bytes
        self._loaded[digest] = (taxonomy, size)
        while len(self._loaded) > 1 and self.loaded_bytes > self._max_bytes:
            self._loaded.popitem(last=False)

    @property
    def loaded_bytes(self) -> int:
        """Estimated memory of the loaded versions."""
        return sum(size for _, size in self._loaded.values())

    @property
    def loaded_count(self) -> int:
        return len(self._loaded)
