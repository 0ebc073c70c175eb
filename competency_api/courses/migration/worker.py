"""What follows a publication: each provider is told how its mappings fall, and what moves by itself is moved for those
who switched that on.

It is done by the worker and not by the publication, which must not wait for all providers' mappings; once for each
provider and version, however many workers look and however often one is killed.
"""

from __future__ import annotations

import threading

import structlog

from competency_api.accounts.values import ALL_SCOPES, Actor
from competency_api.catalogue.store import VersionStore
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.errors import Conflict
from competency_api.courses.migration import queries, service
from competency_api.courses.pins import Pins
from competency_api.courses.queries import providers_of

log = structlog.get_logger(__name__)

#: Seconds between two looks while there is nothing to do.
POLL = 2.0
_BATCH = 100
_ACTOR = Actor("automatic migration", ALL_SCOPES)


class Follower:
    """Follows the newest version by its number: what is published below it is for those who ask for it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._base_url = settings.base_url
        self._store = VersionStore(database, max_bytes=settings.version_cache_bytes, refresh_seconds=0)

    def run(self, stop: threading.Event) -> None:
        """Follow publications until ``stop`` is set."""
        while not stop.is_set():
            try:
                told = self.run_once(stop)
            except Exception:  # a database that is away comes back
                log.exception("migrations.waiting")
                told = 0
            if not told:
                stop.wait(POLL)

    def run_once(self, stop: threading.Event | None = None) -> int:
        """Tell whoever was not told yet, and give how many that were."""
        versions = self._store.versions()
        if not versions:
            return 0
        newest = max(versions, key=lambda version: version.number)
        with self._database.reading(fresh=True) as session:
            waiting = queries.list_untold(session, newest.id, _BATCH)
            providers = providers_of(session, waiting)
        pins = Pins(self._store, self._base_url)
        for provider_id in waiting:
            if stop is not None and stop.is_set():
                break
            try:
                with self._database.transaction() as session:
                    service.follow_version(session, _ACTOR, providers[provider_id], pins, newest)
            except Conflict:  # another worker was faster
                log.info("migrations.told_already", provider=providers[provider_id].code)
        return len(waiting)
