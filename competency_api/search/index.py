"""The index over one version: built in memory, then read by any number of threads."""

from __future__ import annotations

from competency_api.search.finding.entries import Entries
from competency_api.search.finding.hits import Finder
from competency_api.search.finding.suggestions import Suggester
from competency_api.search.values import SearchQuery, SearchResult, Suggestion, SuggestQuery
from competency_api.taxonomy.taxonomy import Taxonomy


class SearchIndex:
    """Search and suggestions over one version. Making one builds the index: about two seconds for 14,000 concepts.

    No text whatever raises, and the same question always has the same answer in the same order. ``memory_bytes`` is
    what it takes, by estimate.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        entries = Entries(taxonomy)
        self.memory_bytes = entries.memory_bytes
        self._finder = Finder(taxonomy, entries)
        self._suggester = Suggester(taxonomy, entries)

    def search(self, query: SearchQuery) -> SearchResult:
        """Concepts for what was asked, best first (docs/reference/search-ranking.md).

        A text without a word, and a language that the version does not have, find nothing.
        """
        return self._finder.search(query)

    def suggest(self, query: SuggestQuery) -> tuple[Suggestion, ...]:
        """Concepts whose label is being typed: beginnings of labels first, then words inside, then misspelt ones."""
        return self._suggester.suggest(query)
