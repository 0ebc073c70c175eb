"""Folding text to what people type: without case, diacritics, ligatures or punctuation, in every script.

Each character is folded by itself: compatibility decomposition (NFKD), marks stripped, case folded. What is not part
of a word becomes a space, so folding and splitting is a translation and a split. Scripts that put no
spaces between words (Chinese, Japanese, Thai, …) are split into characters: a query of several then asks for all of
them, and their being side by side raises the hit.

Offsets count the characters (code points) of the original text, whatever folding does to its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set

# Letters that Unicode does not decompose, and that people without the keyboard type so.
_LETTERS = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
# "C++" and "C#" are names: both signs belong to a word when they end it.
_SIGNS = "+#"
# What copied text has inside words, and nobody sees.
_SOFT_HYPHEN = "\u00ad"
_WORD = re.compile(rf"[^\s{_SIGNS}]+(?:[{_SIGNS}]+(?!\S))?")
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
# Thai, Lao; Myanmar; Khmer; radicals; kana; more kana; Han; compatibility Han; half-width kana; Han of higher planes
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0x2FDF),
    (0x3041, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)


def _is_diacritic(char: str) -> bool:
    """A mark that does not make another letter: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic.

    By canonical combining class, because vowel signs (0), nuktas and kana voicing (7, 8) and viramas (9) do.
    """
    combining = unicodedata.combining(char)
    return combining == 1 or 10 <= combining <= 36 or combining >= 200


def _decomposed(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not _is_diacritic(char))


def _of_word(char: str) -> str:
    if char == _SOFT_HYPHEN:
        return ""
    # A line's end stays one, so that many texts can be folded as one.
    if char == "\n" or char in _SIGNS or unicodedata.category(char)[0] in "LMN":
        return _LETTERS.get(char, char)
    return " "


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFC", _decomposed(_decomposed(char).casefold()))
    folded = "".join(map(_of_word, plain))
    # one may decompose into several: the Thai "ำ" is "ํ" and "า", however it is written; and "🈐" is "手"
    if folded and any(low <= ord(each) <= high for each in (char, *folded) for low, high in _UNSPACED):
        return f" {' '.join(folded)} "
    return folded


class _Table(dict[int, str]):
    """Folded characters by code point, filled as they are met; ``single`` are those that fold to one character."""

    #: Bounded, because queries are foreign: all of Unicode in the table would be some 150 MB.
    most = 30_000

    def __init__(self) -> None:
        self.single: set[str] = set()

    def __missing__(self, codepoint: int) -> str:
        folded = _folded(chr(codepoint))
        if len(self) < self.most:
            self[codepoint] = folded
            if len(folded) == 1:
                self.single.add(chr(codepoint))
        return folded


_TABLE = _Table()
# English is most of what is folded, and bytes fold several times faster than characters.
_ASCII = bytes(ord(_folded(chr(code))) if code < 128 else 0 for code in range(256))


def _plain(text: str) -> str:
    """Every character folded; nothing but spaces between words."""
    if text.isascii():
        return text.encode().translate(_ASCII).decode()
    return text.translate(_TABLE)


def _split(folded: str) -> list[str]:
    if "+" in folded or "#" in folded:
        return _WORD.findall(folded)
    return folded.split()


def words(text: str) -> list[str]:
    """The folded words of a text, in order. Takes any text, also lone surrogates and controls (they separate)."""
    return _split(_plain(text))


def hyphenated(text: str) -> list[str]:
    """The folded words that are written with hyphens, each as one word: "Wi-Fi" → ``wifi``."""
    return ["".join(words(found)) for found in _HYPHENATED.findall(text)] if "-" in text else []


def folded_lines(texts: Iterable[str]) -> list[str]:
    """Each text as :func:`folded_text` gives it; a text of several lines as so many."""
    lines = _plain("\n".join(texts)).split("\n")
    return [" ".join(_split(line)) for line in lines]


def folded_text(text: str) -> str:
    """The folded words with one space between: equal for labels that are the same to a reader."""
    return " ".join(words(text))


def located_words(text: str) -> list[tuple[str, int, int]]:
    """The folded words of a text, each with its first character in the original and the one after its last."""
    folded = _plain(text)
    found = [(match.group(), *match.span()) for match in _WORD.finditer(folded)]
    if text.isascii() or _keeps_length(text):
        return found
    origin = [place for place, char in enumerate(text) for _ in _TABLE[ord(char)]]
    # A mark that folds to nothing belongs to the letter before it.
    after = [*origin[1:], len(text)] if origin else []
    return [(word, origin[start], max(after[end - 1], origin[end - 1] + 1)) for word, start, end in found]


def places_of(wanted: Set[str], text: str) -> list[tuple[int, int]]:
    """Where the wanted words are among :func:`located_words`."""
    if text.isascii() or _keeps_length(text):
        return [match.span() for match in _WORD.finditer(_plain(text)) if match[0] in wanted]
    return [(start, end) for word, start, end in located_words(text) if word in wanted]


def _keeps_length(text: str) -> bool:
    """Whether every character is known to fold to one."""
    return _TABLE.single.issuperset(text)
