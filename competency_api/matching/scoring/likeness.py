"""How well one part of a text matches the labels of concepts.

A label scores by the weight of its words that stand in the part, by how much of it they are, and by how close together
they stand. Another form of a word than the label's counts less than the word itself, an alternative label less than a
preferred one, and a concept less of whose preferred label the part has little.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import msgspec

from competency_api.matching.scoring.labels import Label, LabelIndex, bound
from competency_api.matching.texts.lexicon import Lexicon
from competency_api.matching.texts.reading import Part, Word

#: Another form of the word than the label has, or a word that was split or joined to be found.
INFLECTED = 0.8
#: What is lost when the words of a label stand far apart.
SPREAD = 0.3
#: The share of a concept's score that depends on how much of its preferred label is there.
PREFERRED_SHARE = 0.6
#: An acronym in small letters is more often another word.
SMALL_ACRONYM = 0.6
#: What scores less is not worth a look.
LEAST = 0.15
#: Labels of a part that are looked at: at least so many, and so many for each concept that is wanted.
LABELS, LABELS_EACH = 40, 3
#: Concepts of a part that go on to the ranking.
CANDIDATES = 20
_LEAST_OF_COMPOUND = 4
# Occurrences of one word in one part that are looked at.
_OCCURRENCES = 4


class Places(msgspec.Struct, frozen=True, gc=False):
    """Where a stem stands in a part: the positions of its words, and those of each form that was written.

    A word that was split or joined to be found is no form of any label's word.
    """

    positions: list[int]
    by_form: dict[str, list[int]]


class Found(msgspec.Struct, frozen=True):
    """A concept in a part. ``fit`` is the score of the label by itself, ``coverage`` the share of its words.

    ``positions`` are those of the words that match; ``is_slight`` when it is one word of several, and one that any text
    may have.
    """

    concept: str
    score: float
    fit: float
    coverage: float
    label: Label
    part: Part
    positions: tuple[int, ...]
    is_slight: bool


class _Fit(msgspec.Struct, frozen=True, gc=False):
    score: float
    coverage: float
    positions: tuple[int, ...]


class Likeness:
    """Scores parts against one index."""

    def __init__(self, index: LabelIndex, lexicon: Lexicon) -> None:
        self._index = index
        self._lexicon = lexicon

    def found_in(self, part: Part, text: str, kinds: Collection[str] | None, most: int = CANDIDATES) -> list[Found]:
        """The concepts that the part may be about, best first; each has a word of its labels in it."""
        places = self._places(part.words, text)
        look = _Look(self._index, places, part, text, self._lexicon.common)
        found: dict[str, Found] = {}
        scores: list[float] = []
        for most_possible, label in self._index.nearest(places, kinds, max(LABELS, LABELS_EACH * most)):
            before = found.get(label.concept)
            if most_possible < LEAST or (len(scores) == most and most_possible < scores[0]):
                break
            if before is None or before.fit < most_possible:
                one = look.at(label)
                if before is None:
                    (heapq.heappush if len(scores) < most else heapq.heappushpop)(scores, one.score)
                if before is None or one.fit > before.fit:
                    found[label.concept] = one
        return sorted(found.values(), key=lambda one: (-one.score, one.concept))[:most]

    def _places(self, words: Sequence[Word], text: str) -> dict[str, Places]:
        known, weights = self._index.stem_of, self._index.weights
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for position, word in enumerate(words):
            if self._lexicon.is_stop_word(word.folded) and not _is_capital(text, word, words):
                continue
            if word.stem in weights:
                found[word.stem].append((position, word.folded))
            elif len(word.folded) >= 2 * _LEAST_OF_COMPOUND:
                for half in self._halves(word.folded):
                    found[half].append((position, ""))
            if position and (joined := known.get(words[position - 1].folded + word.folded)):
                found[joined].append((position, ""))
        return {stem: _gathered(places[:_OCCURRENCES]) for stem, places in found.items()}

    def _halves(self, word: str) -> tuple[str, ...]:
        """The stems of the two label words that a word is written together from, a joining "s" left out."""
        known = self._index.stem_of
        for at in range(len(word) - _LEAST_OF_COMPOUND, _LEAST_OF_COMPOUND - 1, -1):
            first, second = word[:at], word[at:]
            head = known.get(first) or known.get(first.removesuffix("s"))
            if head and second in known:
                return (head, known[second])
        return ()


class _Look:
    """A look at one part: what is the same for all its labels is kept."""

    def __init__(
        self, index: LabelIndex, places: Mapping[str, Places], part: Part, text: str, common: Collection[str]
    ) -> None:
        self._index, self._places, self._part, self._text, self._common = index, places, part, text, common
        self._shares: dict[str, float] = {}

    def at(self, label: Label) -> Found:
        """The concept by one of its labels."""
        fit = self._fit(label)
        is_named = label.is_acronym or label.label_type == "preferred"
        named = fit.coverage if is_named else self._named(label.concept)
        score = fit.score * (1 - PREFERRED_SHARE + PREFERRED_SHARE * named)
        alone = self._part.words[fit.positions[0]].stem if len(fit.positions) == 1 < len(label.stems) else ""
        is_slight = alone in self._common
        return Found(label.concept, score, fit.score, fit.coverage, label, self._part, fit.positions, is_slight)

    def _named(self, code: str) -> float:
        """How much of the concept's preferred label the part has."""
        share = self._shares.get(code)
        if share is None:
            weights, places = self._index.weights, self._places
            shares = (
                sum([weights[stem] for stem in label.stems if stem in places]) / label.weight
                for label in self._index.preferred_of.get(code, ())
            )
            share = self._shares[code] = max(shares, default=0.0)
        return share

    def _fit(self, label: Label) -> _Fit:
        matched, where = 0.0, []
        weights, at = self._index.weights, self._places.get
        for folded, stem in zip(label.words, label.stems, strict=True):
            if found := at(stem):
                same = found.by_form.get(folded)
                matched += weights[stem] if same else weights[stem] * INFLECTED
                where.append(same or found.positions)
        positions, spread = _closest(where)
        score = bound(label, matched) * (1 - SPREAD * spread)
        if label.is_acronym:
            word = self._part.words[positions[0]]
            score *= SMALL_ACRONYM if self._text[word.start : word.end].islower() else 1
        return _Fit(score, matched / label.weight, positions)


