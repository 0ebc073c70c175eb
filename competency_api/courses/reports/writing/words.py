"""The words of the report for people, in every language that the starter taxonomy speaks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from competency_api.core.languages import choose
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE

Words = Mapping[str, str]


@cache
def all_words() -> Mapping[str, Words]:
    """The words by language."""
    text = files(__package__).joinpath("templates", "coverage_words.json").read_text("utf-8")
    return MappingProxyType({tag: MappingProxyType(words) for tag, words in json.loads(text).items()})


def words_for(asked: Iterable[str]) -> tuple[str, Words]:
    """The language that suits best, and its words; English where none does."""
    choice = choose(tuple(asked), frozenset(all_words()), (REFERENCE_LANGUAGE,))
    tag = choice.tag if choice else REFERENCE_LANGUAGE
    return tag, all_words()[tag]
