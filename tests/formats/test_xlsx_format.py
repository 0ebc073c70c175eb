"""Workbooks: what spreadsheets make of a table, what hostile ones are, and that none comes near the service."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competency_api.core.errors import NotAcceptable
from competency_api.formats import TABLES
from competency_api.formats.document import Header, Problems
from competency_api.formats.tabular.cells import unguarded
from competency_api.formats.tabular.workbook import LONGEST_CELL, as_workbook, cells_in
from competency_api.formats.tabular.workbook_reader import MOST_UNPACKED
from competency_api.taxonomy.concept import Labels
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy
from tests.support.files import as_file, problems_of, read, taxonomy_of


def a_workbook(*rows: tuple[Any, ...], sheets: tuple[str, ...] = ("Sheet",), into: str = "Sheet") -> bytes:
    """As somebody's spreadsheet would write it; the rows go into the sheet that ``into`` names."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        book.create_sheet(name)
    for row in rows:
        book[into].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(data: bytes, part: str, change: tuple[bytes, bytes]) -> bytes:
    """The same archive with something in one part replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, content.replace(*change) if item.filename == part else content)
    return written.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


# lone surrogates and what XML has no words for are refused; a carriage return is a line end
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff"))


@given(texts=st.lists(TEXTS, min_size=1, max_size=60))
@settings(max_examples=15)
def test_every_text_comes_back_and_none_is_a_formula(texts: list[str]) -> None:
    data = TABLES["xlsx"].write([["code"], ["C001", *texts]])
    cells = openpyxl.load_workbook(io.BytesIO(data)).active
    assert not any(cell.data_type == "f" for row in cells.iter_rows() for cell in row)
    problems = Problems()
    _, (line, found) = cells_in(data, "f", problems)
    said = [unguarded(cell) for cell in found[1:]]
    assert (line, said + [""] * (len(texts) - len(said)), len(problems)) == (2, texts, 0)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "'=1", "''+1", "_x0041_", "_x005F_", "ax005F_b", "_x0041_x0042_", "a\nb", "007", "1e5"],
)
def test_texts_that_spreadsheets_like_to_change_come_back_as_they_were(text: str) -> None:
    concept = a_concept(labels={"en": Labels(preferred="x")}, definition={"en": text})
    data = as_file("xlsx", Taxonomy([concept]))
    assert taxonomy_of(read("xlsx", data))["C001"] == concept


def test_what_a_spreadsheet_made_of_the_text_is_read_as_one_sees_it() -> None:
    names = ("code", "kind", "label@en", "meaning", "retirement.reason", "retirement.on")
    data = a_workbook(names, ("C001", "competency", 2026, 2.0, True, dt.date(2026, 11, 23)))
    concept = taxonomy_of(read("xlsx", data))["C001"]
    assert (concept.name, concept.meaning) == ("2026", 2)
    assert concept.retirement is not None
    assert (concept.retirement.reason, concept.retirement.on) == ("true", "2026-11-23")


def test_a_formula_and_an_error_are_refused_with_their_cells() -> None:
    data = a_workbook(("code", "label@en", "definition@en"), ("C001", "=1+1", "#REF!"))
    assert problems_of(read("xlsx", data)) == [
        "file.xlsx:2:2: This cell holds a formula; put its result in its place (copy, paste as values).",
        "file.xlsx:2:3: This cell holds the error #REF!; put a value in its place.",
    ]


def test_rows_have_the_numbers_that_the_spreadsheet_shows() -> None:
    data = a_workbook(("code", "label@en"), (), (), ("X1", "One"))
    (problem,) = problems_of(read("xlsx", data))
    assert problem.startswith("file.xlsx:4:1: ")


@pytest.mark.parametrize(("sheets", "into"), [(("Notes", "Concepts"), "Concepts"), (("Mine", "Notes"), "Mine")])
def test_the_sheet_called_concepts_is_read_or_the_first(sheets: tuple[str, ...], into: str) -> None:
    data = a_workbook(("code", "label@en"), ("C001", "One"), sheets=sheets, into=into)
    assert taxonomy_of(read("xlsx", data))["C001"].name == "One"


def test_what_a_file_says_of_its_size_is_not_believed() -> None:
    small = as_workbook([("code", "label@en"), ("C001", "One")])
    data = repacked(small, SHEET, (b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>'))
    assert data != small
    assert len(taxonomy_of(read("xlsx", data))) == 1


def test_the_licence_stands_below_the_last_row() -> None:
    header = Header(number="2.0.0", title="Today", licence="CC BY 4.0", notices=("Thanks.",))
    data = as_file("xlsx", a_taxonomy(), header)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)
    assert [row[0] for row in rows[-2:]] == ["# Today 2.0.0. Licence: CC BY 4.0", "# Thanks."]
    assert taxonomy_of(read("xlsx", data)) == a_taxonomy()


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut() -> None:
    concept = a_concept(definition={"en": "x" * LONGEST_CELL})
    with pytest.raises(NotAcceptable, match="32,767 characters"):
        as_file("xlsx", Taxonomy([concept]))


def a_bomb() -> bytes:
    written = io.BytesIO()
    archive = zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
        for _ in range(MOST_UNPACKED // 2**22 + 1):
            part.write(b" " * 2**22)
    return written.getvalue()


DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
FAR_DOWN = b'<row r="999999"><c r="A999999" t="n"><v>1</v></c></row></sheetData>'
HOSTILE = {
    "unpacks to more than 400 MB": a_bomb,
    "declares a document type": lambda: repacked(as_workbook([("code",)]), SHEET, (DECLARATION, ENTITIES)),
    "more than 200,000 rows": lambda: repacked(as_workbook([("code",)]), SHEET, (b"</sheetData>", FAR_DOWN)),
    "cannot be read": lambda: repacked(as_workbook([("code",)]), SHEET, (b"</sheetData>", b"")),
    "no workbook": lambda: b"PK\x03\x04" + b"\x00" * 100,
    "the older .xls": lambda: b"\xd0\xcf\x11\xe0" * 200,
}


@pytest.mark.parametrize("why", list(HOSTILE))
def test_a_hostile_or_broken_workbook_is_refused_in_one_sentence(why: str) -> None:
    (problem,) = problems_of(read("xlsx", HOSTILE[why]()))
    assert why in problem


def test_what_asks_for_more_memory_than_there_is_takes_nothing_but_its_own_process() -> None:
    # one sign that makes Python take four bytes for each
    cell = f'<c t="inlineStr"><is><t>{"x" * 29_000}\U0001f3d9</t></is></c>'.encode()
    row = b"<row>" + cell * 12_000 + b"</row></sheetData>"
    data = repacked(as_workbook([("code",)]), SHEET, (b"</sheetData>", row))
    assert len(data) < 2**20
    (problem,) = problems_of(read("xlsx", data))
    assert "asks for too much memory" in problem