def _gathered(found: Sequence[tuple[int, str]]) -> Places:
    by_form: dict[str, list[int]] = {}
    for position, form in found:
        if form:
            by_form.setdefault(form, []).append(position)
    return Places([position for position, _ in found], by_form)


def _is_capital(text: str, word: Word, words: Sequence[Word]) -> bool:
    """Whether a little word is an acronym here: "ITS" among small letters."""
    is_loud = text[words[0].start : words[-1].end].isupper() and len(words) > 1
    return word.end - word.start > 1 and text[word.start : word.end].isupper() and not is_loud


def _closest(where: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], float]:
    """One position of each word so that they stand close, and how far apart: 0 side by side, towards 1 far away."""
    if len(where) == 1:
        return (where[0][0],), 0.0
    if max(map(len, where)) == 1:
        return _spread(tuple([places[0] for places in where]))
    best: tuple[int, tuple[int, ...]] | None = None
    for start in where[0]:
        chosen = tuple(min(places, key=lambda place: abs(place - start)) for places in where)
        width = max(chosen) - min(chosen) + 1
        if best is None or width < best[0]:
            best = width, chosen
    assert best is not None
    return _spread(best[1])


def _spread(chosen: tuple[int, ...]) -> tuple[tuple[int, ...], float]:
    """Positions in order, and how far apart they are."""
    width = max(chosen) - min(chosen) + 1
    return tuple(sorted(set(chosen))), 1 - min(1.0, len(chosen) / width)
