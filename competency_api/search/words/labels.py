"""All labels of a version in the order of their folded texts, for whole labels and beginnings of labels."""

from __future__ import annotations

import heapq
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import compress

import msgspec

from competency_api.search.finding.ranking import Tier

_AFTER_ANY = "\U0010ffff"
# One label packed into 64 bits, so that comparing integers ranks labels:
# 1 retired | 2 tier | 13 length | 24 entry (concept and language) | 24 place in the order of folded texts
_PLACE_BITS, _ENTRY_BITS, _LENGTH_BITS, _TIER_BITS = 24, 24, 13, 2
_LONGEST = (1 << _LENGTH_BITS) - 1
#: Languages are told apart by one byte; beyond that many, labels of several are looked through for one.
_MOST_NUMBERS = 255


class Label(msgspec.Struct, frozen=True, gc=False):
    """A label found: which entry (a concept in one language) has it, and as which of its labels."""

    folded: str
    entry: int
    tier: Tier


class LabelList:
    """Add every label, then :meth:`close`; read only after that."""

    def __init__(self) -> None:
        self._folded: list[str] = []
        self._ranks = array("Q")
        self._numbers: dict[str, int] = {}
        self._spoken = bytearray()

    def add(self, folded: Sequence[str], entry: int, tier: Tier, language: str, is_retired: bool) -> None:
        """Add the labels of one tier of an entry, which are in one language; empty ones do not count."""
        number = self._numbers.setdefault(language, min(len(self._numbers), _MOST_NUMBERS))
        rank = (is_retired << _TIER_BITS | tier) << _LENGTH_BITS
        below = entry << _PLACE_BITS
        for label in folded:
            if label:
                self._folded.append(label)
                self._spoken.append(number)
                self._ranks.append((rank | min(len(label), _LONGEST)) << _ENTRY_BITS + _PLACE_BITS | below)

    def close(self) -> None:
        order = sorted(range(len(self._folded)), key=self._folded.__getitem__)
        self._ranks = array("Q", (self._ranks[at] | place for place, at in enumerate(order)))
        self._spoken = bytearray(self._spoken[at] for at in order)
        self._folded = [self._folded[at] for at in order]

    def __len__(self) -> int:
        return len(self._folded)

    @property
    def memory_bytes(self) -> int:
        return sum(map(sys.getsizeof, (*self._folded, self._folded, self._ranks, self._spoken)))

    def equal(self, folded: str) -> Iterator[Label]:
        """Labels that are ``folded``, best first: active before retired, then by tier."""
        start, end = bisect_left(self._folded, folded), bisect_right(self._folded, folded)
        return map(self._label, sorted(self._ranks[start:end]))

    def beginning(self, folded: str, languages: Collection[str]) -> Iterator[Label]:
        """Labels that begin with ``folded``, best first: active before retired, then by tier, then shorter.

        Those in the ``languages``; where a version has more than 255 of them, some in others too.
        """
        start, end = bisect_left(self._folded, folded), bisect_left(self._folded, folded + _AFTER_ANY)
        ranks: Sequence[int] = self._ranks[start:end]
        if not self._numbers.keys() <= set(languages):
            ranks = list(compress(ranks, self._spoken[start:end].translate(self._are_in(languages))))
        best = heapq.nsmallest(_FIRST, ranks)
        yield from map(self._label, best)
        if len(ranks) > len(best):
            yield from map(self._label, sorted(ranks)[len(best) :])

    def _are_in(self, languages: Collection[str]) -> bytearray:
        """A table that translates numbers of languages into whether they are among these."""
        table = bytearray(_MOST_NUMBERS + 1)
        for language in self._numbers.keys() & set(languages):
            table[self._numbers[language]] = True
        return table

    def _label(self, rank: int) -> Label:
        place = rank & (1 << _PLACE_BITS) - 1
        entry = rank >> _PLACE_BITS & (1 << _ENTRY_BITS) - 1
        tier = rank >> _PLACE_BITS + _ENTRY_BITS + _LENGTH_BITS & (1 << _TIER_BITS) - 1
        return Label(self._folded[place], entry, Tier(tier))


#: Enough for most answers; only a narrow scope reads further.
_FIRST = 40
