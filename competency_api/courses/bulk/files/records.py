"""Files to records of courses and of mappings, whatever their format. A file may hold both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.courses.bulk.course_rows import members_of
from competency_api.courses.bulk.files import columns
from competency_api.courses.bulk.files.columns import MAPPING_COLUMNS, CellError, Member, course_member
from competency_api.courses.bulk.files.inputs import Input, Table
from competency_api.formats.document import Place, Problems
from competency_api.formats.tabular.cells import unguarded

MappingRecord = tuple[Any, ...]
CourseRecord = tuple[str, dict[Member, Any]]
#: Cells by the columns of mappings, in their order.
Columns = list[tuple[str, ...]]


class Lines(NamedTuple):
    """How the places of one file's records are told: a line and a column of a table, or a member of a JSON value."""

    source: str
    names: tuple[str, ...] = ()

    def locate(self, line: int, name: str) -> Place:
        column = self.names.index(name) + 1 if name in self.names else 0
        return Place(self.source, line, column, name)


# -- tables ------------------------------------------------------------------------------------------------------------


def is_of_mappings(table: Table) -> bool:
    return "concept" in table.names


def table_columns_are_right(table: Table, problems: Problems) -> bool:
    """Add what is wrong with the names of the columns."""
    before, known = len(problems), MAPPING_COLUMNS if is_of_mappings(table) else columns.COURSE_COLUMNS
    for index, name in enumerate(table.names):
        place = Place(table.source, table.line, index + 1, name)
        is_known = name in known or (not is_of_mappings(table) and course_member(name) is not None)
        if not is_known:
            shown = (*known, "title@en", "description@en") if known is columns.COURSE_COLUMNS else known
            problems.add(place, f'There is no column "{printable(name)}".{did_you_mean(name, shown)}', name)
        elif name in table.names[:index]:
            problems.add(place, f'The column "{name}" stands twice, first as column {table.names.index(name) + 1}.')
    needed = columns.NEEDED_IN_MAPPINGS if is_of_mappings(table) else ("external_id",)
    for name in needed:
        if name not in table.names:
            problems.add(Place(table.source, table.line, 0, name), f'The column "{name}" is missing.')
    return len(problems) == before


def mapping_columns(table: Table, problems: Problems) -> Iterator[tuple[Sequence[int], Columns]]:
    """The lines and columns of a table of mappings, some rows at a time; what has no column is empty."""
    count = len(table.names)
    order = [table.names.index(name) if name in table.names else None for name in MAPPING_COLUMNS]
    for some_lines, some_rows in table.batches:
        is_even = not set(map(len, some_rows)) - {count}
        lines, rows = (some_lines, some_rows) if is_even else _fitted(table, some_lines, some_rows, problems)
        columns_ = list(zip(*rows, strict=True)) or [()] * count
        nothing = ("",) * len(rows)
        yield lines, [nothing if index is None else columns_[index] for index in order]


def course_cells(table: Table, problems: Problems) -> Iterator[tuple[int, CourseRecord]]:
    """The records of a table of courses."""
    members = [course_member(name) for name in table.names]
    for some_lines, some_rows in table.batches:
        for line, cells in zip(*_fitted(table, some_lines, some_rows, problems), strict=True):
            said = _said(table, line, members, cells, problems)
            if said is not None:
                yield line, (str(said.pop("external_id") or ""), said)


def _said(
    table: Table, line: int, members: list[Member | None], cells: list[str], problems: Problems
) -> dict[Member, Any] | None:
    said: dict[Member, Any] = {}
    before = len(problems)
    for index, (member, cell) in enumerate(zip(members, cells, strict=True)):
        if member is not None:
            try:
                said[member] = columns.decoded(member, unguarded(cell))
            except CellError as error:
                problems.add(Place(table.source, line, index + 1, table.names[index]), str(error), cell)
    return said if len(problems) == before else None


def _fitted(
    table: Table, lines: Sequence[int], rows: list[list[str]], problems: Problems
) -> tuple[list[int], list[list[str]]]:
    """The rows that have the right number of cells, or only empty ones too many; those without text are left out."""
    count = len(table.names)
    kept = []
    for line, cells in zip(lines, rows, strict=True):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < count or any(cell.strip() for cell in cells[count:]):
            message = f"This row has {len(cells)} cells and the first one {count}; is a delimiter unquoted?"
            problems.add(Place(table.source, line), message)
        else:
            kept.append((line, cells[:count]))
    return [line for line, _ in kept], [cells for _, cells in kept]


# -- JSON --------------------------------------------------------------------------------------------------------------


