"""The working state as a worker remembers it.

Contents are named by their digests and never change, so only those that are new are read: what the draft is now costs
one query for the digests, and the objects and indexes of before are used again while nothing changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import orm

from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries

Thing = TypeVar("Thing")
#: Of more contents than this, the whole draft is read at once: that is faster than asking for each.
_FEW = 500


class DraftStore:
    """One for a process; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = Taxonomy(())
        self._beside: dict[Callable[[Taxonomy], Any], Any] = {}

    def draft(self, session: orm.Session) -> Taxonomy:
        """The working state as this session sees it. Raises CorruptVersion."""
        digests = queries.list_draft_digests(session)
        with self._lock:
            kept = self._kept
        if digests == kept.digests:
            return kept
        fresh = _read(session, digests, kept)
        with self._lock:
            self._kept, self._beside = fresh, {}
        return fresh

    def beside(self, draft: Taxonomy, make: Callable[[Taxonomy], Thing]) -> Thing:
        """What ``make`` makes of the draft (a search index, its findings), made once while the draft is as it is."""
        with self._lock:
            if draft is self._kept and make in self._beside:
                return cast(Thing, self._beside[make])
        made = make(draft)
        with self._lock:
            if draft is self._kept:
                self._beside[make] = made
        return made


def _read(session: orm.Session, digests: Mapping[str, str], kept: Taxonomy) -> Taxonomy:
    """The working state; of what is kept, every content that it still has."""
    changed = {code: digest for code, digest in digests.items() if kept.digests.get(code) != digest}
    if len(changed) <= _FEW:
        contents = queries.load_draft_contents(session, changed)
        if contents.keys() == changed.keys():  # else somebody wrote between the two queries
            return Taxonomy([contents.get(code) or kept[code] for code in digests], digests)
    return queries.load_draft(session)
