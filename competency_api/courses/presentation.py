"""Courses and mappings as they are answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from competency_api.core import clock
from competency_api.courses.entry import course_document, number
from competency_api.courses.models import ChangeRow, CourseRow, MappingHistoryRow, MappingRow
from competency_api.courses.naming import Named
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider, Settings
from competency_api.courses.values import MappingRequest, course_of

BASE = "/api/v1/providers"
PUBLIC_BASE = "/api/v1/courses"


def provider_document(provider: Provider, settings: Settings) -> dict[str, Any]:
    return {
        "code": provider.code,
        "name": provider.name,
        "automatic_migration": settings.automatic_migration,
        "changes": settings.last_change,
    }


def public_document(row: CourseRow, provider: Provider) -> dict[str, Any]:
    """A course as everybody sees it, by its public id."""
    return {
        "id": row.uuid,
        "provider": {"code": provider.code, "name": provider.name},
        "external_id": row.external_id,
        **course_document(course_of(row.content)),
        "updated_at": clock.iso(row.updated_at),
    }


def own_document(row: CourseRow, provider: Provider) -> dict[str, Any]:
    """A course as its provider sees it."""
    return {**public_document(row, provider), "created_at": clock.iso(row.created_at)}


def _said(row: MappingRow | MappingHistoryRow, pins: Pins) -> dict[str, Any]:
    return {
        "concept": row.concept,
        "uri": f"{pins.base_url}/id/{row.concept}",
        "relation": row.relation,
        "level": row.level,
        "hours": number(row.hours),
        "evidence": row.evidence,
        "evidence_span": row.span or None,
        "version": pins.number(row.version_id),
    }


def mapping_document(row: MappingRow, since: dt.datetime, pins: Pins) -> dict[str, Any]:
    return {**_said(row, pins), "since": clock.iso(since)}


def mapping_documents(rows: Iterable[tuple[MappingRow, dt.datetime]], pins: Pins) -> list[dict[str, Any]]:
    return [mapping_document(row, since, pins) for row, since in rows]


def history_document(row: MappingHistoryRow, by: ChangeRow, since: dt.datetime, pins: Pins) -> dict[str, Any]:
    """A mapping as it was, with how it ended."""
    return {
        **_said(row, pins),
        "since": clock.iso(since),
        "until": clock.iso(by.at),
        "ending": row.ending,
        "became": row.became or None,
        "reason": by.reason,
        "actor": by.actor,
    }


def resolutions(requests: Sequence[MappingRequest], named: Sequence[Named]) -> list[dict[str, Any]]:
    """What was named otherwise than by its code, and what that was taken for."""
    return [
        {"asked": request.concept, "concept": found.code, "by": found.by, "match": found.match or None}
        for request, found in zip(requests, named, strict=True)
        if found.by != "code"
    ]
