"""The index over one version: built in memory on first use, then read by any number of threads."""

from __future__ import annotations

import threading

from competency_api.search.entries import Entries
from competency_api.search.finding import Finder
from competency_api.search.suggesting import Suggester
from competency_api.search.values import SearchQuery, SearchResult, Suggestion, SuggestQuery
from competency_api.taxonomy.taxonomy import Taxonomy


class SearchIndex:
    """Search and suggestions over one version. Making one costs nothing; the first question builds the index.

    No text whatever raises, and the same question always has the same answer in the same order.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._lock = threading.Lock()
        self._built: tuple[Entries, Finder, Suggester] | None = None

    def search(self, query: SearchQuery) -> SearchResult:
        """Concepts for what was asked, best first (docs/reference/search-ranking.md).

        A text without a word, and a language that the version does not have, find nothing.
        """
        return self._parts()[1].search(query)

    def suggest(self, query: SuggestQuery) -> tuple[Suggestion, ...]:
        """Concepts whose label is being typed: beginnings of labels first, then words inside, then misspelt ones."""
        return self._parts()[2].suggest(query)

    @property
    def is_built(self) -> bool:
        return self._built is not None

    @property
    def memory_bytes(self) -> int:
        """Estimated memory of the index; 0 before it is built."""
        return self._built[0].memory_bytes if self._built else 0

    def _parts(self) -> tuple[Entries, Finder, Suggester]:
        built = self._built
        if built is None:
            with self._lock:
                if self._built is None:
                    entries = Entries(self._taxonomy)
                    self._built = entries, Finder(self._taxonomy, entries), Suggester(self._taxonomy, entries)
                built = self._built
        return built
