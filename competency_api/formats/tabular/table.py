"""A table as text to entries: delimiter, header row, rows with their lines and columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from competency_api.core.nearest import did_you_mean, nearest
from competency_api.core.text import printable
from competency_api.formats.document import Entry, Place, Problems
from competency_api.formats.reading.concepts import read_concept
from competency_api.formats.tabular.cells import CellError, unguarded
from competency_api.formats.tabular.columns import DIGEST, STATUS, Column, find_column, known_names

#: Begins the only cell of a row that is a remark, not a concept.
REMARK = "#"
_DELIMITERS = (",", ";", "\t")
_EXCEL_LINE = re.compile("sep=([,;\t|])\r?\n")
_IN_WORDS = {
    "unexpected end of data": 'The quote (") that opens in this row is never closed.',
    "field larger than field limit (131072)": "A cell of this row has over 131,072 characters; is a quote missing?",
}


def read_table(text: str, source: str, problems: Problems) -> list[Entry]:
    """The concept of every row of a CSV that can be read; adds what is wrong with the others."""
    return read_rows(_rows(text, source, problems), source, problems)


def read_rows(rows: Iterator[tuple[int, list[str]]], source: str, problems: Problems) -> list[Entry]:
    """The same of rows with their lines, whatever file they come from; the first one names the columns."""
    rows = ((line, cells) for line, cells in rows if any(cell.strip() for cell in cells) and not is_remark(cells))
    before = len(problems)
    line, names = next(rows, (1, []))
    if not names and len(problems) > before:  # it could not be read at all
        return []
    table = _table(source, line, [unguarded(name.strip()) for name in names], problems)
    if table is None:
        return []
    return [entry for line, cells in rows if (entry := _read_row(table, line, cells, problems))]


def _rows(text: str, source: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Every row with its first line: a quoted cell may have several."""
    first_line = 1
    if excel := _EXCEL_LINE.match(text):
        text = text[excel.end() :]
        first_line = 2
    delimiter = excel[1] if excel else _delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add(Place(source, line), _IN_WORDS.get(str(error), f"This row is not CSV: {error}."))
            continue
        yield line, cells


