"""The formats of catalogues by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

import msgspec

from competency_api.courses.exports import elm, schema_org
from competency_api.courses.exports.catalogue import Catalogue, Entry
from competency_api.courses.exports.moodle import as_moodle
from competency_api.courses.exports.tables import (
    as_json,
    as_ndjson,
    as_workbook,
    courses_as_csv,
    mappings_as_csv,
)
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Graph(Protocol):
    """A format of JSON-LD that is made of a node for each course."""

    def document(self, nodes: list[dict[str, Any]]) -> dict[str, Any]: ...

    def course_node(self, entry: Entry, provider: Provider, pins: Pins) -> dict[str, Any]: ...


class ExportFormat(NamedTuple):
    """How a catalogue is written; ``file`` is the end of the file's name."""

    media_type: str
    file: str
    dump: Callable[[Catalogue], Iterator[bytes]]


def _as_graph(graph: Graph, catalogue: Catalogue) -> Iterator[bytes]:
    """Node by node, so that a large catalogue is never in memory as a whole."""
    head, tail = msgspec.json.encode(graph.document([])).split(b"[]")
    yield head + b"["
    for place, entry in enumerate(catalogue.entries()):
        node = graph.course_node(entry, catalogue.provider, catalogue.pins)
        yield (b",\n" if place else b"\n") + msgspec.json.encode(node)
    yield b"]" + tail + b"\n"


FORMATS: Mapping[str, ExportFormat] = {
    "json": ExportFormat("application/json", "catalogue.json", as_json),
    "ndjson": ExportFormat("application/x-ndjson", "catalogue.ndjson", as_ndjson),
    "courses-csv": ExportFormat("text/csv", "courses.csv", courses_as_csv),
    "mappings-csv": ExportFormat("text/csv", "mappings.csv", mappings_as_csv),
    "xlsx": ExportFormat(_XLSX, "catalogue.xlsx", as_workbook),
    "schema-org": ExportFormat("application/ld+json", "schema-org.jsonld", partial(_as_graph, schema_org)),
    "elm": ExportFormat("application/ld+json", "elm.jsonld", partial(_as_graph, elm)),
    "moodle": ExportFormat("text/csv", "moodle.csv", as_moodle),
}
