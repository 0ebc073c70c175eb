"""The formats that an import takes back: exported and imported again, everything is unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from competency_api.courses.bulk.files.columns import (
    COURSE_COLUMNS,
    MAPPING_COLUMNS,
    TAGGED,
    Member,
    column_name,
    encoded,
)
from competency_api.courses.bulk.files.workbooks import workbook
from competency_api.courses.exports.catalogue import Catalogue, Entry
from competency_api.formats.tabular.cells import guarded

_encode = msgspec.json.encode
#: Members of a mapping by the columns of its table.
_MEMBERS = {name: name for name in MAPPING_COLUMNS if name != "course"}


def _record(entry: Entry) -> dict[str, Any]:
    return {"external_id": entry.external_id, **entry.document}


def _mapping(entry: Entry, mapping: dict[str, Any]) -> dict[str, Any]:
    return {"course": entry.external_id, **mapping}


def as_ndjson(catalogue: Catalogue) -> Iterator[bytes]:
    """A course in each line, with its mappings."""
    for entry in catalogue.entries():
        yield _encode({**_record(entry), "mappings": entry.mappings}) + b"\n"


def as_json(catalogue: Catalogue) -> Iterator[bytes]:
    """An object of courses and mappings."""
    yield b'{"courses":['
    yield from _joined(_encode(_record(entry)) for entry in catalogue.entries())
    yield b'],"mappings":['
    pairs = ((entry, mapping) for entry in catalogue.entries() for mapping in entry.mappings)
    yield from _joined(_encode(_mapping(entry, mapping)) for entry, mapping in pairs)
    yield b"]}\n"


def _joined(parts: Iterable[bytes]) -> Iterator[bytes]:
    for place, part in enumerate(parts):
        yield (b",\n" if place else b"\n") + part


def course_rows(catalogue: Catalogue) -> Iterator[list[str]]:
    """The table of courses, with a column for each language that some text is in."""
    tags: dict[str, set[str]] = {name: set() for name in TAGGED}
    for entry in catalogue.entries():
        for name in TAGGED:
            tags[name] |= set(entry.document[name])
    texts: list[Member] = [(name, tag) for name in TAGGED for tag in sorted(tags[name])]
    members: list[Member] = ["external_id", *texts, *COURSE_COLUMNS[1:]]
    yield [column_name(member) for member in members]
    for entry in catalogue.entries():
        document = _record(entry)
        yield [encoded(member, document) for member in members]


def mapping_rows(catalogue: Catalogue) -> Iterator[list[str]]:
    """The table of mappings."""
    yield list(MAPPING_COLUMNS)
    for entry in catalogue.entries():
        for mapping in entry.mappings:
            cells = ("" if mapping[name] is None else str(mapping[name]) for name in _MEMBERS)
            yield [entry.external_id, *cells]


def as_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Cells that a spreadsheet could take for a formula are made harmless, which an import undoes."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        if written.tell() > 2**16:
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode()


def as_workbook(catalogue: Catalogue) -> Iterator[bytes]:
    yield workbook({"courses": course_rows(catalogue), "mappings": mapping_rows(catalogue)})


Dump = Callable[[Catalogue], Iterator[bytes]]


def courses_as_csv(catalogue: Catalogue) -> Iterator[bytes]:
    return as_csv(course_rows(catalogue))


def mappings_as_csv(catalogue: Catalogue) -> Iterator[bytes]:
    return as_csv(mapping_rows(catalogue))
