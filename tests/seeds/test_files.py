"""The files of the content: laid out so that a person can edit them and a difference shows only what was edited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from competency_api.formats.document import FORMAT
from competency_api.taxonomy.concept import Concept, normalised
from competency_api.taxonomy.kinds import KINDS
from tests.support.seeds import LANGUAGES, README, SEEDS, VERSIONS, files, manifest, state

ALL_FILES = [file for version in VERSIONS for file in files(version)]
BY_LANGUAGE = ("labels", "definition", "scope_note", "example", "translations")


class Content(msgspec.Struct, forbid_unknown_fields=True):
    """What a file with concepts holds."""

    format: str
    concepts: list[Concept]


def laid_out(content: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"


def shown(file: Path) -> str:
    return file.relative_to(SEEDS).as_posix()


@pytest.mark.parametrize("file", ALL_FILES, ids=shown)
def test_a_file_written_again_has_the_same_bytes(file: Path) -> None:
    """Fields in the order of the README, sets sorted, what is empty left out, two spaces, one line break at the end."""
    read = msgspec.json.decode(file.read_bytes(), type=Content)
    concepts = sorted(map(normalised, read.concepts), key=lambda concept: concept.code)
    assert file.read_text("utf-8") == laid_out({"format": FORMAT, "concepts": concepts})


def test_the_readme_gives_the_order_of_the_fields() -> None:
    assert ", ".join(f"`{field}`" for field in Concept.__struct_fields__) in README.replace("\n", " ")


@pytest.mark.parametrize("file", ALL_FILES, ids=shown)
def test_languages_come_in_one_order(file: Path) -> None:
    for concept in json.loads(file.read_text("utf-8"))["concepts"]:
        for texts in (concept[field] for field in BY_LANGUAGE if field in concept):
            assert list(texts) == [tag for tag in LANGUAGES if tag in texts], concept["code"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_has_one_file_for_each_kind(version: str) -> None:
    kinds = [{c["kind"] for c in json.loads(file.read_text("utf-8"))["concepts"]} for file in files(version)]
    assert sorted(kind for found in kinds for kind in found) == sorted(KINDS)
    assert all(f"{file.name} " in README for file in files(version))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifest_bears_the_number_of_its_folder(version: str) -> None:
    assert list(manifest(version)) == ["number", "title", "notes", "publisher", "valid_from"]
    assert manifest(version)["number"] == version
    assert (SEEDS / version / "version.json").read_text("utf-8") == laid_out(manifest(version))


def test_a_code_keeps_its_uuid_and_its_kind() -> None:
    first, today = (state(version) for version in VERSIONS)
    assert {c.code: (c.uuid, c.kind) for c in first}.items() <= {c.code: (c.uuid, c.kind) for c in today}.items()
