"""The words of a version, and which of them a word of a query may mean.

A query's word means itself and its inflections. An unknown word is read as the beginning of a word of a label, else as
misspelt by one letter (from four letters on), else as two words written together, else as misspelt by two letters
(from eight on); a misspelt word may also be only begun. The last word of a query may always be only begun.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Query, Schema, Searcher

from competency_api.search.finding.ranking import FIELD, LABEL_TIERS, Quality, Tier
from competency_api.search.words.stemming import stems

#: Words that one word of a query is expanded to at most.
MOST_EXPANSIONS = 64
_MOST_TYPOS = 8
_LEAST_PREFIX = 2
_LEAST_PREFIX_OF_KNOWN = 3
_LEAST_COMPOUND_PART = 3
_LEAST_JOINED_PART = 2
#: Words whose meaning is remembered, a few kilobytes each: people ask for the same words, and type on letter by letter.
_MEANINGS_KEPT = 2_048
# Measured on ESCO in three languages: 300 for a word by tier, family and length, 60 for it backwards
_BYTES_OF_WORD = 360
_BYTES_OF_MEANING = 1_400
_AFTER_ANY = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one word of a query stands for: words of the version with the quality of each, and in how many texts."""

    word: str
    readings: Mapping[str, Quality]
    found_in: int

    @property
    def whole_words(self) -> set[str]:
        """The readings without those that the word only begins."""
        begun = (Quality.BEGINS, Quality.CONTINUES)
        return {word for word, quality in self.readings.items() if quality not in begun}

    @property
    def is_typo(self) -> bool:
        return bool(self.readings) and max(self.readings.values()) <= Quality.TYPO


def allowed_typos(word: str) -> int:
    """Edits (insert, delete, replace, swap neighbours) forgiven in a word; none where digits carry the meaning."""
    if any(char.isdigit() for char in word):
        return 0
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


