"""The first mappings of a provider: there is nothing to compare with, so they go straight into their table.

As fast as the driver takes rows. What is added up is added up on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.memory import uncollected
from competency_api.courses.ledger import sums
from competency_api.courses.models import CourseRow, MappingRow
from competency_api.courses.values import NO_LEVEL

#: As :func:`competency_api.courses.ledger.mappings.stage` takes them; every one says its version.
Row = tuple[Any, ...]
_NAMES = "course_id, concept, relation, version_id, level, hours, evidence, span"
#: Repeated lines that are named.
_MOST = 100


class Repeated(ValueError):
    """Rows are about the same course, concept and relation: ``lines`` are pairs of the first one and another."""

    def __init__(self, lines: list[tuple[int, int]]) -> None:
        super().__init__(f"lines {lines[0]} are about the same")
        self.lines = lines


def has_mappings(session: orm.Session, organisation_id: int) -> bool:
    statement = sa.select(MappingRow.course_id).where(MappingRow.organisation_id == organisation_id).limit(1)
    return session.scalar(statement) is not None


def fill(session: orm.Session, organisation_id: int, rows: Iterable[Row], change: int) -> None:
    """Write the first mappings of a provider, whose courses are written already. ``rows`` may be read again.

    Raises Repeated; then the transaction must end.
    """
    dialect: Any = session.get_bind().dialect
    write = _copy if dialect.name == "postgresql" else _insert
    tally = _Tally(session, organisation_id)
    try:
        with uncollected():
            write(session, organisation_id, tally.through(rows), change)
    except dialect.loaded_dbapi.IntegrityError:
        raise Repeated(_repeated(rows)) from None
    tally.write()


def _copy(session: orm.Session, organisation_id: int, rows: Iterable[Row], change: int) -> None:
    driver: Any = session.connection().connection.dbapi_connection
    statement = f"COPY mapping (organisation_id, since, {_NAMES}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((organisation_id, change, *row[1:]))


def _insert(session: orm.Session, organisation_id: int, rows: Iterable[Row], change: int) -> None:
    driver: Any = session.connection().connection.dbapi_connection
    places = f"{organisation_id:d}, {change:d}, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9"
    statement = f"INSERT INTO mapping (organisation_id, since, {_NAMES}) VALUES ({places})"  # noqa: S608  # made of whole numbers only
    driver.executemany(statement, rows)


class _Tally:
    """Adds up what passes."""

    def __init__(self, session: orm.Session, organisation_id: int) -> None:
        self._session, self._organisation_id = session, organisation_id
        statement = sa.select(CourseRow.id, CourseRow.modality, CourseRow.visibility)
        courses = session.execute(statement.where(CourseRow.organisation_id == organisation_id))
        known: dict[tuple[str, str], tuple[str, str]] = {}
        self._held = {number: known.setdefault((held, seen), (held, seen)) for number, held, seen in courses}
        self._sums: dict[Any, list[int]] = {}

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        held, found = self._held, self._sums
        for row in rows:
            _, course_id, concept, relation, version_id, level, hours, _, _ = row
            key = (version_id, concept, relation, level, held[course_id])
            each = found.get(key)
            if each is None:
                found[key] = [1, hours or 0]
            else:
                each[0] += 1
                each[1] += hours or 0
            yield row

    def write(self) -> None:
        deltas = sums.Deltas()
        deltas.add(
            (version_id, concept, relation, NO_LEVEL if level is None else level, *held, *numbers)
            for (version_id, concept, relation, level, held), numbers in self._sums.items()
        )
        sums.apply(self._session, self._organisation_id, deltas)


def _repeated(rows: Iterable[Row]) -> list[tuple[int, int]]:
    seen: dict[Any, int] = {}
    found: list[tuple[int, int]] = []
    for line, *key, _version, _level, _hours, _evidence, _span in rows:
        first = seen.setdefault(tuple(key), line)
        if first != line and len(found) < _MOST:
            found.append((first, line))
    return found
