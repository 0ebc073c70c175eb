"""Indexes of the newest version, made before anybody asks: over a large one the first would wait for seconds."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import structlog

from competency_api.catalogue.serving import Publication, Publications
from competency_api.core.errors import ServiceError
from competency_api.matching.matcher import Matcher
from competency_api.search.index import SearchIndex

log = structlog.get_logger(__name__)

#: Seconds after the start: the first answers go before.
FIRST_AFTER = 2.0
#: Seconds in which a publication is noticed.
EVERY = 5.0


class Preparation:
    """A thread that makes what is missing of the newest version, one index after the other, and then looks again.

    ``wanted`` are languages, most wanted first; the version's others follow. ``close`` waits for the index that is
    being made and for the thread's end.
    """

    def __init__(self, publications: Publications, wanted: Sequence[str]) -> None:
        self._publications, self._wanted = publications, wanted
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._done = ""

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="preparation", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def prepare(self) -> None:
        """Make what is missing now. Raises ServiceError when nothing is published or the database is away."""
        newest = self._publications.newest()
        if newest.digest == self._done:
            return
        for made in self._steps(self._publications.load(newest)):
            log.debug("index.prepared", version=str(newest.number), index=made)
            if self._stop.is_set():
                return
        self._done = newest.digest

    def _steps(self, found: Publication) -> Iterator[str]:
        """The name of each index once it is made."""
        self._publications.beside(found, SearchIndex)
        yield "search"
        matcher = self._publications.beside(found, Matcher)
        spoken = found.taxonomy.languages
        for language in dict.fromkeys([*(tag for tag in self._wanted if tag in spoken), *spoken]):
            matcher.prepare(language)
            yield language

    def _run(self) -> None:
        pause = FIRST_AFTER
        while not self._stop.wait(pause):
            try:
                self.prepare()
            except ServiceError as error:
                log.debug("index.not_prepared", reason=error.message)
            pause = EVERY
