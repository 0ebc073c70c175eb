"""Coverage as a workbook (XLSX): the table of concepts, and the bars of the page as numbers."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import xlsxwriter

from competency_api.courses.reports.writing.table import Cell
from competency_api.formats.tabular.workbook import write_text

_SAME_EVERY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)  # the library takes no zone
_OPTIONS = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
_GROUPS = ("disciplines", "kinds", "phases")
_STATES = ("covered", "below", "level-not-told", "missing")
_COLUMNS = ("by", "name", "label", "concepts", *_STATES, "percent_covered", "teaching", "hours", "gap")


def as_workbook(sheets: Mapping[str, Iterable[Iterable[Cell]]]) -> bytes:
    """A workbook with a sheet for each table, the first row of each being names; the same rows give the same bytes."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **_OPTIONS})
    book.set_properties({"created": _SAME_EVERY_TIME})
    head = book.add_format({"bold": True})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 1)
        page.set_column(0, 0, 12)
        page.set_column(1, 1, 48)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    write_text(page, line, column, cell, None if line else head)
                elif cell is not None:
                    page.write_number(line, column, cell)
    book.close()
    return written.getvalue()


def group_rows(document: dict[str, Any]) -> Iterator[list[Cell]]:
    """The sums of a coverage in one language, first the names of the columns."""
    yield list(_COLUMNS)
    yield ["all", "", "", *_measures(document["summary"])]
    for by in _GROUPS:
        for group in document[by]:
            label = group.get("label")
            name = group.get("code") or group.get("kind") or group.get("phase")
            yield [by, name, label["text"] if label else "", *_measures(group)]


def _measures(group: dict[str, Any]) -> list[Cell]:
    states = group["states"]
    counts = [states[state]["count"] for state in _STATES]
    return [group["concepts"], *counts, states["covered"]["percent"], group["teaching"], group["hours"], group["gap"]]
