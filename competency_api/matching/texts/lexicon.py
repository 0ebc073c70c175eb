"""The words of courses, by language: what each list means is said in ``lexicons/en.toml``.

A language without a list is read all the same, without guesses of relation and level.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from competency_api.search.words.folding import words
from competency_api.search.words.stemming import is_stop_word, stems

#: Phrases by their first word.
Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
_KEPT = 64


@dataclass(frozen=True)
class Lexicon:
    """The lists of one language, ready for look-up: folded, and where inflections count, stemmed.

    ``levels`` and ``grades`` give the level by stem: of verbs that say what learners do (``nouns`` are no such words,
    whatever their stem), and of words that say how advanced something is.
    """

    language: str
    stop: frozenset[str] = frozenset()
    genre: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    adversatives: Phrases = field(default_factory=dict)
    needs: Phrases = field(default_factory=dict)
    unneeded: Phrases = field(default_factory=dict)
    teaches: Phrases = field(default_factory=dict)
    nouns: frozenset[str] = frozenset()
    levels: Mapping[str, int] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)

    def is_stop_word(self, word: str) -> bool:
        """Whether the folded word says nothing of a subject."""
        return word in self.stop or is_stop_word(self.language, word)

    def level_of_verb(self, folded: str, stem: str) -> int | None:
        """The level of what learners do, None where the word is no such verb."""
        return None if folded in self.nouns else self.levels.get(stem)

    def is_usual(self, folded: str, stem: str) -> bool:
        """Whether texts in this language have the word, whatever they are about."""
        return self.is_stop_word(folded) or stem in self.genre or stem in self.common or stem in self.levels


def _file(language: str) -> Any:
    return files("competency_api.matching") / "lexicons" / f"{language}.toml"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Those that have lists, sorted."""
    folder = files("competency_api.matching") / "lexicons"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def primary(tag: str) -> str:
    """``pt`` of ``pt-BR``."""
    return tag.partition("-")[0].lower()


@lru_cache(maxsize=_KEPT)
def lexicon_of(language: str) -> Lexicon:
    """The lists of a language by its primary subtag; empty ones where there are none."""
    if language not in languages():
        return Lexicon(language)
    lists = tomllib.loads(_file(language).read_text("utf-8"))
    return Lexicon(
        language,
        stop=frozenset(words(lists["stop"])),
        genre=frozenset(_stemmed(language, lists["genre"])),
        common=frozenset(_stemmed(language, lists["common"])),
        adversatives=_phrases(lists["adversatives"]),
        needs=_phrases(lists["needs"]),
        unneeded=_phrases(lists["unneeded"]),
        teaches=_phrases(lists["teaches"]),
        nouns=frozenset(words(lists["nouns"])),
        levels=_by_level(language, lists["levels"]),
        grades=_by_level(language, lists["grades"]),
    )


def _stemmed(language: str, text: str) -> list[str]:
    return stems(language, words(text))


def _by_level(language: str, lists: Iterable[str]) -> dict[str, int]:
    return {stem: level for level, text in enumerate(lists, start=1) for stem in _stemmed(language, text)}


def _phrases(texts: Iterable[str]) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for text in texts:
        phrase = tuple(words(text))
        found[phrase[0]].append(phrase)
    return {first: tuple(phrases) for first, phrases in found.items()}
