"""What a migration would do to a file of mappings that we do not have: each row's outcome, and the file afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from competency_api.core.nearest import hint_of_codes
from competency_api.core.text import printable
from competency_api.courses.values import LONGEST_EVIDENCE
from competency_api.taxonomy.conversion import convert
from competency_api.taxonomy.migration import ConceptOutcome, Outcomes
from competency_api.taxonomy.taxonomy import Taxonomy

UNKNOWN = "unknown"
#: A row by the names of its columns or members.
Row = dict[str, Any]


class Previewed(NamedTuple):
    """A row, what its concept is in its own version, and what becomes of it; ``found`` None for an unknown concept."""

    line: int
    row: Row
    version: str
    found: ConceptOutcome | None
    message: str = ""

    @property
    def outcome(self) -> str:
        return self.found.outcome.value if self.found else UNKNOWN


class Way(NamedTuple):
    """From one version to the asked one: the number of the first and the outcomes."""

    number: str
    outcomes: Outcomes


def previewed(rows: Iterable[tuple[int, Row]], way_from: Callable[[str], Way], own: str) -> list[Previewed]:
    """What becomes of each row. ``way_from`` takes what its column ``version`` says; ``own`` begins our own URIs.

    A concept is named by code, former code, our URI, or an aligned one of another scheme that leads to one concept.
    """
    return [_previewed(line, row, way_from(str(row.get("version") or "")), own) for line, row in rows]


def _previewed(line: int, row: Row, way: Way, own: str) -> Previewed:
    asked = str(row.get("concept") or "").strip()
    source = way.outcomes.old
    code = asked.removeprefix(own)
    concept = code if code in source else convert(code, source, source).concept
    if concept is None:
        return Previewed(line, row, way.number, None, _unknown(asked, source, way.number))
    found = way.outcomes[concept]
    return Previewed(line, row, way.number, found, found.reason)


def _unknown(asked: str, source: Taxonomy, number: str) -> str:
    several = convert(asked, source, source).candidates
    if several:
        return f'"{printable(asked)}" stands for several: {", ".join(end.code for end in several)}.'
    return f'Version {number} has no concept "{printable(asked)}".{hint_of_codes(asked, source.concepts)}'


def rewritten(found: Sequence[Previewed], number: str) -> list[Row]:
    """The rows as they would be saved: what moves by itself moved, the rest as it was, with its version.

    Rows that come to the same course, concept and relation are joined, since a file names each once.
    """
    rows: list[Row] = []
    places: dict[tuple[str, ...], int] = {}
    for entry in found:
        row = _moved(entry, number)
        key = tuple(str(row.get(name)) for name in ("course", "concept", "relation", "version"))
        if "course" in row and key in places:
            rows[places[key]] = _joined(rows[places[key]], row)
        else:
            places[key] = len(rows)
            rows.append(row)
    return rows


def _moved(entry: Previewed, number: str) -> Row:
    result = entry.found.result if entry.found else None
    if result is None:
        return {**entry.row, "version": entry.version}
    return {**entry.row, "concept": result, "version": number}


def _joined(first: Row, second: Row) -> Row:
    """The higher level, the hours of both, the evidence of both: in the kind of value that the file has."""
    joined = dict(first)
    levels = [value for row in (first, second) if (value := row.get("level")) not in (None, "")]
    if levels:
        joined["level"] = max(levels, key=str)
    hours = [value for row in (first, second) if (value := row.get("hours")) not in (None, "")]
    if len(hours) > 1:
        joined["hours"] = _added(*hours)
    elif hours:
        joined["hours"] = hours[0]
    said = [value for row in (first, second) if (value := row.get("evidence"))]
    if said:
        joined["evidence"] = " / ".join(dict.fromkeys(map(str, said)))[:LONGEST_EVIDENCE]
    return joined


def _added(first: Any, second: Any) -> Any:
    """The sum, as text where the file has text; what is no number stays as it is, for the import to tell."""
    try:
        total = round(float(first) + float(second), 2)
    except (TypeError, ValueError):
        return first
    if not math.isfinite(total):
        return first
    whole = int(total) if total.is_integer() else total
    return str(whole) if isinstance(first, str) else whole
