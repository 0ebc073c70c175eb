"""A provider's catalogue as it is written out: its courses one after the other, each with its mappings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import orm

from competency_api.courses import queries
from competency_api.courses.entry import course_document, number
from competency_api.courses.models import CourseRow, MappingRow
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Filters, Provider
from competency_api.courses.values import course_of

#: Courses that are read at a time.
_AT_ONCE = 200


class Entry(NamedTuple):
    """A course: its public id, the provider's own, what is said of it, and its mappings on the wire."""

    id: str
    external_id: str
    document: dict[str, Any]
    mappings: list[dict[str, Any]]


class Catalogue(NamedTuple):
    """What is written out. ``session`` must stay open while the entries are read; each time they are read anew."""

    session: orm.Session
    provider: Provider
    pins: Pins
    visibility: str | None = None

    def entries(self) -> Iterator[Entry]:
        after = None
        filters = Filters(provider_id=self.provider.id, visibility=self.visibility)
        while rows := queries.list_courses(self.session, filters, after, _AT_ONCE)[:_AT_ONCE]:
            yield from entries_of(self.session, rows, self.pins)
            after = (rows[-1].organisation_id, rows[-1].id)
            self.session.expunge_all()


def entries_of(session: orm.Session, rows: Any, pins: Pins) -> Iterator[Entry]:
    """These courses, in their order, with their mappings."""
    by_course: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for organisation_id in {row.organisation_id for row in rows}:
        ids = [row.id for row in rows if row.organisation_id == organisation_id]
        for mapping, _ in queries.list_mappings(session, organisation_id, ids):
            by_course.setdefault((organisation_id, mapping.course_id), []).append(_said(mapping, pins))
    for row in rows:
        yield entry_of(row, by_course.get((row.organisation_id, row.id), []))


def entry_of(row: CourseRow, mappings: list[dict[str, Any]]) -> Entry:
    return Entry(row.uuid, row.external_id, course_document(course_of(row.content)), mappings)


def _said(row: MappingRow, pins: Pins) -> dict[str, Any]:
    return {
        "concept": row.concept,
        "relation": row.relation,
        "level": row.level,
        "hours": number(row.hours),
        "evidence": row.evidence,
        "evidence_span": row.span or None,
        "version": pins.number(row.version_id),
    }
