"""Imports that fail half-way leave nothing behind, wherever they fail."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter

from competency_api.core.db import Database
from competency_api.courses.bulk.reading import FilesRefused
from competency_api.courses.ledger.checking import check_sums
from tests.courses.test_importing import COURSES, MAPPINGS, count
from tests.support.courses import a_file, a_provider, imported, mapped, publish_two

TABLES = ("course", "course_language", "course_change", "mapping", "mapping_history", "coverage_sum", "coverage_total")
LATER = "course,concept,relation,level\nSC-1,C001,teaches,3\nSC-2,C003,assesses,1\n"


class Broken(Exception):
    """What is thrown in."""


@contextmanager
def breaking_at(database: Database, number: int) -> Iterator[list[str]]:
    """Fail at the statement of this number that writes or commits, counted from 0; gives those that were reached."""
    reached: list[str] = []

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        reached.append(statement)
        if len(reached) > number:
            raise Broken

    sa.event.listen(database.engine, "before_cursor_execute", before)
    try:
        yield reached
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", before)


def state(database: Database) -> dict[str, list[Any]]:
    with database.reading(fresh=True) as session:
        tables = {table: session.execute(sa.text(f"SELECT * FROM {table}")).all() for table in (*TABLES, "event")}
    return {table: sorted(map(repr, rows)) for table, rows in tables.items()}


def test_a_failure_at_any_statement_leaves_everything_as_it_was(database: Database) -> None:
    publish_two(database)
    a_provider(database)
    files = [
        lambda: (a_file(COURSES, "c.csv"), a_file(MAPPINGS)),
        lambda: (a_file(COURSES.replace("online", "classroom"), "c.csv"), a_file(LATER)),
    ]
    for make in files:
        before, number = state(database), 0
        while True:
            try:
                with breaking_at(database, number) as reached:
                    imported(database, *make(), whole=True)
                break
            except Broken:
                assert state(database) == before, reached[-1]
            number += 1
        assert number > 15
        assert state(database) != before
    assert len(mapped(database)) == 2
    with database.reading(fresh=True) as session:
        assert check_sums(session).is_good


def test_another_providers_course_cannot_be_mapped(sqlite_database: Database) -> None:
    publish_two(sqlite_database)
    a_provider(sqlite_database)
    a_provider(sqlite_database, "porto")
    imported(sqlite_database, a_file(COURSES, "c.csv"))
    with pytest.raises(FilesRefused, match='There is no course "SC-1"'):
        imported(sqlite_database, a_file(MAPPINGS), code="porto")
    assert count(sqlite_database, "mapping") == 0


def a_workbook(*rows: tuple[Any, ...]) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    page = book.add_worksheet("Sheet1")
    for line, row in enumerate(rows):
        page.write_row(line, 0, row)
    book.close()
    return written.getvalue()


def test_a_workbook_with_one_sheet_is_known_by_its_columns(sqlite_database: Database) -> None:
    publish_two(sqlite_database)
    a_provider(sqlite_database)
    table = a_workbook(("external_id", "title@en", "hours", "hands_on"), ("SC-1", "Smart", 22.5, 40), ("2", "Data", 8))
    assert imported(sqlite_database, a_file(table, "c.xlsx")).courses.added == 2
    table = a_workbook(("course", "concept", "relation", "level"), (2, "C001", "teaches", 3))
    assert imported(sqlite_database, a_file(table, "m.xlsx")).mappings.added == 1
    assert mapped(sqlite_database)[0][:4] == ("2", "C001", "teaches", 3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 no archive", "no workbook"),
        (a_workbook(("external_id", "title@en"), ("=1+1", "x")), "This cell holds a formula"),
        (a_workbook(("external_id", "colour"), ("a", "b")), 'There is no column "colour"'),
        (a_workbook(), "empty"),
        (b"", "no workbook"),
    ],
)
def test_a_workbook_that_is_none_is_refused(sqlite_database: Database, data: bytes, message: str) -> None:
    publish_two(sqlite_database)
    a_provider(sqlite_database)
    with pytest.raises(FilesRefused) as info:
        imported(sqlite_database, a_file(data, "c.xlsx"))
    assert any(message in each["message"] for each in info.value.extra["problems"]), info.value.extra
