"""Which texts of a concept a query met, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, pairwise

from competency_api.search.finding.querying import Wanted
from competency_api.search.finding.ranking import Tier
from competency_api.search.values import Highlight
from competency_api.search.words.folding import hyphenated, located_words, places_of, words
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.pointers import escaped

Span = tuple[int, int]
#: Where a text is in a concept, as a JSON Pointer has it; most places are looked at and few are told.
Steps = tuple[str | int, ...]


class Marker:
    """What to mark: words of a query with their meanings, and quoted phrases.

    Optional words (stop words) are marked only between others that are.
    """

    def __init__(self, wanted: Sequence[Wanted], phrases: Sequence[Sequence[str]] = ()) -> None:
        required = [word.meaning for word in wanted if not word.is_optional]
        optional = [word.meaning for word in wanted if word.is_optional]
        self._phrases = phrases
        self._required = frozenset(chain.from_iterable(meaning.readings for meaning in required))
        self._optional = frozenset(chain.from_iterable(meaning.readings for meaning in optional))
        self._hyphenated = frozenset(chain.from_iterable(meaning.whole_words for meaning in required))
        #: For each thing that a hit must have and can have, the words of the version that show it.
        self.sought: list[Set[str]] = [meaning.readings.keys() for meaning in required if meaning.readings]
        self.sought += map(frozenset, phrases)

    def spans(self, text: str) -> tuple[Span, ...]:
        """The places to mark in a text, in order, neither overlapping nor touching."""
        if not (self._phrases or self._optional or "-" in text):
            return _merged(places_of(self._required, text))
        located = located_words(text)
        marked = {place for place, (word, _start, _end) in enumerate(located) if word in self._required}
        return _merged([located[place][1:] for place in self._more([word for word, _start, _end in located], marked)])

    def _more(self, found: Sequence[str], marked: set[int]) -> list[int]:
        """Also the parts of hyphenated words, phrases, and the optional words between what is marked."""
        for place, pair in enumerate(pairwise(found)):
            if "".join(pair) in self._hyphenated:
                marked |= {place, place + 1}
        for phrase in self._phrases:
            marked.update(_occurrences(phrase, found))
        for left, right in pairwise(sorted(marked)):
            if self._optional.issuperset(found[left + 1 : right]):
                marked.update(range(left + 1, right))
        return sorted(marked)


def _occurrences(phrase: Sequence[str], found: Sequence[str]) -> Iterator[int]:
    length = len(phrase)
    for start in range(len(found) - length + 1):
        if tuple(found[start : start + length]) == tuple(phrase):
            yield from range(start, start + length)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


_TEXT_FIELDS = ("definition", "scope_note", "example")


def texts_of(concept: Concept, language: str) -> dict[Tier, tuple[str, ...]]:
    """Every text of a concept that is searched in one language, by tier."""
    texts = tuple(text for _steps, text in _texts(concept, language))
    labels = concept.labels.get(language)
    if labels is None:
        return {Tier.TEXT: texts}
    return {
        Tier.PREFERRED: (labels.preferred,),
        Tier.ALTERNATIVE: labels.alternative,
        Tier.HIDDEN: labels.hidden,
        Tier.TEXT: texts,
    }


def _texts(concept: Concept, language: str) -> Iterator[tuple[Steps, str]]:
    """The texts that are not labels, each with its place in the concept."""
    for name in _TEXT_FIELDS:
        if text := getattr(concept, name).get(language):
            yield (name, language), text
    if not concept.attributes:
        return
    if language == REFERENCE_LANGUAGE:
        yield from _acts(concept)
    question = concept.attributes.get("question")
    if isinstance(question, Mapping) and isinstance(text := question.get(language), str):
        yield ("attributes", "question", language), text


def _acts(concept: Concept) -> Iterator[tuple[Steps, str]]:
    """Names of acts ("Regulation (EU) 2016/679"), which are the same in every language."""
    references = concept.attributes.get("legal_references")
    for place, reference in enumerate(references if isinstance(references, list | tuple) else ()):
        if isinstance(reference, Mapping) and isinstance(act := reference.get("act"), str):
            yield ("attributes", "legal_references", place, "act"), act


def _places(concept: Concept, language: str) -> Iterator[tuple[Tier, Steps, str]]:
    """The same texts, best tier first, each with its place."""
    if labels := concept.labels.get(language):
        yield Tier.PREFERRED, ("labels", language, "preferred"), labels.preferred
        for place, label in enumerate(labels.alternative):
            yield Tier.ALTERNATIVE, ("labels", language, "alternative", place), label
        for place, label in enumerate(labels.hidden):
            yield Tier.HIDDEN, ("labels", language, "hidden", place), label
    for steps, text in _texts(concept, language):
        yield Tier.TEXT, steps, text


def marked_texts(concept: Concept, language: str, marker: Marker) -> tuple[Tier | None, tuple[Highlight, ...]]:
    """The best tier with something to mark, and the texts that explain the hit.

    These are the first, in the order of tiers, that together have every word of the query that the concept has.
    Hidden labels count but are never shown.
    """
    best: Tier | None = None
    highlights: list[Highlight] = []
    missing = marker.sought
    for tier, steps, text in _places(concept, language):
        if not missing:
            break
        inside = words(text) + hyphenated(text) if "-" in text else words(text)
        still = [sought for sought in missing if sought.isdisjoint(inside)]
        if len(still) < len(missing) and (spans := marker.spans(text)):
            missing = still
            best = tier if best is None else min(best, tier)
            if tier is not Tier.HIDDEN:
                highlights.append(Highlight(_pointer(steps), text, spans))
    return best, tuple(highlights)


@lru_cache(maxsize=1024)
def _pointer(steps: Steps) -> str:
    return "".join(f"/{escaped(str(step))}" for step in steps)
