"""Workbooks with a sheet of courses, one of mappings, or both; read apart from the service, as every workbook."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from competency_api.core.errors import NotAcceptable
from competency_api.core.text import printable
from competency_api.courses.bulk.files.inputs import BATCH, Batches, Input
from competency_api.formats.document import Place, Problems
from competency_api.formats.tabular import workbook_reader
from competency_api.formats.tabular.cells import guarded
from competency_api.formats.tabular.workbook import LONGEST_CELL

SHEETS = ("courses", "mappings")
_MOST_ROWS = 1_048_576
_SECONDS = 60
_SAME_EVERY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # the library takes no zone
_OPTIONS = {"constant_memory": True} | dict.fromkeys(
    ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
)


def sheets_in(file: Input, problems: Problems) -> list[Batches]:
    """The rows of its sheets ``courses`` and ``mappings``, or of its first one if it has neither."""
    file.stream.seek(0)
    data = file.stream.read()
    found: list[list[tuple[int, list[str]]]] = []
    for sheet in SHEETS:
        rows = _rows(data, sheet, file.name, problems)
        if rows and rows not in found:
            found.append(rows)
        if problems:
            return []
    if not found:
        problems.add(Place(file.name), "The file is empty.")
    return [_batches(rows) for rows in found]


def _batches(rows: list[tuple[int, list[str]]]) -> Batches:
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        yield [line for line, _ in some], [cells for _, cells in some]


def _rows(data: bytes, sheet: str, source: str, problems: Problems) -> list[tuple[int, list[str]]]:
    command = [sys.executable, "-I", str(workbook_reader.__file__), sheet]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603  # our own program
    except subprocess.TimeoutExpired:
        problems.add(Place(source), "Reading it takes too long; is it a workbook of courses and mappings?")
        return []
    lines = done.stdout.decode("utf-8", "surrogatepass").split("\n")
    end = json.loads(lines[-2]) if done.returncode == 0 and len(lines) > 1 else {}
    if end != {"end": True}:
        broken = "It cannot be read: it is no workbook (XLSX), is damaged, or asks for too much memory."
        problems.add(Place(source), end.get("refused") or broken)
        return []
    found: list[tuple[int, list[str]]] = []
    width = 0
    for text in lines[:-2]:
        line, cells, faults = json.loads(text)
        for column, message in faults:
            problems.add(Place(source, line, column), message)
        width = width or len(cells)
        found.append((line, cells + [""] * (width - len(cells))))
    return found


def workbook(sheets: Mapping[str, Iterable[Iterable[str]]]) -> bytes:
    """A workbook with these sheets, whose first rows are names. Raises NotAcceptable where they do not fit into one."""
    written = io.BytesIO()
    book: Any = xlsxwriter.Workbook(written, _OPTIONS)
    book.set_properties({"created": _SAME_EVERY_TIME})
    head = book.add_format({"bold": True})
    try:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 1)
            for line, row in enumerate(rows):
                if line >= _MOST_ROWS:
                    raise NotAcceptable(f"A sheet has at most {_MOST_ROWS:,} rows; take another format, such as CSV.")
                for column, cell in enumerate(row):
                    _write(page, line, column, cell, None if line else head)
    finally:
        book.close()
    return written.getvalue()


def _write(page: Any, line: int, column: int, cell: str, how: Any) -> None:
    if len(cell) >= LONGEST_CELL:
        message = f'"{printable(cell, 40)}" is too long for a cell of a workbook; take another format, such as CSV.'
        raise NotAcceptable(message)
    if cell:
        page.write_string(line, column, guarded(cell), how)
