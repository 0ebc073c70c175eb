"""Plain BM25, as the measure of what suggestions must be better than.

Robertson and Zaragoza 2009, *The Probabilistic Relevance Framework: BM25 and Beyond*, with k1 = 1.2 and b = 0.75, and
the inverse document frequency that is never negative.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

K1, B = 1.2, 0.75
Words = Callable[[str], list[str]]


class Bm25:
    """Documents by key; of several with one key the best counts."""

    def __init__(self, documents: Iterable[tuple[str, str]], words: Words) -> None:
        self._words = words
        self._keys: list[str] = []
        lengths, counted = array("I"), list[Counter[str]]()
        for key, text in documents:
            found = words(text)
            self._keys.append(key)
            lengths.append(len(found))
            counted.append(Counter(found))
        average = sum(lengths) / max(len(lengths), 1)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counts in enumerate(counted):
            longer = K1 * (1 - B + B * lengths[number] / average)
            for word, count in counts.items():
                self._postings[word].append((number, count * (K1 + 1) / (count + longer)))

    def rank(self, text: str, most: int = 5) -> list[str]:
        """The keys of the best documents for a text."""
        scores: dict[int, float] = defaultdict(float)
        for word in self._words(text):
            found = self._postings.get(word, ())
            rarity = math.log(1 + (len(self._keys) - len(found) + 0.5) / (len(found) + 0.5))
            for number, share in found:
                scores[number] += rarity * share
        best: dict[str, float] = {}
        for number, score in scores.items():
            best[self._keys[number]] = max(score, best.get(self._keys[number], 0.0))
        return heapq.nsmallest(most, best, key=lambda key: (-best[key], key))
