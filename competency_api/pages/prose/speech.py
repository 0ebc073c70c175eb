"""Texts of concepts in the reader's language, and what the page must say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competency_api.pages.texts import Texts
from competency_api.taxonomy.speaking import OneLanguage, Spoken


class Voice(OneLanguage):
    """Speaks one language, and remembers what a reader of the page must be told: unreviewed texts, other languages."""

    def __init__(self, texts: Texts, fallback: tuple[str, ...]) -> None:
        super().__init__((texts.language,), fallback)
        self.texts = texts
        self.has_drafts = False
        self.has_others = False

    def _said(self, text: str, choice: Any, reviews: Mapping[str, str]) -> dict[str, Any]:
        said = super()._said(text, choice, reviews)
        self.has_drafts |= said["review"] == "draft"
        self.has_others |= said["fallback"]
        return said


def plain(said: Spoken, otherwise: str = "") -> str:
    """The text alone, for titles and pictures."""
    return str(said["text"]) if said else otherwise
