"""Coverage as the rows of a table: one for each concept in question, and below them what it is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from competency_api.formats.tabular.cells import guarded

REMARK = "#"
_LEVELS = ("1", "2", "3", "4", "not-told")
COLUMNS = (
    *("code", "label", "lang", "kind", "state", "expected", "taught", "assessed", "gap"),
    *("teaching", "assessing", "requiring", *(f"level_{level.replace('-', '_')}" for level in _LEVELS), "hours"),
)
COMPARED_COLUMNS = (
    *("code", "label", "lang", "development", "state_before", "state_after", "expected_before", "expected_after"),
    *("taught_before", "taught_after", "gap_before", "gap_after", "teaching_before", "teaching_after"),
    *("waiting", "successors"),
)
_COMPARED = ("state", "expected", "taught", "gap", "teaching")

Cell = str | int | float | None


def report_rows(document: dict[str, Any]) -> Iterator[list[Cell]]:
    """The rows of a coverage in one language, first the names of the columns."""
    yield list(COLUMNS)
    for found in document["concepts"]:
        courses, levels = found["courses"], found["levels"]
        yield [
            *_named(found),
            *(found[name] for name in ("kind", "state", "expected", "taught", "assessed", "gap")),
            *(courses[name] for name in ("teaching", "assessing", "requiring")),
            *(levels.get(level, 0) for level in _LEVELS),
            found["hours"],
        ]
    yield from _remarks(document, document["summary"], len(COLUMNS))


def comparison_rows(document: dict[str, Any]) -> Iterator[list[Cell]]:
    """The rows of a comparison in one language, first the names of the columns."""
    yield list(COMPARED_COLUMNS)
    for found in document["concepts"]:
        sides = [_compared(found[side]) for side in ("before", "after")]
        yield [
            *_named(found),
            found["development"],
            *(side.get(name) for name in _COMPARED for side in sides),
            found["waiting"],
            " ".join(successor["code"] for successor in found["successors"]),
        ]
    yield from _remarks(document, document["after"], len(COMPARED_COLUMNS))


def _named(found: dict[str, Any]) -> list[Cell]:
    label = found["label"] or {"text": None, "lang": None}
    return [found["code"], label["text"], label["lang"]]


def _compared(side: dict[str, Any] | None) -> dict[str, Any]:
    return {} if side is None else {**side, "teaching": side["courses"]["teaching"]}


def _remarks(document: dict[str, Any], total: dict[str, Any], width: int) -> Iterator[list[Cell]]:
    against, states, waiting = document["against"], total["states"], document["waiting"]["mappings"]
    covered = states["covered"]
    remarks = [
        f"version {document['version']} on {document['on']}, against {against['by']} {' '.join(against['values'])}",
        f"covered: {covered['count']} of {covered['of']} concepts",
    ]
    if waiting:
        remarks.append(f"not counted: {waiting} mappings to concepts of other versions, which wait for a decision")
    for remark in remarks:
        yield [f"{REMARK} {remark}", *[None] * (width - 1)]


def as_csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    """The rows as CSV that spreadsheets open: UTF-8 with a byte order mark, formulas defused."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in rows:
        writer.writerow(["" if cell is None else guarded(str(cell)) for cell in row])
    return written.getvalue().encode("utf-8-sig")
