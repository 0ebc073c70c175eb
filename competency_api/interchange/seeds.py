"""The seeds: a folder with one sub-folder per version, each the complete state of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from competency_api.formats.document import Document, Header, Place, Problems
from competency_api.formats.files import MANIFEST, read_path
from competency_api.taxonomy.numbering import Number


@dataclass(frozen=True)
class Seed:
    """One version to be: its number is the name of its folder."""

    folder: Path
    number: Number

    @property
    def key(self) -> str:
        """The idempotency key under which it is published: what is published once is never published again."""
        return f"seed-{self.number}"


@dataclass(frozen=True)
class SeedContent:
    documents: Sequence[Document]
    header: Header
    valid_from: dt.date | None


def list_seeds(folder: Path) -> list[Seed]:
    """The seeds in the order of their numbers; sub-folders that are not named by a number do not count."""
    children = [child for child in folder.iterdir() if (child / MANIFEST).is_file()] if folder.is_dir() else []
    numbered = [Seed(child, number) for child in children if (number := Number.parse(child.name))]
    return sorted(numbered, key=lambda seed: seed.number)


def read_seed(seed: Seed, problems: Problems) -> SeedContent:
    """The files of a seed; adds what is wrong with its manifest. What is wrong with the files is in the documents."""
    documents = list(read_path(seed.folder))
    manifest = seed.folder / MANIFEST
    header = next((d.header for d in documents if d.source == str(manifest) and d.header), Header())
    if header.number != str(seed.number):
        message = f'The number is "{header.number}", and the folder is called {seed.number}; they must be the same.'
        problems.add(Place(str(manifest), 0, 0, "/number"), message, header.number)
    valid_from = None
    if header.valid_from:
        try:
            valid_from = dt.date.fromisoformat(header.valid_from)
        except ValueError:
            message = f'"{header.valid_from}" is no day; right is "2026-11-23".'
            problems.add(Place(str(manifest), 0, 0, "/valid_from"), message, header.valid_from)
    return SeedContent(documents, header, valid_from)
