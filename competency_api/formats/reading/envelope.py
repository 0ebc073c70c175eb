"""What our JSON and NDJSON files have in common: the envelope around the concepts, and one concept inside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.formats.document import FORMAT, Entry, Header, Place, Problems
from competency_api.formats.reading.concepts import read_concept
from competency_api.formats.reading.jsontext import JsonText, positions
from competency_api.formats.reading.shapes import Fault, faults_of
from competency_api.formats.reading.texts import cleaned_all

ENVELOPE = ("format", "version")


def read_value(json_text: JsonText, problems: Problems) -> Any:
    """The value at the cursor; adds every field that stands twice in one object. Raises JsonFault at broken JSON."""
    json_text.peek()
    start = json_text.position
    json_text.has_duplicate_keys = False
    value = json_text.value()
    if json_text.has_duplicate_keys:
        _add_duplicate_keys(json_text, start, problems)
    return value


def read_entry(json_text: JsonText, problems: Problems) -> Entry | None:
    """The concept at the cursor; None after adding what is wrong. Raises JsonFault at broken JSON."""
    json_text.peek()
    start = json_text.position
    return read_concept(read_value(json_text, problems), partial(json_text.locate, start), problems)


def read_envelope(
    members: Mapping[str, Any], places: Mapping[str, Place], whole: Place, problems: Problems
) -> Header | None:
    """The header out of the members beside the concepts, each with its place; adds what is wrong with them."""
    if "format" not in members:
        problems.add(whole, f'The field "format" is missing; it says what the file is: "{FORMAT}".')
    elif members["format"] != FORMAT:
        found = printable(members["format"])
        problems.add(places["format"], f'The format "{found}" is not known here; right is "{FORMAT}".', found)
    for name in members:
        if name not in ENVELOPE:
            known = (*ENVELOPE, "concepts")
            problems.add(places[name], f'Unknown field "{printable(name)}".{did_you_mean(name, known)}', name)
    return read_header(members["version"], places["version"], problems) if "version" in members else None


def read_header(raw: Any, place: Place, problems: Problems) -> Header | None:
    """The header from its JSON value, or None after adding what is wrong with it."""
    faults: list[Fault] = []
    content = cleaned_all(raw, "/version", faults)
    known = {fault.pointer for fault in faults}
    faults.extend(f for f in (_under_version(f) for f in faults_of(content, Header)) if f.pointer not in known)
    for fault in faults:
        problems.add(msgspec.structs.replace(place, field=fault.pointer), fault.message, fault.value)
    return None if faults else msgspec.convert(content, Header)


def _under_version(fault: Fault) -> Fault:
    return fault._replace(pointer=f"/version{fault.pointer}")


def _add_duplicate_keys(json_text: JsonText, start: int, problems: Problems) -> None:
    first: dict[str, int] = {}
    for pointer, position in positions(json_text.text, start):
        if first.setdefault(pointer, position) != position:
            line = json_text.place(first[pointer]).line
            problems.add(json_text.place(position, pointer), f"This field stands twice, first in line {line}.")
