"""Our CSV: one row per concept, for people with a spreadsheet. What the columns and cells say is in ``tabular/``.

Written with commas and lines ended by CR LF (RFC 4180), in UTF-8 with a byte order mark: without it Excel takes the
file for its own old encoding, shows "GestiÃ³n", and saves that. Read with commas, semicolons or tabs, with or without
the mark, and with Excel's line ``sep=;``. The header of the version does not fit into a table; what must never be lost
of it, whose content this is and under which licence, stands in remarks below the last row (see ``is_remark``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from competency_api.formats.document import Document, Header, Problems
from competency_api.formats.reading.encoding import text_of
from competency_api.formats.tabular.table import read_table
from competency_api.formats.tabular.writing import as_csv, rows_of
from competency_api.taxonomy.taxonomy import Taxonomy


class CsvFormat:
    name: ClassVar[str] = "csv"
    media_type: ClassVar[str] = "text/csv"
    suffix: ClassVar[str] = ".csv"

    def dump(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        return as_csv(rows_of(taxonomy, header))

    def dump_editable(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        return as_csv(rows_of(taxonomy, header, is_editable=True))

    def write(self, rows: Iterable[Iterable[str]]) -> bytes:
        return b"".join(as_csv(rows))

    def load(self, data: bytes, source: str) -> Document:
        problems = Problems()
        text = text_of(data, source, problems)
        entries = [] if text is None else read_table(text, source, problems)
        return Document(source, None, tuple(entries), tuple(problems.found), problems.more)
