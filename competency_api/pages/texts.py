"""The interface's texts: one file a language, the same keys in each.

A text may hold placeholders (``{number}``). ``….one`` and ``….other`` are the two forms of a counted text. Nothing is
taken from another language: a test holds that all files have all keys with the same placeholders.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from competency_api.core.site import SITE_LANGUAGES

FOLDER = Path(__file__).parent / "texts"
#: Languages that count nothing like one.
_NOTHING_IS_ONE = frozenset({"fr", "pt"})
_THOUSANDS = {"en": ",", "fr": "\u202f"}


class Said(NamedTuple):
    """A text and the language that it is in."""

    text: str
    lang: str


def said(texts: Mapping[str, str] | None, language: str) -> Said:
    """The text in that language, in English, or in the first one that there is; empty ones are none."""
    known = {tag: text for tag, text in (texts or {}).items() if text}
    tag = next((tag for tag in (language, "en", *known) if tag in known), language)
    return Said(known.get(tag, ""), tag)


class Texts:
    """The texts of one language, called by their key: ``t("search.title")``."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = MappingProxyType(dict(texts))

    def __call__(self, key: str, **values: object) -> str:
        """Raises KeyError for a key that is not there."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def count(self, key: str, number: int, **values: object) -> str:
        """A counted text: its singular or plural, with the ``{number}`` as the language writes it."""
        is_one = number == 1 or (number == 0 and self.language in _NOTHING_IS_ONE)
        return self(f"{key}.{'one' if is_one else 'other'}", number=self.number(number), **values)

    def word(self, group: str, name: object) -> str:
        """The name of one of the taxonomy's own words (``kind``, ``relation``, …); the word itself if it is new."""
        return self.texts.get(f"{group}.{name}") or str(name).replace("_", " ").replace("-", " ")

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", _THOUSANDS.get(self.language, "."))

    def date(self, day: str | dt.date) -> str:
        """A day in words; texts that are no ISO 8601 day or time stay as they are."""
        try:
            found = dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
        except ValueError:
            return str(day)
        month = self("date.months").split("|")[found.month - 1]
        return self("date.day", day=found.day, month=month, year=found.year)


@cache
def texts_of(language: str) -> Texts:
    """Raises FileNotFoundError for what is no language of the interface."""
    return Texts(language, json.loads((FOLDER / f"{language}.json").read_text("utf-8")))


def names_of_languages() -> dict[str, str]:
    """Each language of the interface by its tag, in its own words."""
    return {tag: texts_of(tag)("language.self") for tag in SITE_LANGUAGES}
