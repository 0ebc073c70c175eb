"""From what was found in the parts of a text to an order of concepts."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from competency_api.matching.scoring.likeness import Found

#: A concept found in the title is more likely what the course is about.
IN_TITLE = 1.15
#: What each further part adds that names the concept too, and how many of them count.
AGAIN = 0.08
_MOST_AGAIN = 4
# A part supports a concept when it matches nearly as well as the best one does.
_SUPPORTS = 0.6
#: What a word that already explains a concept above is worth for the next one.
EXPLAINED = 0.9
_CANDIDATES_EACH = 3
#: What is left of the score for the confidence when one common word is all that speaks for a concept.
SLIGHT = 0.6
#: Logistic curve from the score to the share of right suggestions, fitted by ``make evaluate``.
CONFIDENCE_SLOPE, CONFIDENCE_MIDDLE = 5.0, 0.9


@dataclass(frozen=True, slots=True)
class Ranked:
    """A concept of the whole text; ``support`` holds the parts that name it, best first."""

    concept: str
    score: float
    support: tuple[Found, ...]


def ranked(found: Iterable[Found], most: int) -> list[Ranked]:
    """The concepts of a text, best first. Words that explain one concept count less for those behind it."""
    by_concept: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_concept[one.concept].append(one)
    pooled = sorted((_pooled(code, all_of) for code, all_of in by_concept.items()), key=_order)
    return _varied(pooled[: _CANDIDATES_EACH * most], most)


def confidence(one: Ranked) -> float:
    """The share of suggestions with such a score that people found right, 0 to 1.

    In a version of few concepts a common word often finds one that the text is not about, where one of many would have
    come before it: there is less to be sure of than the score tells.
    """
    is_slight = all(found.is_slight for found in one.support)
    return curve(one.score * (SLIGHT if is_slight else 1))


def curve(score: float) -> float:
    return round(1 / (1 + math.exp(-CONFIDENCE_SLOPE * (score - CONFIDENCE_MIDDLE))), 3)


def _order(one: Ranked) -> tuple[float, str]:
    return (-one.score, one.concept)


def _pooled(code: str, found: Sequence[Found]) -> Ranked:
    ordered = sorted(found, key=lambda one: (-_in_place(one), one.part.field, one.part.words[0].start))
    best = _in_place(ordered[0])
    support = tuple(one for one in ordered if _in_place(one) >= _SUPPORTS * best)
    again = min(len(support) - 1, _MOST_AGAIN)
    return Ranked(code, best * (1 + AGAIN * again), support)


def _in_place(found: Found) -> float:
    return found.score * (IN_TITLE if found.part.field == "title" else 1)


def _varied(pooled: list[Ranked], most: int) -> list[Ranked]:
    """The best first, each time counting words less that explain one already chosen.

    What a concept is worth never grows, so what it was worth before is a bound: only those that come up are counted
    anew.
    """
    explained, chosen = Counter[Hashable](), list[Ranked]()
    words = [_words(one) for one in pooled]
    waiting = [(-one.score * _news(words[at], explained), at, 0) for at, one in enumerate(pooled)]
    heapq.heapify(waiting)
    while waiting and len(chosen) < most:
        worth, at, as_of = waiting[0]
        if as_of < len(chosen):
            heapq.heapreplace(waiting, (-pooled[at].score * _news(words[at], explained), at, len(chosen)))
            continue
        heapq.heappop(waiting)
        chosen.append(Ranked(pooled[at].concept, -worth, pooled[at].support))
        explained.update(words[at])
    return chosen


def _words(one: Ranked) -> list[Hashable]:
    first = one.support[0]
    return [(first.part.field, first.part.words[at].start) for at in first.positions]


def _news(words: list[Hashable], explained: Counter[Hashable]) -> float:
    return sum([EXPLAINED ** explained[word] for word in words]) / len(words)
