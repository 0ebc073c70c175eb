"""Our CSV: one row per concept, for people with a spreadsheet. What the columns and cells say is in ``tabular/``.

Written with commas and lines ended by CR LF (RFC 4180), in UTF-8 with a byte order mark: without it Excel takes the
file for its own old encoding, shows "GestiÃ³n", and saves that. Read with commas, semicolons or tabs, with or without
the mark, and with Excel's line ``sep=;``. The header of the version does not fit into a table; what must never be lost
of it, whose content this is and under which licence, stands in remarks below the last row (see ``is_remark``).
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import ClassVar

from competency_api.formats.document import Document, Header, Problems
from competency_api.formats.reading.encoding import text_of
from competency_api.formats.tabular.cells import guarded
from competency_api.formats.tabular.columns import ALWAYS, DIGEST, cells_of, in_order
from competency_api.formats.tabular.table import REMARK, read_table
from competency_api.taxonomy.taxonomy import Taxonomy


class CsvFormat:
    name: ClassVar[str] = "csv"
    media_type: ClassVar[str] = "text/csv"
    suffix: ClassVar[str] = ".csv"

    def dump(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        yield from _table([cells_of(concept) for concept in taxonomy], header)

    def load(self, data: bytes, source: str) -> Document:
        problems = Problems()
        text = text_of(data, source, problems)
        entries = [] if text is None else read_table(text, source, problems)
        return Document(source, None, tuple(entries), tuple(problems.found), problems.more)


def editable_table(taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
    """The CSV with the digest of each row's content in a last column, so that who sends it back says what they saw."""
    digests = taxonomy.digests
    yield from _table([{**cells_of(concept), DIGEST: digests[concept.code]} for concept in taxonomy], header)


def _table(rows: list[dict[str, str]], header: Header | None) -> Iterator[bytes]:
    """All rows are taken first: they decide which columns there are."""
    names = in_order([*ALWAYS, *(name for cells in rows for name in cells)])
    yield codecs.BOM_UTF8 + _row(names)
    for cells in rows:
        yield _row([cells.get(name, "") for name in names])
    for remark in _remarks(header):
        yield _row([f"{REMARK} {remark}", *[""] * (len(names) - 1)])


def _remarks(header: Header | None) -> Iterator[str]:
    if header is None:
        return
    if header.licence:
        yield f"{' '.join(filter(None, (header.title, header.number)))}. Licence: {header.licence}"
    yield from header.notices


def _row(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([guarded(cell) for cell in cells])
    return line.getvalue().encode()
