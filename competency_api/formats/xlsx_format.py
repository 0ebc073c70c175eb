"""The same table as a workbook: for people whose spreadsheet makes of a CSV what it likes.

Every cell is written as text, never as a formula, and as in our CSV: also with the ``'`` before what could be taken for
a formula, so that nothing runs when somebody saves the workbook as CSV. What is read is said in
:mod:`competency_api.formats.tabular.workbook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from competency_api.formats.document import Document, Header, Problems
from competency_api.formats.tabular.table import read_rows
from competency_api.formats.tabular.workbook import as_workbook, cells_in
from competency_api.formats.tabular.writing import rows_of
from competency_api.taxonomy.taxonomy import Taxonomy


class XlsxFormat:
    name: ClassVar[str] = "xlsx"
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix: ClassVar[str] = ".xlsx"

    def dump(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        """The file in one piece: a workbook is finished last. Raises NotAcceptable for texts too long for a cell."""
        yield as_workbook(rows_of(taxonomy, header))

    def dump_editable(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        yield as_workbook(rows_of(taxonomy, header, is_editable=True))

    def write(self, rows: Iterable[Iterable[str]]) -> bytes:
        return as_workbook(rows)

    def load(self, data: bytes, source: str) -> Document:
        problems = Problems()
        entries = read_rows(cells_in(data, source, problems), source, problems)
        return Document(source, None, tuple(entries), tuple(problems.found), problems.more)
