"""Taxonomies as files, and files as taxonomies. Pure: neither database nor HTTP.

One module a format behind one small interface (:class:`Format`), one registry; what they share in reading is in
``reading/``, the columns of tables in ``tabular/``. A new format is a class, a row in :data:`FORMATS`, and a run of the
contract suite in ``tests/formats``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from competency_api.formats.csv_format import CsvFormat
from competency_api.formats.document import Format, Table
from competency_api.formats.json_format import JsonFormat
from competency_api.formats.ndjson_format import NdjsonFormat
from competency_api.formats.xlsx_format import XlsxFormat

_TABLES: tuple[Table, ...] = (CsvFormat(), XlsxFormat())
_ALL: tuple[Format, ...] = (JsonFormat(), NdjsonFormat(), *_TABLES)

#: Every format by its name, in the order in which they are offered.
FORMATS: Mapping[str, Format] = MappingProxyType({format_.name: format_ for format_ in _ALL})
#: Those of them that are tables, which people edit and send back.
TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _TABLES})
