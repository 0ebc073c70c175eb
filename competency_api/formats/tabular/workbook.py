"""Tables as workbooks (XLSX), and the cells of workbooks as text.

A workbook is an archive of XML that anybody may have made: it is read in a process of its own, which gives itself so
much memory and time and no more (``workbook_reader.py``). If that process dies, the file is refused and nothing else
happens.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from competency_api.core.errors import NotAcceptable
from competency_api.core.text import printable
from competency_api.formats.document import Place, Problems
from competency_api.formats.tabular.cells import guarded

#: More than that, and Excel cuts a text or calls the file damaged.
LONGEST_CELL = 32_767
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: The sheet that is read where a workbook has several.
SHEET = "concepts"
#: Longer than the reader gives itself: it should be the one to end.
_SECONDS = 60
_READER = Path(__file__).with_name("workbook_reader.py")
_SAME_EVERY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # the library takes no zone
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_OPTIONS = {"constant_memory": True} | dict.fromkeys(
    ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
)


def as_workbook(rows: Iterable[Iterable[str]], sheet: str = SHEET) -> bytes:
    """One sheet with these rows, the first one being names. The same rows give the same bytes.

    Raises NotAcceptable where they do not fit into a workbook.
    """
    written = io.BytesIO()
    book, head = new_book(written)
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 1)
    page.set_column(0, MOST_COLUMNS - 1, 20)
    try:
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                write_text(page, line, column, cell, None if line else head)
    finally:
        book.close()
    return written.getvalue()


def new_book(written: io.BytesIO) -> tuple[Any, Any]:
    """An empty workbook that writes texts as texts and nothing of the moment, and the look of its heads."""
    book = xlsxwriter.Workbook(written, _OPTIONS)
    book.set_properties({"created": _SAME_EVERY_TIME})
    return book, book.add_format({"bold": True})


def write_text(page: Any, line: int, column: int, cell: str, how: Any) -> None:
    """Write a cell of a sheet, unless it is empty. Raises NotAcceptable for what does not fit into a workbook."""
    if cell:
        _require_fits(line, column, cell)
        page.write_string(line, column, guarded(cell), how)


def _require_fits(line: int, column: int, cell: str) -> None:
    remedy = "take another format, such as CSV."
    if len(cell) >= LONGEST_CELL:
        of = f'"{printable(cell, 40)}" has {len(cell):,}'
        raise NotAcceptable(f"{of} characters, and a cell of a workbook at most {LONGEST_CELL:,}; {remedy}")
    if line >= MOST_ROWS or column >= MOST_COLUMNS:
        raise NotAcceptable(f"A workbook has at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns; {remedy}")
    if _UNWRITABLE.search(cell):
        raise NotAcceptable(f'"{printable(cell, 40)}" has characters that a workbook cannot hold; {remedy}')


# -- reading -----------------------------------------------------------------------------------------------------------


def cells_in(data: bytes, source: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, or of the one called ``concepts``, with their numbers; blank ones are left out.

    All have a cell for each name, as the rows of a CSV. Adds what is wrong: of a cell that holds no text, or of the
    whole file.
    """
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        problems.add(Place(source), "The file is empty.")
        return
    yield from cells_of_sheet(data, SHEET, source, problems, wanted="with one table")


def cells_of_sheet(
    data: bytes, sheet: str, source: str, problems: Problems, *, wanted: str
) -> Iterator[tuple[int, list[str]]]:
    """The same of the sheet of this name, or of the first one; ``wanted`` says what workbook was expected."""
    width = 0
    for line, cells, faults in _rows_read(data, sheet, source, problems, wanted):
        for column, message in faults:
            problems.add(Place(source, line, column), message)
        width = width or len(cells)
        yield line, cells + [""] * (width - len(cells))


def _rows_read(data: bytes, sheet: str, source: str, problems: Problems, wanted: str) -> Iterator[Any]:
    try:
        done = subprocess.run(  # noqa: S603  # our own program; the file is its input
            [sys.executable, "-I", str(_READER), sheet], input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        problems.add(Place(source), f"Reading it takes too long; is it a workbook {wanted}?")
        return
    lines = done.stdout.decode("utf-8", "surrogatepass").split("\n")
    end = json.loads(lines[-2]) if done.returncode == 0 and len(lines) > 1 else {}
    if end != {"end": True}:
        refused = end.get("refused") if isinstance(end, dict) else None
        message = refused or "It cannot be read: it is no workbook (XLSX), is damaged, or asks for too much memory."
        problems.add(Place(source), message)
        return
    for text in lines[:-2]:
        yield json.loads(text)
