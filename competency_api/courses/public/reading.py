"""Public courses as documents, for pages and embeds: what the API says of them, without its pages and cursors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import orm

from competency_api.courses import queries
from competency_api.courses.exports import schema_org
from competency_api.courses.exports.catalogue import entries_of
from competency_api.courses.models import CourseRow
from competency_api.courses.pins import Pins
from competency_api.courses.presentation import mapping_documents, public_document
from competency_api.courses.public.queries import list_shown, list_shown_by_id
from competency_api.courses.queries import Filters
from competency_api.taxonomy.speaking import OneLanguage


class Shown(NamedTuple):
    """A course as everybody sees it, and those of its mappings that were asked for."""

    document: dict[str, Any]
    mappings: list[dict[str, Any]]


def shown(session: orm.Session, pins: Pins, filters: Filters, offset: int, limit: int) -> list[Shown]:
    """Courses behind the first ``offset``; with the mappings that the filters are about, where they are about any."""
    rows = list_shown(session, filters, offset, limit)
    is_about_mappings = filters.concept is not None or filters.relations or filters.levels
    return _documents(session, pins, rows, filters if is_about_mappings else None)


def shown_by_id(session: orm.Session, pins: Pins, uuids: Sequence[str]) -> list[Shown]:
    """These courses, without their mappings; those that are not to be seen are left out."""
    return _documents(session, pins, list_shown_by_id(session, uuids), None)


def _documents(session: orm.Session, pins: Pins, rows: Sequence[CourseRow], filters: Filters | None) -> list[Shown]:
    providers = queries.names_of(session, rows)
    mapped: dict[tuple[int, int], list[Any]] = {}
    for owner in providers if filters is not None else ():
        ids = [row.id for row in rows if row.organisation_id == owner]
        for pair in queries.list_mappings(session, owner, ids, filters):
            mapped.setdefault((owner, pair[0].course_id), []).append(pair)

    def mappings_of(row: CourseRow) -> Iterable[Any]:
        return mapped.get((row.organisation_id, row.id), ())

    return [
        Shown(public_document(row, providers[row.organisation_id]), mapping_documents(mappings_of(row), pins))
        for row in rows
    ]


def spoken(speaker: OneLanguage, texts: Mapping[str, str]) -> dict[str, Any] | None:
    """A provider's text in the best language that it has; what exists in no language of the fallback order is given in
    its own, since a course may be in one language only. Providers write their own translations, so none is a draft.
    """
    said: dict[str, Any] | None = speaker.text(texts, dict.fromkeys(texts, "reviewed"))
    if said is None and texts:
        tag = min(texts)
        return {"text": texts[tag], "lang": tag, "fallback": True, "review": "reviewed"}
    return said


def shown_whole(session: orm.Session, pins: Pins, uuid: str) -> tuple[Shown, dict[str, Any]]:
    """A course with all its mappings, and the same as schema.org has it. Raises NotFound, also for a private one."""
    row = queries.get_public_course(session, uuid)
    provider = queries.names_of(session, [row])[row.organisation_id]
    mappings = mapping_documents(queries.list_mappings(session, row.organisation_id, [row.id]), pins)
    [entry] = entries_of(session, [row], pins)
    return Shown(public_document(row, provider), mappings), schema_org.course_node(entry, provider, pins)
