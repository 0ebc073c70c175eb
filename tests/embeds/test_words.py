from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from competency_api.courses.values import MappingRelation, Modality
from competency_api.embeds.views import COLUMNS, COURSE_COLUMNS, VIEWS, WORDED
from competency_api.embeds.words import LANGUAGES, spoken, words_of
from competency_api.taxonomy.kinds import KINDS, LEVELS

PLACE = re.compile(r"\{\w+\}")


def leaves(words: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in words.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_language_says_the_same_with_the_same_places_for_values(tag: str) -> None:
    here, english = dict(leaves(words_of(tag))), dict(leaves(words_of("en")))
    assert here.keys() == english.keys()
    assert all(text.strip() for text in here.values())
    assert {path: sorted(PLACE.findall(text)) for path, text in here.items()} == {
        path: sorted(PLACE.findall(text)) for path, text in english.items()
    }


def test_there_are_words_for_whatever_the_tables_of_the_taxonomy_name() -> None:
    words = words_of("en")
    values = {
        value
        for kind in KINDS.values()
        for attribute in kind.attributes
        if attribute.name in WORDED
        for value in attribute.values
    }
    assert words["kinds"].keys() == KINDS.keys()
    of_courses = {word.value for words in (MappingRelation, Modality) for word in words}
    assert words["values"].keys() == values | of_courses
    assert words["columns"].keys() == {*COLUMNS, *COURSE_COLUMNS, "label"}
    assert words["levels"].keys() == {str(level) for level in LEVELS}
    assert words["views"].keys() == VIEWS.keys()


@pytest.mark.parametrize(("asked", "tag"), [(("pt-BR", "es"), "pt"), (("fi", "nl"), "nl"), (("fi",), "en"), ((), "en")])
def test_the_interface_speaks_the_nearest_language_that_it_has(asked: tuple[str, ...], tag: str) -> None:
    assert spoken(asked) == tag
