"""Codes and URIs of one version found again in another, as they are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from competency_api.concepts.presentation import Presenter
from competency_api.formats.tabular.writing import as_csv
from competency_api.taxonomy.conversion import Conversion, convert


def _own_code(asked: str, base_url: str) -> str:
    """The code in one of our own URIs; anything else as it is."""
    own = f"{base_url}/id/"
    return asked[len(own) :] if asked.startswith(own) else asked


def _shown(asked: str, found: Conversion, source: Presenter, target: Presenter) -> dict[str, Any]:
    return {
        "asked": asked,
        "outcome": found.outcome,
        "concept": source.reference(found.concept) if found.concept else None,
        "result": target.reference(found.result) if found.result else None,
        "candidates": list(target.successors(found.candidates)),
        "alignment": msgspec.to_builtins(found.alignment) if found.alignment else None,
    }


_COLUMNS = ("asked", "outcome", "concept", "result", "label", "lang", "candidates")


def as_table(document: dict[str, Any]) -> Iterator[bytes]:
    """The same as CSV: a row for each item, with the label of its result in one language."""
    rows = ([str(cell or "") for cell in _row(item)] for item in document["items"])
    return as_csv([_COLUMNS, *rows])


def _row(item: dict[str, Any]) -> list[str | None]:
    concept, result = item["concept"] or {}, item["result"] or {}
    label = result.get("label") or {}
    candidates = "; ".join(f"{end['code']} {end['match']}" for end in item["candidates"])
    said = (item["outcome"], concept.get("code"), result.get("code"), label.get("text"), label.get("lang"))
    return [item["asked"], *said, candidates]


def conversions(items: Iterable[str], source: Presenter, target: Presenter) -> dict[str, Any]:
    """The answer for codes, former codes, our URIs and URIs of aligned concepts, in the order asked."""
    pairs = [(asked, convert(_own_code(asked, source.base_url), source.taxonomy, target.taxonomy)) for asked in items]
    return {
        "from": source.number,
        "to": target.number,
        "counts": dict(sorted(Counter(found.outcome.value for _, found in pairs).items())),
        "items": [_shown(asked, found, source, target) for asked, found in pairs],
    }
