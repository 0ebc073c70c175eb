"""The interface in the languages that it speaks: data files, read once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from competency_api.core.languages import choose

#: In the order in which pages offer them.
LANGUAGES = ("en", "es", "pt", "fr", "de", "nl")


@cache
def words_of(tag: str) -> Mapping[str, Any]:
    """All texts of one of the languages, nested by what they are for."""
    text = files(__package__).joinpath("texts", f"{tag}.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


def spoken(asked: Iterable[str]) -> str:
    """The language of the interface for whoever asks for these, most wanted first; English where it has none."""
    choice = choose(asked, LANGUAGES, LANGUAGES[:1])
    return choice.tag if choice else LANGUAGES[0]
