"""Courses for Moodle's upload of courses (CSV), by the names of its columns.

Moodle cannot link a course with competencies by a file; so they are named in its summary, with their addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from competency_api.courses.exports.catalogue import Catalogue, Entry
from competency_api.courses.exports.tables import as_csv
from competency_api.courses.pins import Pins

#: The columns in their order. ``shortname`` and ``idnumber`` are the provider's own id, at most 100 characters there.
COLUMNS = ("shortname", "fullname", "idnumber", "category", "visible", "startdate", "enddate", "summary")
_CATEGORY = "1"
_LONGEST = {"shortname": 255, "fullname": 254, "idnumber": 100}


def as_moodle(catalogue: Catalogue) -> Iterator[bytes]:
    return as_csv(_rows(catalogue))


def _rows(catalogue: Catalogue) -> Iterator[list[str]]:
    yield list(COLUMNS)
    for entry in catalogue.entries():
        yield _row(entry, catalogue.pins)


def _row(entry: Entry, pins: Pins) -> list[str]:
    said = entry.document
    run = said["dates"][0] if said["dates"] else {"starts": "", "ends": ""}
    cells = {
        "shortname": entry.external_id,
        "fullname": _one(said["title"]),
        "idnumber": entry.external_id,
        "category": _CATEGORY,
        "visible": "1" if said["visibility"] == "public" else "0",
        "startdate": run["starts"],
        "enddate": run["ends"] or "",
        "summary": _summary(entry, pins),
    }
    return [cells[name][: _LONGEST.get(name, len(cells[name]))] for name in COLUMNS]


def _one(texts: dict[str, str]) -> str:
    """In English, else in the first language by its tag: Moodle takes one text."""
    return texts.get("en") or next(iter(texts.values()), "")


def _summary(entry: Entry, pins: Pins) -> str:
    paragraphs = [f"<p>{escape(part)}</p>" for part in _one(entry.document["description"]).split("\n") if part]
    items = [_item(mapping, pins) for mapping in entry.mappings]
    return "".join(paragraphs) + (f"<ul>{''.join(items)}</ul>" if items else "")


def _item(mapping: dict[str, Any], pins: Pins) -> str:
    code, version = mapping["concept"], mapping["version"]
    label = pins.taxonomy(pins.resolve(version).id)[code].name
    level = f", level {mapping['level']}" if mapping["level"] else ""
    address = escape(f"{pins.base_url}/id/{code}", quote=True)
    return f'<li>{mapping["relation"]} <a href="{address}">{code} {escape(label)}</a>{level} ({version})</li>'
