"""Records of courses to rows for the ledger. What a record says nothing about stays as it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.courses.bulk.files.columns import COURSE_COLUMNS, TAGGED, Member, column_name
from competency_api.courses.entry import WrongCourse, course_document, course_from, fault_of_external_id
from competency_api.courses.ledger.courses import row_of
from competency_api.courses.values import course_of
from competency_api.formats.document import Place, Problems

#: Courses that are looked up at a time.
CHUNK = 500
#: What a course is called by, and what is said of it.
Record = tuple[str, dict[Member, Any]]
Row = tuple[Any, ...]
Locate = Callable[[int, str], Place]
#: The stored contents of these courses, by the provider's own ids.
Stored = Callable[[Iterable[str]], Mapping[str, str]]


class CourseRows:
    """Reads records; ``seen`` are the provider's own ids of those that were right, in their order, with their lines."""

    def __init__(self, stored: Stored, problems: Problems, locate: Locate) -> None:
        self.seen: dict[str, int] = {}
        self._stored, self._problems, self._locate = stored, problems, locate

    def chunks(self, records: Iterable[tuple[int, Record]]) -> Iterator[list[Row]]:
        """The rows of the records that are right; adds what is wrong with the others."""
        waiting: list[tuple[int, Record]] = []
        for line, record in records:
            if self._is_new(line, record[0]):
                waiting.append((line, record))
            if len(waiting) == CHUNK:
                yield self._rows(waiting)
                waiting = []
        yield self._rows(waiting)

    def _is_new(self, line: int, external_id: str) -> bool:
        fault = fault_of_external_id(external_id)
        if fault is None and external_id in self.seen:
            fault = f'"{printable(external_id)}" is the course of line {self.seen[external_id]} already.'
        if fault:
            self._problems.add(self._locate(line, "external_id"), fault, external_id)
            return False
        self.seen[external_id] = line
        return True

    def _rows(self, records: list[tuple[int, Record]]) -> list[Row]:
        contents = self._stored(own for _, (own, _) in records)
        rows = []
        for line, (own, said) in records:
            before = course_document(course_of(contents[own])) if own in contents else {}
            try:
                rows.append(row_of(line, own, course_from(_merged(before, said))))
            except WrongCourse as wrong:
                for error in wrong.errors:
                    column = column_name(_member_of(error.pointer or ""))
                    self._problems.add(self._locate(line, column), error.message, _value(said, column))
        return rows


def members_of(document: Mapping[str, Any]) -> dict[Member, Any]:
    """What a record in JSON says of a course. Raises ValueError for a member that there is none of."""
    for name in document:
        if name not in COURSE_COLUMNS and name not in TAGGED:
            message = f'There is no member "{printable(name)}".{did_you_mean(name, (*COURSE_COLUMNS, *TAGGED))}'
            raise ValueError(message)
    return {name: value for name, value in document.items() if name != "external_id"}


def _merged(document: dict[str, Any], said: Mapping[Member, Any]) -> dict[str, Any]:
    """The document with what is said put into it; a text that is empty is taken out."""
    found = {name: dict(value) if name in TAGGED else value for name, value in document.items()}
    for member, value in said.items():
        if isinstance(member, str):
            found[member] = {} if value is None and member in TAGGED else value
        elif value:
            found.setdefault(member[0], {})[member[1]] = value
        else:
            found.setdefault(member[0], {}).pop(member[1], None)
    return {"title": {}, **found}


def _member_of(pointer: str) -> Member:
    name, _, rest = pointer.removeprefix("/").partition("/")
    return (name, rest) if name in TAGGED and rest else name


def _value(said: Mapping[Member, Any], column: str) -> Any:
    return next((value for member, value in said.items() if column_name(member) == column), "")
