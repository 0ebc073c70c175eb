"""Our JSON: one object with the format, the version's header and the concepts, one concept a line.

Every concept is written in its canonical form (:mod:`competency_api.taxonomy.canonical`), so that its line without the
comma is what its digest is computed from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from competency_api.formats.document import FORMAT, Document, Entry, Header, Place, Problems
from competency_api.formats.reading.encoding import text_of
from competency_api.formats.reading.envelope import read_entry, read_envelope, read_header, read_value
from competency_api.formats.reading.jsontext import JsonFault, JsonText
from competency_api.taxonomy.canonical import canonical_json
from competency_api.taxonomy.taxonomy import Taxonomy


class JsonFormat:
    name: ClassVar[str] = "json"
    media_type: ClassVar[str] = "application/json"
    suffix: ClassVar[str] = ".json"

    def dump(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        yield b'{"format":' + msgspec.json.encode(FORMAT)
        if header is not None:
            yield b',\n"version":' + msgspec.json.encode(header, order="sorted")
        yield b',\n"concepts":['
        separator = b"\n"
        for concept in taxonomy:
            yield separator + canonical_json(concept)
            separator = b",\n"
        yield b"\n]}\n"

    def load(self, data: bytes, source: str) -> Document:
        problems = Problems()
        text = text_of(data, source, problems)
        reading = _Reading(JsonText(text or "", source), problems)
        if text is not None:
            reading.run()
        return Document(source, reading.header, tuple(reading.entries), tuple(problems.found), problems.more)


class _Reading:
    """One pass over one file; keeps what was read when the JSON breaks off."""

    def __init__(self, json_text: JsonText, problems: Problems) -> None:
        self._json = json_text
        self._problems = problems
        self._members: dict[str, Any] = {}
        self._places: dict[str, Place] = {}
        self.header: Header | None = None
        self.entries: list[Entry] = []

    def run(self) -> None:
        try:
            self._read_members()
            self._json.end()
        except JsonFault as fault:
            self._problems.add(self._json.place(fault.position), fault.message)
            return
        start = self._json.place(0)
        self.header = read_envelope(self._members, self._places, start, self._problems)
        if "concepts" not in self._places:
            self._problems.add(start, 'The field "concepts" is missing; it is the list of the concepts.')

    def _read_members(self) -> None:
        if self._json.peek() != "{":
            example = '{"format": "competency-taxonomy/1", "concepts": [...]}'
            raise JsonFault(self._json.position, f"The file is one JSON object: {example}.")
        for name, position in self._json.members():
            place = self._json.place(position, f"/{name}")
            if name in self._places:
                self._problems.add(place, f"This field stands twice, first in line {self._places[name].line}.")
            self._places[name] = place
            if name == "concepts":
                self._read_concepts(place)
            else:
                self._members[name] = read_value(self._json, self._problems)

    def _read_concepts(self, place: Place) -> None:
        if self._json.peek() != "[":
            self._json.value()
            self._problems.add(place, "A list of concepts is expected here.")
            return
        for _position in self._json.elements():
            if entry := read_entry(self._json, self._problems):
                self.entries.append(entry)


def load_manifest(data: bytes, source: str) -> Document:
    """A file that holds only the header of a version, as ``version.json`` in a folder of files does."""
    problems = Problems()
    header = None
    text = text_of(data, source, problems)
    if text is not None:
        json_text = JsonText(text, source)
        try:
            raw = read_value(json_text, problems)
            json_text.end()
            header = read_header(raw, json_text.place(0), problems)
        except JsonFault as fault:
            problems.add(json_text.place(fault.position), fault.message)
    return Document(source, header, (), tuple(problems.found), problems.more)
