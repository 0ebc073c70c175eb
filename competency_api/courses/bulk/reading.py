"""Files to rows that can be written: everything that can be said without a transaction is found out here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from sqlalchemy import orm

from competency_api.core.db import Database
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.memory import uncollected
from competency_api.courses import queries
from competency_api.courses.bulk.course_rows import CourseRows
from competency_api.courses.bulk.files.inputs import BATCH, Input, Table, csv_batches, named
from competency_api.courses.bulk.files.records import (
    CourseRecord,
    JsonRecords,
    Lines,
    course_cells,
    is_of_mappings,
    mapping_columns,
    table_columns_are_right,
)
from competency_api.courses.bulk.files.spool import Spool
from competency_api.courses.bulk.files.workbooks import sheets_in
from competency_api.courses.bulk.mapping_rows import MappingRows
from competency_api.courses.naming import Named
from competency_api.courses.pins import Pins
from competency_api.formats.document import Place, Problems

#: Told how many records were read so far.
Report = Callable[[int], None]


class FilesRefused(InvalidInput):
    """The files are wrong; nothing was written. ``problems`` of the answer name every place."""

    def __init__(self, problems: Problems) -> None:
        found = sorted(problems.found, key=lambda each: (each.place.source, each.place.line, each.place.column))
        listed = [
            {
                "source": problem.place.source,
                "line": problem.place.line or None,
                "column": problem.place.column or None,
                "field": problem.place.field or None,
                "value": problem.value or None,
                "message": problem.message,
            }
            for problem in found
        ]
        errors = [FieldError(str(problem), pointer="") for problem in found]
        super().__init__(errors, extra={"problems": listed, "more_problems": problems.more})


@dataclass
class Reading:
    """What the files say. ``told`` are the columns of mappings that were there: others stay as they are stored.

    ``courses_given`` and ``mappings_given`` say whether there was a file about them at all. ``state`` is the provider's
    change that all this was compared with; ``own_ids`` are what the provider calls its courses, by our ids.
    """

    default: int
    state: int
    courses: Spool = field(default_factory=Spool)
    mappings: Spool = field(default_factory=Spool)
    courses_given: bool = False
    mappings_given: bool = False
    untold: tuple[str, ...] = ()
    relied: frozenset[str] = frozenset()
    resolved: dict[str, Named] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    own_ids: dict[int, str] = field(default_factory=dict)

    def close(self) -> None:
        self.courses.close()
        self.mappings.close()


class Reader:
    """Reads the files of one import of one provider."""

    def __init__(
        self, database: Database, provider_id: int, pins: Pins, version: str, *, whole: bool, report: Report
    ) -> None:
        self._database, self._provider_id, self._pins = database, provider_id, pins
        self._whole, self._report = whole, report
        self.problems = Problems()
        with self._looking() as session:
            settings = queries.get_settings(session, provider_id)
        self._last_course = settings.last_course
        self.reading = Reading(pins.resolve(version).id, settings.last_change)
        self._ids: dict[str, int] = {}
        self._count = 0

    def _looking(self) -> AbstractContextManager[orm.Session]:
        """A session for one look: on SQLite nobody could write while one is open, not even how far this reader is."""
        return self._database.reading(fresh=True)

    def read(self, files: Sequence[Input]) -> Reading:
        """Raises FilesRefused."""
        with uncollected():
            return self._read(files)

    def _read(self, files: Sequence[Input]) -> Reading:
        sources = [source for file in files for source in self._sources(file)]
        with self._looking() as session:
            known = queries.course_ids(session, self._provider_id, removed=True)
            there = queries.course_ids(session, self._provider_id)
            self._held = queries.held_concepts(session, self._provider_id)
        stored = self._stored if there else _nothing_stored
        seen: dict[str, int] = {}
        for source in sources:
            if source.courses is not None:
                self.reading.courses_given = True
                rows = CourseRows(stored, self.problems, source.locate_course)
                self._fill(self.reading.courses, rows.chunks(source.courses()))
                seen |= rows.seen
        self._ids = self._numbered(known, there, seen)
        self.reading.own_ids = {number: own for own, number in (known | self._ids).items()}
        for source in sources:
            if source.mappings is not None:
                self._read_mappings(source)
        if self.problems.found:
            self.reading.close()
            raise FilesRefused(self.problems)
        return self.reading

    def _numbered(self, known: dict[str, int], there: dict[str, int], seen: Iterable[str]) -> dict[str, int]:
        """The ids of courses that mappings may be of: the ledger will count new ones in the same order."""
        ids = {} if self._whole and self.reading.courses_given else there
        number = self._last_course
        for own in seen:
            if own not in known:
                number += 1
            ids[own] = known.get(own, number)
        return ids

    def _read_mappings(self, source: Source) -> None:
        reading = self.reading
        assert source.mappings is not None
        rows = MappingRows(
            self._ids, self._pins, reading.default, self._held, self.problems, source.locate, guarded=source.guarded
        )
        before = reading.mappings.count
        self._fill(reading.mappings, source.mappings(rows))
        reading.mappings_given |= source.of_mappings or reading.mappings.count > before
        reading.resolved |= rows.resolved
        reading.relied |= rows.relied
        reading.untold = source.untold
        reading.sources["mappings"] = source.name

    def _fill(self, spool: Spool, chunks: Iterator[list[Any]]) -> None:
        for rows in chunks:
            spool.add(rows)
            self._count += len(rows)
            self._report(self._count)

    def _stored(self, external_ids: Iterable[str]) -> Mapping[str, str]:
        with self._looking() as session:
            return queries.contents_of(session, self._provider_id, list(external_ids))

    def _sources(self, file: Input) -> Iterator[Source]:
        if file.format in ("json", "ndjson"):
            yield _of_json(JsonRecords(file, self.problems), file.name)
            return
        is_workbook = file.format == "xlsx"
        sheets = sheets_in(file, self.problems) if is_workbook else [csv_batches(file, self.problems)]
        for sheet in sheets:
            table = named(file.name, sheet, self.problems)
            if table is not None and table_columns_are_right(table, self.problems):
                yield _of_table(table, self.problems)


@dataclass(frozen=True)
class Source:
    """One file, ready to be read: its records, and how their places are told."""

    name: str
    locate: Callable[[int, str], Place]
    locate_course: Callable[[int, str], Place]
    courses: Callable[[], Iterator[tuple[int, CourseRecord]]] | None = None
    mappings: Callable[[MappingRows], Iterator[list[Any]]] | None = None
    of_mappings: bool = False
    untold: tuple[str, ...] = ()
    guarded: bool = False


def _of_json(records: JsonRecords, name: str) -> Source:
    def mappings(rows: MappingRows) -> Iterator[list[Any]]:
        each = records.mappings()
        for first in each:
            # each is looked at before the next one is read: until then it is known where it stands
            yield rows.of_records(chain([first], islice(each, BATCH - 1)))

    return Source(name, records.locate, records.locate_course, records.courses, mappings)


def _of_table(table: Table, problems: Problems) -> Source:
    lines = Lines(table.source, tuple(table.names))
    if is_of_mappings(table):
        columns = {"level": "level", "hours": "hours", "evidence": "evidence", "evidence_span": "span"}
        untold = tuple(column for name, column in columns.items() if name not in table.names)
        return Source(
            table.source,
            lines.locate,
            lines.locate,
            mappings=lambda rows: (rows.of_columns(*some) for some in mapping_columns(table, problems)),
            of_mappings=True,
            untold=untold,
            guarded=True,
        )
    return Source(table.source, lines.locate, lines.locate, courses=lambda: course_cells(table, problems))


def _nothing_stored(_external_ids: Iterable[str]) -> Mapping[str, str]:
    return {}
