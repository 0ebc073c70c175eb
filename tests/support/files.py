"""Files of our formats for tests: made of concepts as JSON, read back as concepts or as the lines of their problems."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import strategies as st

from competency_api.formats import FORMATS
from competency_api.formats.document import FORMAT, Document, Header
from competency_api.formats.reading.concepts import completed
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept
from tests.strategies_broken import json_values


def as_file(name: str, taxonomy: Taxonomy, header: Header | None = None) -> bytes:
    return b"".join(FORMATS[name].dump(taxonomy, header))


def read(name: str, data: bytes | str) -> Document:
    return FORMATS[name].load(data.encode() if isinstance(data, str) else data, f"file.{name}")


def taxonomy_of(document: Document) -> Taxonomy:
    """What the file alone states; it must have no problems."""
    assert document.problems == ()
    return Taxonomy(completed(entry, None) for entry in document.entries)


def problems_of(document: Document) -> list[str]:
    return [str(problem) for problem in document.problems]


def as_json(concept: Concept | None = None, **fields: Any) -> dict[str, Any]:
    """The JSON of a concept (default: a competency) with some fields replaced, ``None`` leaves a field out."""
    content: dict[str, Any] = msgspec.to_builtins(concept or a_concept()) | fields
    return {name: value for name, value in content.items() if value is not None}


def json_file(*concepts: Any, indent: int | None = None, **members: Any) -> str:
    """A file of our JSON with these concepts, which may be anything."""
    return json.dumps({"format": FORMAT, **members, "concepts": list(concepts)}, indent=indent, ensure_ascii=False)


def csv_file(*rows: str) -> str:
    return "".join(f"{row}\r\n" for row in rows)


def storable_json_values() -> st.SearchStrategy[Any]:
    """Anything that JSON can hold and a file of ours may: without numbers beyond 64 bits."""
    return json_values().filter(lambda value: not _has_large_numbers(value))


def _has_large_numbers(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_large_numbers, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float | int) and abs(value) >= 2**63
