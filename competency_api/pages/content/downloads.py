"""The files of a version with their digests, so that whoever got one elsewhere can see that it is the same."""

from __future__ import annotations

import hashlib
import threading
from typing import NamedTuple

from competency_api.catalogue import presentation
from competency_api.catalogue.serving import Publication, Publications
from competency_api.formats import FORMATS
from competency_api.formats.document import Header
from competency_api.pages.links import data
from competency_api.taxonomy.taxonomy import Taxonomy

#: Concepts up to which the page of a version writes every file to tell its digest; a workbook of ten thousand takes
#: seconds, which only those wait for who ask for the list of digests.
MOST_CONCEPTS = 2_000


class File(NamedTuple):
    """``digest`` is the SHA-256 of the whole file; empty where it is not told here."""

    format: str
    media_type: str
    name: str
    address: str
    digest: str


class FileDigests:
    """The digests of a version's files by format, each computed once."""

    memory_bytes = 10_000

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._known: dict[tuple[str, Header], str] = {}
        self._lock = threading.Lock()

    def of(self, name: str, header: Header) -> str:
        key = name, header
        with self._lock:  # whoever asks meanwhile waits, and does not write the same file
            if key not in self._known:
                found = hashlib.sha256()
                for piece in FORMATS[name].dump(self._taxonomy, header):
                    found.update(piece)
                self._known[key] = found.hexdigest()
            return self._known[key]


def files_of(publications: Publications, found: Publication, *, whole: bool = False) -> list[File]:
    """The version in every format. Of a large one digests are told only in the ``whole`` list."""
    version, is_told = found.version, whole or len(found.taxonomy) <= MOST_CONCEPTS
    digests, header = publications.beside(found, FileDigests), presentation.file_header(version)
    return [
        File(
            name.upper(),
            form.media_type,
            presentation.file_name(version, form.suffix),
            data(found.number, "export", name),
            digests.of(name, header) if is_told else "",
        )
        for name, form in FORMATS.items()
    ]


def sums(files: list[File]) -> str:
    """As ``sha256sum --check`` reads it."""
    return "".join(f"{file.digest}  {file.name}\n" for file in files)
