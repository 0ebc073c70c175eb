"""The interface's texts: whole in every language."""

from __future__ import annotations

import json
import re
import string

import pytest

from competency_api.core.problems import PROBLEMS
from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages.texts import FOLDER, Said, names_of_languages, said, texts_of
from competency_api.taxonomy.changes import Bump, ChangeType
from competency_api.taxonomy.kinds import INVERSES, KINDS, LEVELS, RELATIONS, Shape
from tests.support.seeds import LANGUAGES
from tests.support.sources import ROOT

ENGLISH = texts_of("en").texts
#: Words of the taxonomy that pages show, by the group of their texts.
WORDS = {
    "kind": KINDS,
    "kinds": KINDS,
    "meaning": KINDS,
    "relation": {*RELATIONS, *INVERSES},
    "attribute": {attribute.name for kind in KINDS.values() for attribute in kind.attributes},
    "change": {kind.value for kind in ChangeType},
    "bump": {bump.value for bump in Bump},
    "level": LEVELS,
    "language": SITE_LANGUAGES,
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_interface_speaks_the_languages_of_the_starter() -> None:
    assert set(SITE_LANGUAGES) == set(LANGUAGES)
    assert {file.stem for file in FOLDER.glob("*.json")} == set(SITE_LANGUAGES)
    assert names_of_languages()["nl"] == "Nederlands"


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_language_has_every_text_with_its_placeholders(language: str) -> None:
    texts = texts_of(language).texts
    assert texts.keys() == ENGLISH.keys()
    assert {key: placeholders(text) for key, text in texts.items()} == {k: placeholders(v) for k, v in ENGLISH.items()}
    assert [key for key, text in texts.items() if not text.strip() or text != text.strip()] == []


def test_no_text_is_said_twice_in_a_file() -> None:
    for file in FOLDER.glob("*.json"):
        pairs = json.loads(file.read_text("utf-8"), object_pairs_hook=lambda pairs: pairs)
        assert len(pairs) == len({key for key, _ in pairs}), file.name


@pytest.mark.parametrize("group", WORDS)
def test_every_word_of_the_taxonomy_has_a_name(group: str) -> None:
    assert [word for word in WORDS[group] if f"{group}.{word}" not in ENGLISH] == []


def test_every_value_of_a_choice_has_a_name() -> None:
    named = [
        f"value.{attribute.name}.{value}"
        for kind in KINDS.values()
        for attribute in kind.attributes
        if attribute.shape in (Shape.CHOICE, Shape.CHOICES)
        for value in attribute.values
    ]
    assert [key for key in named if key not in ENGLISH] == []


def test_every_problem_that_a_reader_can_meet_has_a_title() -> None:
    of_keys_and_changes = {401, 403, 409, 412, 413, 415, 428}
    statuses = {problem.status for problem in PROBLEMS} - of_keys_and_changes
    assert [status for status in sorted(statuses) if f"error.{status}" not in ENGLISH] == []


def test_templates_say_only_what_there_is_a_text_for() -> None:
    folder = ROOT / "competency_api" / "pages" / "templates"
    asked = {
        match[1] + (".other" if match[0].startswith("t.count") else "")
        for file in folder.rglob("*.html")
        for match in re.finditer(r"\bt(?:\.count)?\([\"']([a-z_.0-9-]+)[\"'][,)]", file.read_text("utf-8"))
    }
    assert len(asked) > 80
    assert sorted(asked - ENGLISH.keys()) == []


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "1 concept found."),
        ("en", 0, "0 concepts found."),
        ("fr", 0, "0 concept trouvé."),
        ("pt", 1234, "1.234 conceitos encontrados."),
        ("fr", 1234, "1\u202f234 concepts trouvés."),
    ],
)
def test_counted_texts_agree_with_their_number(language: str, number: int, said: str) -> None:
    assert texts_of(language).count("search.total", number) == said


def test_days_are_written_as_people_do() -> None:
    assert texts_of("de").date("2026-11-23T08:00:00Z") == "23. November 2026"
    assert texts_of("es").date("2026-03-01") == "1 de marzo de 2026"
    assert texts_of("en").date("some day") == "some day"


def test_a_word_that_has_no_name_yet_is_shown_as_it_is() -> None:
    assert texts_of("fr").word("kind", "new-kind") == "new kind"


def test_a_text_is_said_in_the_language_in_english_or_in_the_first_one_that_is_not_empty() -> None:
    assert said({"en": "Bread", "es": "Pan"}, "es") == Said("Pan", "es")
    assert said({"en": "Bread", "fr": "Pain"}, "es") == Said("Bread", "en")
    assert said({"eu": "Ogia"}, "es") == Said("Ogia", "eu")
    assert said({"es": "", "en": "", "fr": "Pain"}, "es") == Said("Pain", "fr")
    assert said({}, "es") == Said("", "es")
    assert said(None, "es") == Said("", "es")
