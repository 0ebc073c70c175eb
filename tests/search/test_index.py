"""The index as a whole: small, the same for every thread and true at the size of ESCO."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import esco
from competency_api.search.index import SearchIndex
from competency_api.search.values import SearchQuery
from competency_api.search.words.folding import folded_text
from tests.factories import a_taxonomy


def test_the_index_says_its_size() -> None:
    assert SearchIndex(a_taxonomy()).memory_bytes > 1_000


def test_threads_that_ask_at_once_share_one_index_and_get_the_same_answer() -> None:
    index = SearchIndex(a_taxonomy())
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(index.search, [SearchQuery(text="privacy concern")] * 64))
    assert answers[0].total > 0
    assert all(answer == answers[0] for answer in answers)


def test_every_label_of_a_large_version_is_found_first_and_the_index_stays_small(realdata: Path) -> None:
    taxonomy = esco.taxonomy(realdata, esco.RELEASES[-1], languages=("es",))
    index = SearchIndex(taxonomy)
    for concept in list(taxonomy)[::97]:
        for tag, own in concept.labels.items():
            first = index.search(SearchQuery(text=own.preferred, language=tag)).hits[0]
            assert first.matched_by == "preferred"
            assert folded_text(taxonomy[first.code].labels[tag].preferred) == folded_text(own.preferred)
    assert index.memory_bytes < 3_000 * len(taxonomy)
