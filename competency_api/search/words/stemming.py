"""Inflections and stop words, for the languages that tantivy knows; elsewhere every word stands for itself.

Stems are taken from folded words, in the index and in queries alike, so that "administracion" finds
"administraciones" whether or not accents were typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

_NAMES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# People ask in questions; the library's lists leave out the words that make them.
_QUESTION_WORDS = {
    "en": "can do does how i me my need our should us we what when where which who why you your",
    "es": "como cual cuales cuando debe debemos donde mas mi nuestra nuestro podemos que quien se",
}
_ASKING = {language: frozenset(text.split()) for language, text in _QUESTION_WORDS.items()}
# The English stemmer knows American endings only: "anonymisation" and "anonymization" would be strangers.
_BRITISH = (
    (re.compile("(?<=[a-z]{3})(i|y)s(?=(e|ed|es|er|ers|ing|ation|ations)$)"), r"\1z"),
    (re.compile("(?<=[a-z]{3})our(?=(s|ed|ing|al)?$)"), "or"),
    (re.compile("mme(?=s?$)"), "m"),
)
#: Longer than any of the library's.
_LONGEST_STOP_WORD = 16
_WITHOUT_STOP_WORDS = {"ar", "el", "ro", "ta", "tr"}


@lru_cache(maxsize=256)
def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


@lru_cache(maxsize=len(_NAMES))
def _stemmer(primary: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer(_NAMES[primary])).build()


@lru_cache(maxsize=len(_NAMES))
def _without_stop_words(primary: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stopword(_NAMES[primary])).build()


@lru_cache(maxsize=4096)
def _american(word: str) -> str:
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return word


def stems(language: str, words: Iterable[str]) -> list[str]:
    """The stem of every word, in order; the words themselves in a language without a stemmer.

    Words must be free of white space, as folded ones are.
    """
    primary, given = _primary(language), list(words)
    if primary not in _NAMES:
        return given
    if primary == "en":
        given = list(map(_american, given))
    return _stemmer(primary).analyze(" ".join(given))


def is_stop_word(language: str, word: str) -> bool:
    """Whether the folded word says so little that a hit may do without it."""
    return len(word) <= _LONGEST_STOP_WORD and _is_stop_word(_primary(language), word)


@lru_cache(maxsize=2048)
def _is_stop_word(primary: str, word: str) -> bool:
    if word in _ASKING.get(primary, ()):
        return True
    if primary not in _NAMES or primary in _WITHOUT_STOP_WORDS:
        return False
    return not _without_stop_words(primary).analyze(word)