def is_remark(cells: Sequence[str]) -> bool:
    """Whether a row has one cell with text, and that begins with ``#``: no code does."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and filled[0].lstrip().startswith(REMARK)


def _delimiter_of(text: str) -> str:
    """The delimiter by which the first row names the most columns that are known."""

    def known(delimiter: str) -> int:
        try:
            row = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:  # told with its place when the row is read
            return 0
        return sum(find_column(unguarded(name.strip())) is not None for name in row)

    return max(_DELIMITERS, key=known)


@dataclass(frozen=True)
class _Table:
    """The header row: what each column says, None where that is unknown."""

    source: str
    columns: Sequence[Column | None]

    @cached_property
    def names(self) -> list[str]:
        return [column.name if column else "" for column in self.columns]

    @cached_property
    def given(self) -> frozenset[str]:
        return frozenset(column.pointer for column in self.columns if column and column.path)

    @cached_property
    def _indexes(self) -> dict[str, int]:
        return {column.pointer: index for index, column in enumerate(self.columns) if column and column.path}

    def place(self, line: int, index: int) -> Place:
        column = self.columns[index]
        return Place(self.source, line, index + 1, column.name if column else "")

    def locate(self, line: int, pointer: str) -> Place:
        """The cell that says what the pointer names, or a part of it; else the row."""
        around = pointer
        while around and around not in self._indexes:
            around = around.rpartition("/")[0]
        inside = (index for other, index in self._indexes.items() if pointer and other.startswith(f"{pointer}/"))
        index = self._indexes.get(around, next(inside, None))
        return Place(self.source, line, 0, pointer) if index is None else self.place(line, index)


def _table(source: str, line: int, names: list[str], problems: Problems) -> _Table | None:
    """The header row; None, after adding why, when the rows below it cannot be read by it."""
    before = len(problems)
    table = _Table(source, [find_column(name) for name in names])
    languages = {tag for name in names if (tag := name.partition("@")[2])} | {"en"}
    for index, (name, column) in enumerate(zip(names, table.columns, strict=True)):
        place = Place(source, line, index + 1, name)
        if not name:
            problems.add(place, f"Column {index + 1} has no name.")
        elif column is None:
            problems.add(place, _unknown_name(name, languages))
        elif name in names[:index]:
            problems.add(place, f'The column "{name}" stands twice, first as column {names.index(name) + 1}.')
    for missing, why in _missing(names):
        problems.add(Place(source, line, 0, missing), f'The column "{missing}" is missing; {why}.')
    return table if len(problems) == before else None


def _unknown_name(name: str, languages: set[str]) -> str:
    known = list(known_names(languages))
    hint = did_you_mean(name, known) if nearest(name, known) else " The names are those of an exported file."
    return f'There is no column "{printable(name)}".{hint}'


def _missing(names: list[str]) -> Iterator[tuple[str, str]]:
    """Columns without which others cannot be understood, with the reason."""
    if "code" not in names:
        yield "code", "it says which concept a row is"
    for tag in dict.fromkeys(name.partition("@")[2] for name in names if name.startswith(("alternative@", "hidden@"))):
        if f"label@{tag}" not in names:
            yield f"label@{tag}", "there are other labels in this language"
    if any(name.startswith("retirement.") for name in names):
        needed = [name for name in ("retirement.reason", "retirement.on") if name not in names]
        yield from ((name, "a retirement needs it") for name in needed)


def _read_row(table: _Table, line: int, cells: list[str], problems: Problems) -> Entry | None:
    if len(cells) < len(table.columns) or any(cell.strip() for cell in cells[len(table.columns) :]):
        message = f"This row has {len(cells)} cells and the first one {len(table.columns)}; is a delimiter unquoted?"
        problems.add(Place(table.source, line), message)
        return None
    before = len(problems)
    content = _content(table, line, cells, problems)
    _check_status(table, line, cells, content, problems)
    entry = read_concept(content, partial(table.locate, line), problems, table.given)
    if entry is None or len(problems) > before:
        return None
    return replace(entry, seen=_said(table, DIGEST, cells))


def _content(table: _Table, line: int, cells: list[str], problems: Problems) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for index, (column, cell) in enumerate(zip(table.columns, cells, strict=False)):
        if column is None or not column.path or not cell.strip():
            continue
        try:
            _put(content, column.path, column.codec.decode(unguarded(cell)))
        except CellError as error:
            problems.add(table.place(line, index), str(error), cell)
    return content


def _put(content: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *parents, last = path
    node = content
    for parent in parents:
        node = node.setdefault(parent, {})
        if not isinstance(node, dict):
            raise CellError(f'Another column says all of "{parent}" already.')
    if last in node:
        raise CellError(f'Other columns say parts of "{last}" already.')
    node[last] = value


def _said(table: _Table, name: str, cells: list[str]) -> str:
    """What the row says in a column that is no part of the concept; empty without that column."""
    return cells[table.names.index(name)].strip() if name in table.names else ""


def _check_status(table: _Table, line: int, cells: list[str], content: dict[str, Any], problems: Problems) -> None:
    """The status follows from the retirement; a cell that says otherwise is a mistake that would go unnoticed."""
    said = _said(table, STATUS, cells)
    if not said:
        return
    place = table.place(line, table.names.index(STATUS))
    if said not in ("active", "retired"):
        problems.add(place, f'"{printable(said)}" is no status.{did_you_mean(said, ("active", "retired"))}', said)
    elif said == "active" and "retirement" in content:
        problems.add(place, 'The row tells of a retirement, so its status is "retired".', said)
    elif said == "retired" and "retirement" not in content and "/retirement/reason" in table.given:
        problems.add(place, 'Retiring needs "retirement.reason" and "retirement.on" in the same row.', said)
