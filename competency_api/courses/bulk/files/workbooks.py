"""Workbooks with a sheet of courses, one of mappings, or both; read apart from the service, as every workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from competency_api.courses.bulk.files.inputs import BATCH, Batches, Input
from competency_api.formats.document import Place, Problems
from competency_api.formats.tabular.workbook import cells_of_sheet, new_book, write_text

SHEETS = ("courses", "mappings")


def sheets_in(file: Input, problems: Problems) -> list[Batches]:
    """The rows of its sheets ``courses`` and ``mappings``, or of its first one if it has neither."""
    file.stream.seek(0)
    data = file.stream.read()
    found: list[list[tuple[int, list[str]]]] = []
    for sheet in SHEETS:
        rows = list(cells_of_sheet(data, sheet, file.name, problems, wanted="of courses and mappings"))
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


def workbook(sheets: Mapping[str, Iterable[Iterable[str]]]) -> bytes:
    """A workbook with these sheets, whose first rows are names. Raises NotAcceptable where they do not fit into one."""
    written = io.BytesIO()
    book, head = new_book(written)
    try:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 1)
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write_text(page, line, column, cell, None if line else head)
    finally:
        book.close()
    return written.getvalue()
