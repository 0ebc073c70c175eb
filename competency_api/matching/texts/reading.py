"""A text as parts: stretches of words that belong together, with what each says of its subject.

A part ends with a sentence, a line, an item of a list, and before a word such as "but". Words keep their places in the
text as it was sent, in characters (code points). What a part says of what it names is one of three things: that it is
taught (or nothing in particular), that learners must bring it along, or that they need not, which supports nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from competency_api.matching.texts.lexicon import Lexicon, Phrases
from competency_api.matching.values import Field
from competency_api.search.words.folding import located_words
from competency_api.search.words.stemming import stems

#: Words of a part at most; texts without any punctuation are cut there.
MOST_WORDS = 60
# A heading is short: "Prerequisites:", "What you should know".
_WORDS_OF_HEADING = 6
_BREAK = re.compile(
    r"""(?:[.!?;:…]+[)"'’”»\]]*(?=\s|$)|[\n\r\f\v\u0085\u2028\u2029\t]|[•·▪◦●|¿¡。！？；：]|\s[-–—*]+\s)\s*"""
)
_SENTENCE = re.compile(r"[.!?;…。！？；]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n|\r\r")
_JOINTS = frozenset("-./'’")


class Word(NamedTuple):
    """A folded word and its stem; ``start`` and ``end`` are its place in the text."""

    folded: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """Words in order. ``is_required``: they name what learners must bring along."""

    field: Field
    words: tuple[Word, ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    words: Sequence[Word]
    ending: str


def read(field: Field, text: str, lexicon: Lexicon) -> list[Part]:
    """The parts of a text, without those about what learners need not know."""
    parts: list[Part] = []
    heading = _Heading(lexicon)
    for stretch in _stretches(_words_of(text, lexicon.language), text):
        is_below = heading.is_above(stretch)
        for words in _thoughts(stretch.words, lexicon):
            parts += [Part(field, kept, is_required=need or is_below) for kept, need in _claims(words, lexicon)]
    return [part for part in parts if part.words]


def _words_of(text: str, language: str) -> list[Word]:
    """The words of a text, without letters that are only a part of one (the "e" of "e-commerce")."""
    located = [found for found in located_words(text) if found[2] - found[1] > 1 or not _is_piece(text, *found)]
    stemmed = stems(language, [word for word, _, _ in located])
    return [Word(word, stem, start, end) for (word, start, end), stem in zip(located, stemmed, strict=True)]


def _is_piece(text: str, word: str, start: int, end: int) -> bool:
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return word.isalpha() and word.isascii() and not _JOINTS.isdisjoint(beside)


def _stretches(words: list[Word], text: str) -> Iterator[_Stretch]:
    """The words between the marks that end a sentence, a line or an item."""
    at = 0
    for end, ending in chain(((m.start(), m.group()) for m in _BREAK.finditer(text)), [(len(text) + 1, "\n\n")]):
        begin = at
        while at < len(words) and words[at].start < end:
            at += 1
        for first in range(begin, at, MOST_WORDS):
            yield _Stretch(words[first : min(first + MOST_WORDS, at)], ending if first + MOST_WORDS >= at else "")
        if begin == at:
            yield _Stretch((), ending)


class _Heading:
    """Whether what is read stands below a heading that asks for something ("Prerequisites:")."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._is_open = False
        self._lasts_a_line = False

    def is_above(self, stretch: _Stretch) -> bool:
        """Tell it the next stretch; the answer is for that one."""
        was_open = self._is_open
        ends_line = "\n" in stretch.ending or "\r" in stretch.ending
        is_heading = ":" in stretch.ending or (ends_line and not _SENTENCE.match(stretch.ending))
        if 0 < len(stretch.words) <= _WORDS_OF_HEADING and is_heading:
            if self._asks(stretch.words) and not was_open:
                self._is_open, self._lasts_a_line = True, not ends_line
                return False
            if ":" in stretch.ending:
                self._is_open = False
                return False
        if ends_line and (self._lasts_a_line or _BLANK_LINE.search(stretch.ending)):
            self._is_open = False
        return was_open

    def _asks(self, words: Sequence[Word]) -> bool:
        is_denied = _first(self._lexicon.unneeded, words) is not None
        return not is_denied and _first(self._lexicon.needs, words) is not None


def _thoughts(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Sequence[Word]]:
    """The words between those that turn the thought."""
    at = 0
    while (turn := _first(lexicon.adversatives, words, at + 1)) is not None:
        yield words[at:turn]
        at = turn
    yield words[at:]


def _claims(words: Sequence[Word], lexicon: Lexicon) -> list[tuple[tuple[Word, ...], bool]]:
    """The words that name something taught or required, with whether it is required.

    A thought may say both: "You need statistics to learn regression". Each cue then rules from where it stands.
    """
    taught = _first(lexicon.teaches, words)
    unneeded = _first(lexicon.unneeded, words)
    needed = _first(lexicon.needs, words) if unneeded is None else None
    other = unneeded if unneeded is not None else needed
    if other is None:
        return [(tuple(words), False)]
    if taught is None:
        return [] if unneeded is not None else [(tuple(words), True)]
    before, behind = tuple(words[: max(taught, other)]), tuple(words[max(taught, other) :])
    asked, told = (before, behind) if other < taught else (behind, before)
    return [(told, False)] if unneeded is not None else [(told, False), (asked, True)]


def _first(phrases: Phrases, words: Sequence[Word], start: int = 0) -> int | None:
    """Where the first of the phrases begins, at ``start`` or later."""
    folded = [word.folded for word in words]
    if phrases.keys().isdisjoint(folded):
        return None
    for at in range(start, len(folded)):
        for phrase in phrases.get(folded[at], ()):
            if tuple(folded[at : at + len(phrase)]) == phrase:
                return at
    return None
