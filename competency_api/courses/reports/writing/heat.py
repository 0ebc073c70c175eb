"""The heat map of a coverage: courses in columns, concepts in rows, a cell for what one has to do with the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from competency_api.courses.coverage.counting import ASSESSES, REQUIRES, TEACHES, Conversion
from competency_api.courses.values import course_of
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE

#: Courses on one page, and columns of one table: as many as fit on a sheet of paper.
MOST_COURSES = 100
COLUMNS = 25

TAUGHT = "✓"
_NO_LEVEL = 0


@dataclass(frozen=True)
class Column:
    """A course: its place from 1, its provider's id, and its title in the language asked for if there is one."""

    place: int
    key: int
    external_id: str
    title: str


@dataclass
class Cell:
    """Levels of one course for one concept: 0 for none told, None where it does not."""

    taught: int | None = None
    assessed: int | None = None
    required: bool = False

    def add(self, relation: str, level: int | None) -> None:
        told = level or _NO_LEVEL
        if relation == TEACHES:
            self.taught = max(self.taught or 0, told)
        elif relation == ASSESSES:
            self.assessed = max(self.assessed or 0, told)
        elif relation == REQUIRES:
            self.required = True

    @property
    def text(self) -> str:
        """What is read in the cell: colours only repeat it."""
        parts = []
        if self.taught is not None:
            parts.append(str(self.taught) if self.taught else TAUGHT)
        if self.assessed is not None:
            parts.append(f"a{self.assessed or ''}")
        if self.required:
            parts.append("r")
        return " ".join(parts)

    @property
    def shade(self) -> str:
        """The class of its colour."""
        return f"l{self.taught}" if self.taught is not None else "other"


@dataclass(frozen=True)
class HeatMap:
    """``total`` is the number of courses that have mappings; those shown are the first of them."""

    columns: tuple[Column, ...]
    total: int
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)

    @property
    def parts(self) -> list[tuple[Column, ...]]:
        """The columns of each table."""
        return [self.columns[start : start + COLUMNS] for start in range(0, len(self.columns), COLUMNS)]

    def cell(self, course: int, code: str) -> Cell | None:
        return self.cells.get((course, code))


def columns_of(courses: Sequence[tuple[int, str, str]], languages: Iterable[str]) -> tuple[Column, ...]:
    """The columns for (id, external id, stored content) of courses."""
    order = (*languages, REFERENCE_LANGUAGE)
    return tuple(
        Column(place, key, external_id, _title(course_of(content).title, order))
        for place, (key, external_id, content) in enumerate(courses, 1)
    )


def _title(titles: Any, order: Sequence[str]) -> str:
    return next((titles[tag] for tag in order if tag in titles), next(iter(titles.values()), ""))


def heat_map(
    columns: tuple[Column, ...], total: int, mappings: Iterable[Any], conversion_from: Callable[[int], Conversion]
) -> HeatMap:
    """``mappings`` are (course id, version id, concept, relation, level); what waits for a decision is left out."""
    found = HeatMap(columns, total)
    for course, version_id, concept, relation, level in mappings:
        code = conversion_from(version_id).code(concept)
        if code is not None:
            found.cells.setdefault((course, code), Cell()).add(relation, level)
    return found