class _Mapping(msgspec.Struct, forbid_unknown_fields=True):
    """One mapping; ``course`` may be left out inside its course."""

    concept: str
    relation: str
    course: str = ""
    level: int | None = None
    hours: float | None = None
    evidence: str | None = None
    evidence_span: str | None = None
    version: str | None = None


class _Whole(msgspec.Struct, forbid_unknown_fields=True):
    """A file of both, whose records are read one by one."""

    courses: list[msgspec.Raw] = []
    mappings: list[msgspec.Raw] = []


_mapping = msgspec.json.Decoder(_Mapping)
_any = msgspec.json.Decoder()
_whole = msgspec.json.Decoder(_Whole | list[msgspec.Raw])
_raw_list = msgspec.json.Decoder(list[msgspec.Raw])
_raw_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class JsonRecords:
    """Records of a file of JSON texts: read once for courses, and then once for mappings, which refer to those.

    A course may bring its mappings along, in its member ``mappings``.
    """

    def __init__(self, file: Input, problems: Problems) -> None:
        self._file, self._problems = file, problems
        self._at = ""

    def locate(self, line: int, column: str) -> Place:
        """For what is wrong with the record that was read last."""
        if self._file.format == "ndjson":
            return Place(self._file.name, line, 0, column)
        return Place(self._file.name, 0, 0, f"{self._at}/{column}")

    def locate_course(self, line: int, column: str) -> Place:
        """For what is wrong with any course, by its number."""
        if self._file.format == "ndjson":
            return Place(self._file.name, line, 0, column)
        return Place(self._file.name, 0, 0, f"{self._base}/{line - 1}/{column}")

    def courses(self) -> Iterator[tuple[int, CourseRecord]]:
        for line, _pointer, text in self._texts():
            members = self._members(line, text)
            if members is None or "concept" in members:
                continue
            document = {name: _any.decode(value) for name, value in members.items() if name != "mappings"}
            try:
                yield line, (str(document.get("external_id") or ""), members_of(document))
            except ValueError as error:
                self._problems.add(self.locate_course(line, ""), str(error))

    def mappings(self) -> Iterator[tuple[int, MappingRecord]]:
        for line, pointer, text in self._texts():
            members = self._members(line, text, tell=False)
            if members is None:
                continue
            self._at = pointer
            if "concept" in members:
                yield from self._mapping(line, text, "")
            elif "mappings" in members:
                course = str(_any.decode(members.get("external_id", b'""')))
                for index, inner in enumerate(self._list(line, members["mappings"])):
                    self._at = f"{pointer}/mappings/{index}"
                    yield from self._mapping(line, inner, course)

    def _mapping(self, line: int, text: bytes | msgspec.Raw, course: str) -> Iterator[tuple[int, MappingRecord]]:
        try:
            read = _mapping.decode(text)
        except msgspec.DecodeError as error:
            message, _, path = str(error).partition(" - at `$")
            column = path.strip("`.").replace(".", "/")
            self._problems.add(self.locate(line, column), f"{message.replace('`', '')}.")
            return
        said = (read.level, read.hours, read.evidence, read.evidence_span, read.version)
        yield line, (read.course or course, read.concept, read.relation, *said)

    def _list(self, line: int, text: msgspec.Raw) -> list[msgspec.Raw]:
        try:
            return _raw_list.decode(text)
        except msgspec.DecodeError:
            self._problems.add(self.locate(line, "mappings"), "It must be a list of mappings.")
            return []

    def _members(self, line: int, text: bytes | msgspec.Raw, *, tell: bool = True) -> dict[str, msgspec.Raw] | None:
        try:
            return _raw_members.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if tell:
                self._problems.add(self.locate_course(line, ""), f"The record is no JSON object: {error}.")
            return None

    def _texts(self) -> Iterator[tuple[int, str, bytes | msgspec.Raw]]:
        """Each record's number (in NDJSON its line), where it stands, and its text."""
        self._base = ""
        self._file.stream.seek(0)
        if self._file.format == "ndjson":
            for line, text in enumerate(self._file.stream, 1):
                if text.strip():
                    yield line, "", text
            return
        for number, (pointer, text) in enumerate(self._elements(), 1):
            yield number, pointer, text

    def _elements(self) -> Iterator[tuple[str, msgspec.Raw]]:
        try:
            found = _whole.decode(self._file.stream.read())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            message = f'The file is not a list of records, nor an object of "courses" and "mappings": {error}.'
            if not self._problems:
                self._problems.add(Place(self._file.name), message)
            return
        groups = {"": found} if isinstance(found, list) else {"/courses": found.courses, "/mappings": found.mappings}
        self._base = "" if isinstance(found, list) else "/courses"
        for pointer, group in groups.items():
            for index, text in enumerate(group):
                yield f"{pointer}/{index}", text