class Vocabulary:
    """The words of an index, by tier and by language, as the library counted them."""

    def __init__(self, searcher: Searcher, schema: Schema, languages: Iterable[str]) -> None:
        self._of_tier: dict[Tier, set[str]] = {tier: set() for tier in Tier}
        frequency: Counter[str] = Counter()
        self._families: dict[str, dict[str, tuple[str, ...]]] = {}
        for language in languages:
            in_language = Query.term_query(schema, "language", language)
            found: dict[str, int] = {}
            for tier in Tier:
                counted = dict(searcher.terms_with_prefix(FIELD[tier], "", in_language))
                self._of_tier[tier].update(counted)
                found |= {word: max(count, found.get(word, 0)) for word, count in counted.items()}
            frequency.update(found)
            self._families[language] = _families(language, found)
        self._frequency = dict(frequency)
        self._label_words = sorted(set().union(*(self._of_tier[tier] for tier in LABEL_TIERS)))
        by_length = groupby(sorted(self._label_words, key=len), key=len)
        self._by_length = {length: list(found) for length, found in by_length}
        self._label_words_backwards = sorted(word[::-1] for word in self._label_words)
        self._remembered = lru_cache(maxsize=_MEANINGS_KEPT)(self._looked_up)

    def __len__(self) -> int:
        return len(self._frequency)

    @property
    def memory_bytes(self) -> int:
        """Estimated memory of the words, and the most that the meanings of words of queries will take beside them."""
        return _BYTES_OF_WORD * len(self) + _BYTES_OF_MEANING * _MEANINGS_KEPT

    def __contains__(self, word: str) -> bool:
        return word in self._frequency

    def is_in(self, word: str, tier: Tier) -> bool:
        return word in self._of_tier[tier]

    def words_in(self, tier: Tier) -> Set[str]:
        """Every word of a tier, for who asks about many."""
        return self._of_tier[tier]

    def is_label_word(self, word: str) -> bool:
        return any(word in self._of_tier[tier] for tier in LABEL_TIERS)

    # -- what a word may mean --------------------------------------------------------------------------------------

    def meanings(
        self, word: str, languages: tuple[str, ...], *, may_be_begun: bool, may_be_misspelt: bool = True
    ) -> tuple[Meaning, ...]:
        """What ``word`` stands for in the languages: one meaning, without readings when nothing is like it.

        Two when the word is unknown, but two label words make it when written together.
        """
        return self._remembered(word, languages, may_be_begun, may_be_misspelt)

    def _looked_up(
        self, word: str, languages: tuple[str, ...], may_be_begun: bool, may_be_misspelt: bool
    ) -> tuple[Meaning, ...]:
        readings = self._inflections(word, languages)
        if readings:
            begun = self._begun(word) if may_be_begun and len(word) >= _LEAST_PREFIX_OF_KNOWN else ()
            return (self._meaning(word, dict.fromkeys(begun, Quality.CONTINUES) | readings),)
        if len(word) >= _LEAST_PREFIX and (begun := self._begun(word)):
            return (self._meaning(word, dict.fromkeys(begun, Quality.BEGINS)),)
        for distance in range(1, allowed_typos(word) + 1) if may_be_misspelt else ():
            if (distance == 1 or not self._split(word)) and (misspelt := self._misspelt(word, distance)):
                return (self._meaning(word, misspelt),)
        parts = self._split(word) or (word,)
        return tuple(self._meaning(part, self._inflections(part, languages)) for part in parts)

    def _meaning(self, word: str, readings: Mapping[str, Quality]) -> Meaning:
        """The meaning with how often its surest readings are found."""
        sure = [found for found, quality in readings.items() if quality >= Quality.RELATED] or readings
        return Meaning(word, readings, max((self._frequency[found] for found in sure), default=0))

    def _inflections(self, word: str, languages: Iterable[str]) -> dict[str, Quality]:
        found: dict[str, Quality] = {}
        for language in languages:
            families = self._families.get(language, {})
            stem = stems(language, (word,))[0]
            # Stemmers do not always stem a stem to itself ("ciudades" → "ciudad" → "ciud"): both count as relatives.
            for relative in (*families.get(stem, ()), *families.get(word, ()), stem):
                if relative in self._frequency:
                    found[relative] = Quality.INFLECTED
        if word in self._frequency:
            return found | {word: Quality.SAME}
        # A form that the version does not have ("procurment" too): of its relatives the likest in spelling.
        least = min((OSA.distance(word, relative) for relative in found), default=0)
        return {
            relative: quality if OSA.distance(word, relative) == least else Quality.RELATED
            for relative, quality in found.items()
        }

    def _begun(self, word: str) -> list[str]:
        """The commonest label words that begin with ``word``."""
        return self._commonest(_beginning_with(word, self._label_words), MOST_EXPANSIONS)

    def _commonest(self, found: list[str], most: int) -> list[str]:
        return found if len(found) <= most else sorted(found, key=lambda w: (-self._frequency[w], w))[:most]

    def _split(self, word: str) -> tuple[str, str] | None:
        """The two label words that ``word`` is written together from ("smartcity"), the commonest pair."""
        places = range(_LEAST_COMPOUND_PART, len(word) - _LEAST_COMPOUND_PART + 1)
        pairs = [(word[:at], word[at:]) for at in places]
        known = [pair for pair in pairs if all(map(self.is_label_word, pair))]
        return max(known, key=lambda pair: min(self._frequency[part] for part in pair), default=None)

    def joined(self, first: str, second: str) -> str | None:
        """The label word that two words written apart make ("cyber security")."""
        together = first + second
        shortest = min(len(first), len(second))
        return together if shortest >= _LEAST_JOINED_PART and self.is_label_word(together) else None

    def _misspelt(self, word: str, distance: int) -> dict[str, Quality]:
        found = self._within(word, distance) or self._begun_within(word, distance)
        quality = Quality.TYPO if distance == 1 else Quality.TYPOS
        return dict.fromkeys(self._commonest(found, _MOST_TYPOS), quality)

    def _within(self, word: str, distance: int) -> list[str]:
        if distance == 1:
            return _near(word, self._with_a_half_of(word), distance)
        lengths = range(len(word) - distance, len(word) + distance + 1)
        return [found for n in lengths for found in _near(word, self._by_length.get(n, ()), distance)]

    def _with_a_half_of(self, word: str) -> list[str]:
        """Every label word that one edit makes of ``word``, and more: an edit leaves one half of a word as it is,
        but for the letters at its middle changing places.
        """
        middle = len(word) // 2
        swapped = f"{word[: middle - 1]}{word[middle]}{word[middle - 1]}{word[middle + 1 :]}"
        found = set(_beginning_with(word[:middle], self._label_words))
        found.update(tail[::-1] for tail in _beginning_with(word[middle:][::-1], self._label_words_backwards))
        if self.is_label_word(swapped):
            found.add(swapped)
        return sorted((near for near in found if abs(len(near) - len(word)) <= 1), key=lambda near: (len(near), near))

    def _begun_within(self, word: str, distance: int) -> list[str]:
        """Longer label words whose beginning is ``word`` misspelt; its first two letters are taken for right."""
        begun = _beginning_with(word[:2], self._label_words)
        longer = [found for found in begun if len(found) > len(word) + distance]
        lengths = range(len(word) - distance, len(word) + distance + 1)
        near = set(_near(word, sorted({found[:n] for found in longer for n in lengths}), distance))
        return [found for found in longer if any(found[:n] in near for n in lengths)]


def _families(language: str, found: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by their stem; words that are their own stem and have no relatives are left out."""
    ordered = sorted(found)
    families: dict[str, list[str]] = defaultdict(list)
    for word, stem in zip(ordered, stems(language, ordered), strict=True):
        families[stem].append(word)
    return {stem: tuple(members) for stem, members in families.items() if members != [stem]}


def _beginning_with(beginning: str, ordered: list[str]) -> list[str]:
    return ordered[bisect_left(ordered, beginning) : bisect_left(ordered, beginning + _AFTER_ANY)]


def _near(word: str, choices: Sequence[str], distance: int) -> list[str]:
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=distance, limit=None)
    return [choice for choice, _distance, _place in found]
