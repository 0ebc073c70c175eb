"""The words of workshops' pages: whole in every language, and none that nobody says."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages import texts as site
from competency_api.rooms.screen import ASSETS, texts_of
from competency_api.workshops.values import Group, State, TopicState
from tests.support.sources import ROOT

FOLDER = ROOT / "competency_api" / "rooms"
ENGLISH: dict[str, str] = json.loads((FOLDER / "texts" / "en.json").read_text("utf-8"))
#: Texts whose keys are put together, by what follows their group.
WORDS = {"role": Group, "state": State, "topic": TopicState}


def own(language: str) -> dict[str, str]:
    pairs = json.loads((FOLDER / "texts" / f"{language}.json").read_text("utf-8"), object_pairs_hook=lambda p: p)
    assert len(pairs) == len({key for key, _ in pairs})
    return dict(pairs)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sources(*folders: str) -> list[Path]:
    return [file for folder in folders for file in (FOLDER / folder).glob("*") if file.suffix in (".html", ".js")]


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_language_has_every_text_with_its_placeholders(language: str) -> None:
    texts = own(language)
    assert texts.keys() == ENGLISH.keys()
    assert {key: placeholders(text) for key, text in texts.items()} == {k: placeholders(v) for k, v in ENGLISH.items()}
    assert [key for key, text in texts.items() if not text.strip() or text != text.strip()] == []


def test_workshops_say_nothing_under_a_key_of_the_site() -> None:
    assert ENGLISH.keys() & site.texts_of("en").texts.keys() == set()


def test_pages_and_scripts_say_only_what_there_is_a_text_for() -> None:
    called = re.compile(r"\b(t|t\.count|say|count)\(\s*[\"'`]([a-z_.0-9-]+)[\"'`][,)]")
    asked = {
        match[2] + (".other" if match[1].endswith("count") else "")
        for file in sources("templates/site", "static")
        for match in called.finditer(file.read_text("utf-8"))
    }
    assert len(asked) > 80
    assert sorted(asked - texts_of("en").texts.keys()) == []


def test_every_word_of_workshops_has_a_name() -> None:
    assert [
        f"{group}.{word}" for group, words in WORDS.items() for word in words if f"{group}.{word}" not in ENGLISH
    ] == []


def test_every_text_is_said_somewhere() -> None:
    files = [*sources("templates/site", "static"), *FOLDER.glob("*.py")]
    said = " ".join(file.read_text("utf-8") for file in files)
    groups = tuple(f"{group}." for group in WORDS)
    stems = {key.removesuffix(".one").removesuffix(".other") for key in ENGLISH if not key.startswith(groups)}
    assert sorted(stem for stem in stems if not re.search(f"[\"'`]{re.escape(stem)}[\"'`]", said)) == []


def test_every_file_of_the_pages_is_served() -> None:
    assert {file.name for file in (FOLDER / "static").iterdir()} == set(ASSETS)
