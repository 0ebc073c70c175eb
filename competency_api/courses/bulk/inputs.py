"""Files that were sent: which format they are, and their rows as cells of text.

Nothing holds a whole file but the JSON of one document: rows come one by one, with the line in which they begin.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from competency_api.core.errors import UnsupportedMediaType
from competency_api.courses.bulk.columns import is_column
from competency_api.formats.document import Place, Problems
from competency_api.formats.reading.encoding import text_of
from competency_api.formats.tabular.cells import unguarded

#: Formats by their media type.
MEDIA_TYPES = {
    "text/csv": "csv",
    "application/x-ndjson": "ndjson",
    "application/json": "json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
FORMATS = tuple(MEDIA_TYPES.values())
_DELIMITERS = ",;\t"
_IN_WORDS = {
    "unexpected end of data": 'The quote (") that opens in this row is never closed.',
    "field larger than field limit (131072)": "A cell of this row has over 131,072 characters; is a quote missing?",
}

#: Rows of a table with their lines; the first one holds the names of the columns.
Rows = Iterator[tuple[int, list[str]]]


class Input(NamedTuple):
    """A file to be imported. ``name`` is what its problems are told with; ``stream`` can be read again from 0."""

    name: str
    format: str
    stream: BinaryIO


class Table(NamedTuple):
    """A table with named columns. ``shift`` is what is left out at the beginning of cells that look like formulas."""

    source: str
    line: int
    names: list[str]
    rows: Rows


def format_of(media_type: str, name: str = "") -> str:
    """The format of a file by its type, or by the ending of its name. Raises UnsupportedMediaType."""
    ending = name.rpartition(".")[2].lower()
    found = MEDIA_TYPES.get(media_type) or (ending if ending in FORMATS else None)
    if found is None:
        raise UnsupportedMediaType(f"A file is sent as one of: {', '.join(MEDIA_TYPES)}.")
    return found


def named(source: str, rows: Rows, problems: Problems) -> Table | None:
    """The table whose first row names its columns; None after adding that there is none."""
    first = next(rows, None)
    if first is None:
        if not problems:
            problems.add(Place(source), "The file is empty.")
        return None
    line, cells = first
    return Table(source, line, [unguarded(cell.strip()) for cell in cells], rows)


def csv_rows(file: Input, problems: Problems) -> Rows:
    """The rows of a CSV file that are not blank."""
    if not _is_utf8(file, problems):
        return
    file.stream.seek(0)
    text = io.TextIOWrapper(file.stream, "utf-8-sig", newline="")
    try:
        first = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter=_delimiter_of(first), strict=True)
        line = 1
        for cells in _each(reader, file.name, problems):
            if cells:
                yield line, cells
            line = reader.line_num + 1
    finally:
        # else the file would be closed with it
        if not file.stream.closed:
            text.detach()


def _each(reader: Iterable[list[str]], source: str, problems: Problems) -> Iterator[list[str]]:
    """The rows until the first that is no CSV: what comes behind a quote that is not closed means nothing."""
    try:
        yield from reader
    except csv.Error as error:
        line = reader.line_num  # type: ignore[attr-defined]  # the csv module's reader has no name of its own
        problems.add(Place(source, line), _IN_WORDS.get(str(error), f"This row is not CSV: {error}."))


def _is_utf8(file: Input, problems: Problems) -> bool:
    """Whether the file is text in UTF-8; adds what is wrong with it, by lines."""
    file.stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = file.stream.read(4)
    try:
        decoder.decode(first)
        while piece := file.stream.read(2**20):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        first = b""
    if first and b"\x00" not in first:
        return True
    file.stream.seek(0)
    text_of(file.stream.read(), file.name, problems)
    return False


def _delimiter_of(line: str) -> str:
    """The delimiter by which the first row names the most columns that are known."""

    def known(delimiter: str) -> int:
        try:
            row = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:  # told with its place when the row is read
            return 0
        return sum(is_column(unguarded(name.strip())) for name in row)

    return max(_DELIMITERS, key=known)
