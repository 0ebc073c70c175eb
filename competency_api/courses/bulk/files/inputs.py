"""Files that were sent: which format they are, and their rows as cells of text.

Nothing holds a whole file but the JSON of one document: rows come one by one, with the line in which they begin.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import BinaryIO, NamedTuple

from competency_api.core.errors import UnsupportedMediaType
from competency_api.courses.bulk.files.columns import is_column
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

#: Rows that are read at a time.
BATCH = 5_000
#: Rows of a table, some at a time, each with the line in which it begins.
Batches = Iterator[tuple[Sequence[int], list[list[str]]]]


class Input(NamedTuple):
    """A file to be imported. ``name`` is what its problems are told with; ``stream`` can be read again from 0."""

    name: str
    format: str
    stream: BinaryIO


class Table(NamedTuple):
    """A table with named columns; ``line`` is where the names stand."""

    source: str
    line: int
    names: list[str]
    batches: Batches


def format_of(media_type: str, name: str = "") -> str:
    """The format of a file by its type, or by the ending of its name. Raises UnsupportedMediaType."""
    ending = name.rpartition(".")[2].lower()
    found = MEDIA_TYPES.get(media_type) or (ending if ending in FORMATS else None)
    if found is None:
        raise UnsupportedMediaType(f"A file is sent as one of: {', '.join(MEDIA_TYPES)}.")
    return found


def named(source: str, batches: Batches, problems: Problems) -> Table | None:
    """The table whose first row names its columns; None after adding that there is none."""
    lines, rows = next(batches, ((), []))
    if not rows:
        if not problems:
            problems.add(Place(source), "The file is empty.")
        return None
    names = [unguarded(cell.strip()) for cell in rows[0]]
    return Table(source, lines[0], names, chain([(lines[1:], rows[1:])], batches))


def csv_batches(file: Input, problems: Problems) -> Batches:
    """The rows of a CSV file that are not blank."""
    if not _is_utf8(file, problems):
        return
    file.stream.seek(0)
    text = io.TextIOWrapper(file.stream, "utf-8-sig", newline="")
    try:
        first = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter=_delimiter_of(first), strict=True)
        before = 0
        while rows := list(islice(reader, BATCH)):
            yield _with_lines(before, reader.line_num, rows)
            before = reader.line_num
    except csv.Error as error:
        # what comes behind a quote that is not closed means nothing
        message = _IN_WORDS.get(str(error), f"This row is not CSV: {error}.")
        problems.add(Place(file.name, reader.line_num), message)
    finally:
        # else the file would be closed with it
        if not file.stream.closed:
            text.detach()


def _with_lines(before: int, after: int, rows: list[list[str]]) -> tuple[Sequence[int], list[list[str]]]:
    """The rows that are not blank, with the lines in which they begin: one line each, unless cells have several."""
    lines: Sequence[int] = range(before + 1, after + 1)
    if len(lines) != len(rows):
        heights = (1 + sum(cell.count("\n") for cell in cells) for cells in rows)
        lines = list(accumulate(heights, initial=before + 1))[:-1]
    if all(rows):
        return lines, rows
    kept = [(line, cells) for line, cells in zip(lines, rows, strict=True) if cells]
    return [line for line, _ in kept], [cells for _, cells in kept]


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
