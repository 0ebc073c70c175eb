"""Our NDJSON: the envelope in the first line, then one concept in its canonical form a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from competency_api.formats.document import FORMAT, Document, Entry, Header, Problems
from competency_api.formats.reading.encoding import text_of
from competency_api.formats.reading.envelope import read_entry, read_envelope, read_value
from competency_api.formats.reading.jsontext import JsonFault, JsonText
from competency_api.taxonomy.canonical import canonical_json
from competency_api.taxonomy.taxonomy import Taxonomy


class NdjsonFormat:
    name: ClassVar[str] = "ndjson"
    media_type: ClassVar[str] = "application/x-ndjson"
    suffix: ClassVar[str] = ".ndjson"

    def dump(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        envelope: dict[str, Any] = {"format": FORMAT} | ({} if header is None else {"version": header})
        yield msgspec.json.encode(envelope, order="deterministic") + b"\n"
        for concept in taxonomy:
            yield canonical_json(concept) + b"\n"

    def load(self, data: bytes, source: str) -> Document:
        problems = Problems()
        text = text_of(data, source, problems)
        lines = _lines(text or "", source)
        header = None
        entries: list[Entry] = []
        for line in lines:
            try:
                header = _read_first_line(line, problems)
            except JsonFault as fault:
                place = line.place(fault.position)
                problems.add(place, f"{fault.message} Every line is one whole JSON object; else the file is .json.")
                break
            entries = _read_concepts(lines, problems)
        return Document(source, header, tuple(entries), tuple(problems.found), problems.more)


def _read_concepts(lines: Iterator[JsonText], problems: Problems) -> list[Entry]:
    """All that can be read: a line that is broken does not keep the next from being read."""
    entries: list[Entry] = []
    for line in lines:
        try:
            entry = read_entry(line, problems)
            line.end()
        except JsonFault as fault:
            problems.add(line.place(fault.position), fault.message)
        else:
            entries += [entry] if entry else []
    return entries


def _lines(text: str, source: str) -> Iterator[JsonText]:
    """Each line that is not blank. Only a line feed ends a line: JSON may hold U+2028 as it is."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield JsonText(line, source, number)


def _read_first_line(line: JsonText, problems: Problems) -> Header | None:
    start = line.place(0)
    members = read_value(line, problems)
    line.end()
    if not isinstance(members, dict) or not set(members).isdisjoint({"code", "labels", "concepts"}):
        message = f'The first line is the header of the file, {{"format": "{FORMAT}"}}; concepts follow, one a line.'
        problems.add(start, message)
        return None
    return read_envelope(members, {name: line.place(0, f"/{name}") for name in members}, start, problems)
