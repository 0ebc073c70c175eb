"""What a worker keeps in memory of acceptances, for those who ask without being anybody.

Read again, language by language, at most once in ``refresh_seconds`` and only when something changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

import structlog

from competency_api.core.errors import DatabaseUnavailable
from competency_api.matching.accepted import AcceptedTexts
from competency_api.matching.texts.lexicon import primary

log = structlog.get_logger(__name__)


class AcceptedMemory:
    """Safe to use from many threads.

    ``marks`` says whether anything changed: the same marks, the same acceptances. ``load`` reads those of a language by
    its primary subtag. Both may raise DatabaseUnavailable; then what was known before still counts.
    """

    def __init__(
        self,
        marks: Callable[[], Hashable],
        load: Callable[[str], AcceptedTexts],
        refresh_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._load = marks, load
        self._refresh_seconds, self._clock = refresh_seconds, clock
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._marks: Hashable = None
        self._known: dict[str, tuple[Hashable, AcceptedTexts]] = {}

    def of(self, language: str) -> AcceptedTexts:
        """What was accepted for texts in the language."""
        tag = primary(language)
        with self._lock:
            try:
                self._refresh()
                if tag not in self._known or self._known[tag][0] != self._marks:
                    self._known[tag] = (self._marks, self._load(tag))
            except DatabaseUnavailable as error:
                log.warning("acceptances.not_refreshed", reason=error.message)
            return self._known[tag][1] if tag in self._known else AcceptedTexts()

    def _refresh(self) -> None:
        now = self._clock()
        if now - self._asked_at >= self._refresh_seconds:
            self._asked_at = now
            self._marks = self._ask()
