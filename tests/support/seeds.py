"""The content of ``seeds/``: its files, its states and what tests of it have in common."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from competency_api.formats.files import read_path
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.kinds import CODE_PATTERN
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.support.sources import ROOT

SEEDS = ROOT / "seeds"
FIRST, TODAY = "1.0.0", "2.0.0"
VERSIONS = (FIRST, TODAY)
#: In the order in which the files give them.
LANGUAGES = ("en", "es", "pt", "fr", "de", "nl")
#: What a competency may require besides other competencies.
KNOWLEDGE = ("technology", "business-model", "privacy-concern", "procurement-topic")

README = (SEEDS / "README.md").read_text("utf-8")


def files(version: str) -> list[Path]:
    """The files with the concepts of a version."""
    return [file for file in sorted((SEEDS / version).glob("*.json")) if file.name != "version.json"]


@cache
def manifest(version: str) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((SEEDS / version / "version.json").read_text("utf-8"))
    return manifest


@cache
def state(version: str) -> Taxonomy:
    return Taxonomy(entry.concept for document in read_path(SEEDS / version) for entry in document.entries)


@cache
def changes() -> Difference:
    """What happened between the two versions."""
    return difference(state(FIRST), state(TODAY))


def active(version: str, *kinds: str) -> list[Concept]:
    """The concepts in use, of these kinds or of all."""
    return [c for c in state(version) if c.retirement is None and (not kinds or c.kind in kinds)]


def codes_in(text: str) -> set[str]:
    """Every code that a text names, those between the ends of a range (``T007 to T009``) included."""
    named = set(re.findall(rf"\b{CODE_PATTERN.pattern}\b", text))
    for letter, first, last in re.findall(r"\b([A-Z])([0-9]{3}) to \1([0-9]{3})\b", text):
        named |= {f"{letter}{number:03}" for number in range(int(first), int(last) + 1)}
    return named


def sentence_of_readme(beginning: str) -> str:
    """The item of a list in the README that begins so, up to the next item or paragraph."""
    _, found, rest = README.partition(beginning)
    assert found, f"the README says nothing that begins with {beginning!r}"
    return re.split(r"\n- |\n\n", rest, maxsplit=1)[0]


def words(text: str) -> list[str]:
    """The words of a text in small letters without accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)
