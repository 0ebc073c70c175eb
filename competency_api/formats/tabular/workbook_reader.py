"""A program of its own: reads the workbook on standard input, writes its rows as lines of JSON.

``python -I workbook_reader.py SHEET``. A row is ``[number, cells, [[column, fault], …]]``; the last line is
``{"end": true}``, or ``{"refused": "why"}``. It imports nothing of the package, so that it starts fast, and takes
away its own memory and time before it looks at the file: openpyxl reads what it is given, and a file of some kilobytes
can ask for everything there is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
import sys
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

MEMORY = 512 * 2**20
SECONDS = 30
MOST_UNPACKED = 400 * 2**20
MOST_PARTS = 2_000
MOST_ROWS = 200_000
_LINE_ENDS = re.compile("\r\n?")
#: What a workbook writes for a character that XML cannot hold, and for a text that only looks so.
_ESCAPED = re.compile("_x005F(_x[0-9a-fA-F]{4}_)|_x([0-9a-fA-F]{4})_")
_FORMULA = "This cell holds a formula; put its result in its place (copy, paste as values)."


class RefusedError(Exception):
    """The file is not read, for a reason that helps its sender."""


def limit() -> None:
    """Take no more memory and time than a table of ours needs. Where the system knows no limits, there are none."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # absent on some systems

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def require_harmless(data: bytes) -> None:
    """Refuse archives that unpack to far more than they are, and XML that declares entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise RefusedError(f"It unpacks to more than {MOST_UNPACKED // 2**20} MB; send less in one file, or CSV.")
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                with archive.open(part) as opened:
                    head = opened.read(4096)
                if b"<!" in head.replace(b"<!--", b"") or b"\x00" in head:
                    raise RefusedError("Its XML declares a document type; no spreadsheet writes that.")


def rows_in(data: bytes, wanted: str) -> Iterator[list[Any]]:
    import openpyxl  # after the limits
    from openpyxl.cell.text import Text
    from openpyxl.reader import excel
    from openpyxl.reader.strings import SHEET_MAIN_NS, iterparse

    def shared_strings(source: Any) -> list[str]:
        """As the library's own, which takes every ``x005F_`` away, also where it belongs to the text."""
        found = []
        for _, node in iterparse(source):
            if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                found.append(Text.from_tree(node).content)
                node.clear()
        return found

    excel.read_string_table = shared_strings
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheets = book.worksheets
    if not sheets:
        raise RefusedError("It has no sheet with cells.")
    sheet = next((one for one in sheets if one.title.strip().lower() == wanted), sheets[0])
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS:
            raise RefusedError(f"It has more than {MOST_ROWS:,} rows; send less in one file, or CSV.")
        if not any(cell.value is not None for cell in row):
            continue
        faults: list[list[Any]] = []
        yield [number, [_text(cell, column, faults) for column, cell in enumerate(row, start=1)], faults]


def _text(cell: Any, column: int, faults: list[list[Any]]) -> str:
    """What a person sees in the cell, spelled as in our tables."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f" or kind == "e":
        message = _FORMULA if kind == "f" else f"This cell holds the error {value}; put a value in its place."
        faults.append([column, message])
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str):
        return str(value)
    plain = _ESCAPED.sub(lambda match: match[1] or chr(int(match[2], 16)), value)
    return _LINE_ENDS.sub("\n", plain)


def main(wanted: str) -> None:
    limit()
    warnings.simplefilter("ignore")  # of styles and extensions, which are not read
    data = sys.stdin.buffer.read()
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", "surrogatepass", newline="\n")
    try:
        require_harmless(data)
        for row in rows_in(data, wanted):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
        last: dict[str, Any] = {"end": True}
    except RefusedError as error:
        last = {"refused": str(error)}
    except zipfile.BadZipFile:
        last = {"refused": "It is no workbook (XLSX); the older .xls and others are to be saved as XLSX or CSV."}
    out.write(json.dumps(last, ensure_ascii=False) + "\n")
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
