"""What a worker keeps of coverage: finished answers, and what became of concepts between two versions.

An answer is kept with the state of the mappings that it was made from, so that it is never older than them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from competency_api.taxonomy.migration import Outcomes
from competency_api.taxonomy.taxonomy import Taxonomy

_MOST_BYTES = 32 * 2**20
_MOST_OUTCOMES = 16


class ReportMemory:
    """Safe to use from many threads. The least recently used leave first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[Hashable, tuple[bytes, tuple[str, ...]]] = OrderedDict()
        self._outcomes: OrderedDict[tuple[str, str], Outcomes] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, key: Hashable, make: Callable[[], tuple[bytes, tuple[str, ...]]]) -> tuple[bytes, tuple[str, ...]]:
        """The body of an answer and the languages of its texts: as it was made for this key, or made now."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: tuple[bytes, tuple[str, ...]]) -> None:
        replaced = self._answers.pop(key, None)
        self._bytes += len(made[0]) - (len(replaced[0]) if replaced else 0)
        self._answers[key] = made
        while self._bytes > self._most_bytes:
            _, (body, _) = self._answers.popitem(last=False)
            self._bytes -= len(body)

    def outcomes(self, old: Taxonomy, new: Taxonomy) -> Outcomes:
        """What became of the concepts of one version in the other."""
        key = (old.digest, new.digest)
        with self._lock:
            if key not in self._outcomes:
                self._outcomes[key] = Outcomes(old, new)
            self._outcomes.move_to_end(key)
            while len(self._outcomes) > _MOST_OUTCOMES:
                self._outcomes.popitem(last=False)
            return self._outcomes[key]
