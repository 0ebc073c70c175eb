"""A taxonomy as the rows of a table, the same for every kind of table."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

from competency_api.formats.document import Header
from competency_api.formats.tabular.cells import guarded
from competency_api.formats.tabular.columns import ALWAYS, DIGEST, cells_of, in_order
from competency_api.formats.tabular.table import REMARK
from competency_api.taxonomy.taxonomy import Taxonomy

Rows = Iterator[list[str]]


def rows_of(taxonomy: Taxonomy, header: Header | None = None, *, is_editable: bool = False) -> Rows:
    """The row of names, one row per concept, and below them the remarks on whose content this is.

    ``is_editable`` adds a last column with the digest of each row's content, so that who sends the table back says what
    they saw. All concepts are taken first: they decide which columns there are.
    """
    digests = taxonomy.digests if is_editable else {}
    rows = [{**cells_of(concept), **_seen(digests.get(concept.code))} for concept in taxonomy]
    names = in_order([*ALWAYS, *(name for cells in rows for name in cells), *([DIGEST] if is_editable else [])])
    yield names
    for cells in rows:
        yield [cells.get(name, "") for name in names]
    for remark in _remarks(header):
        yield [f"{REMARK} {remark}", *[""] * (len(names) - 1)]


def _seen(digest: str | None) -> dict[str, str]:
    return {DIGEST: digest} if digest else {}


def _remarks(header: Header | None) -> Iterator[str]:
    if header is None:
        return
    if header.licence:
        yield f"{' '.join(filter(None, (header.title, header.number)))}. Licence: {header.licence}"
    yield from header.notices


def as_csv(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Rows as CSV that spreadsheets open as it is meant: UTF-8 with a byte order mark, formulas defused."""
    yield codecs.BOM_UTF8
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line).writerow([guarded(cell) for cell in row])
        yield line.getvalue().encode()
