"""Plans, decisions and previews as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.formats.document import Place, Problems
from competency_api.formats.reading.encoding import text_of
from competency_api.formats.tabular.cells import guarded, unguarded

PLAN_COLUMNS = (
    *("course", "concept", "relation", "level", "hours", "version", "outcome", "reason", "candidates", "result"),
    *("label_before", "definition_before", "label_after", "definition_after", "decision"),
)
_DELIMITERS = ",;\t"
#: Rows that one file may have.
MOST_ROWS = 20_000

Cell = str | int | float | None


class Rows(NamedTuple):
    """A table: the names of its columns, and its rows by line, each with a cell for every name."""

    names: list[str]
    rows: list[tuple[int, list[str]]]

    def column(self, cells: Sequence[str], name: str) -> str:
        """The cell of a column; empty where there is no such column."""
        return cells[self.names.index(name)].strip() if name in self.names else ""


def as_csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    """The rows as CSV that spreadsheets open: UTF-8 with a byte order mark, formulas defused."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerows(["" if cell is None else guarded(str(cell)) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def read(data: bytes, needed: Sequence[str], problems: Problems, source: str = "file") -> Rows | None:
    """The table in a file; None after adding what is wrong with the whole of it."""
    text = text_of(data, source, problems)
    if text is None:
        return None
    lines = list(_lines(text, source, problems))
    if not lines or problems:
        return None
    (line, first), *rest = lines
    names = [unguarded(cell.strip()) for cell in first]
    for name in needed:
        if name not in names:
            problems.add(Place(source, line, 0, name), f'The column "{name}" is missing.{did_you_mean(name, names)}')
    if len(rest) > MOST_ROWS:
        problems.add(Place(source), f"The file has {len(rest):,} rows; at most {MOST_ROWS:,} are taken at once.")
    for line, cells in rest:
        if len(cells) != len(names):
            problems.add(Place(source, line), f"The row has {len(cells)} cells, and there are {len(names)} columns.")
    return None if problems else Rows(names, [(line, [unguarded(cell) for cell in cells]) for line, cells in rest])


def _lines(text: str, source: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells) and not cells[0].startswith("#"):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(Place(source, reader.line_num), f"This row is not CSV: {printable(error)}.")
