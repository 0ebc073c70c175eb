"""Suggestions and lists of them as they are answered."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from competency_api.concepts.presentation import Presenter
from competency_api.core import clock
from competency_api.courses.models import CourseRow
from competency_api.courses.pins import Pins
from competency_api.courses.plans.tables import Cell
from competency_api.courses.presentation import BASE
from competency_api.courses.queries import Provider
from competency_api.courses.suggestions.asking import CourseText
from competency_api.courses.suggestions.models import DecidedRow, ListRow, SuggestionRow
from competency_api.courses.suggestions.values import Offer, Outcome, Standing
from competency_api.courses.values import course_of
from competency_api.matching.presentation import suggestion
from competency_api.matching.values import Match, MatchResult

COLUMNS = (
    *("course", "title", "concept", "label", "relation", "level", "hours", "confidence", "evidence", "standing"),
    "decision",
)
_matches = msgspec.json.Decoder(Match)


def list_address(provider: str, list_id: int) -> str:
    return f"{BASE}/{provider}/suggestions/{list_id}"


def list_document(row: ListRow, provider: str, pins: Pins) -> dict[str, Any]:
    """A list of suggestions for a catalogue, without them."""
    address = list_address(provider, row.id)
    return {
        "id": row.id,
        "provider": provider,
        "version": pins.number(row.version_id),
        **json.loads(row.asked),
        "courses": row.courses,
        "suggestions": row.suggestions,
        "created_at": clock.iso(row.created_at),
        "actor": row.actor,
        "links": {"self": address, "items": f"{address}/items"},
    }


def course_suggestions(text: CourseText, found: MatchResult, presenter: Presenter) -> dict[str, Any]:
    """What is suggested for one course."""
    return {
        "version": presenter.number,
        "text": {"language": text.language, "digest": text.digest},
        "items": [_item(match, text.offer(match), presenter) for match in found.matches],
    }


def _item(match: Match, offer: Offer, presenter: Presenter) -> dict[str, Any]:
    return {**suggestion(match, presenter), "evidence": offer.evidence, "evidence_span": offer.span or None}


def offer_in(row: SuggestionRow, course: CourseRow) -> tuple[Match, Offer | None]:
    """A suggestion of a list and what accepting it writes; None when the text of the course changed since."""
    match = _matches.decode(row.found)
    text = CourseText.of(course_of(course.content), row.language)
    return match, text.offer(match) if text.digest == row.digest else None


def list_item(row: SuggestionRow, course: CourseRow, verdict: str | None, presenter: Presenter) -> dict[str, Any]:
    """A suggestion of a list; ``outdated`` says that the text of the course changed since."""
    match, offer = offer_in(row, course)
    return {
        "course": course.external_id,
        **suggestion(match, presenter),
        "evidence": offer.evidence if offer else "",
        "evidence_span": offer.span or None if offer else None,
        "standing": verdict or Standing.OPEN.value,
        "outdated": offer is None,
    }


def list_row(row: SuggestionRow, course: CourseRow, verdict: str | None, presenter: Presenter) -> list[Cell]:
    """The same as a row of :data:`COLUMNS`."""
    item, title = list_item(row, course, verdict, presenter), course_of(course.content).title
    shown = title.get(row.language) or next(iter(title.values()))
    label = item["label"]["text"] if item["label"] else ""
    said = (item["course"], shown, item["code"], label, item["relation"], item["level"], None)
    return [*said, item["confidence"], item["evidence"], item["standing"], ""]


def decided_document(row: DecidedRow, pins: Pins) -> dict[str, Any]:
    """What was decided about a concept for a course."""
    return {
        "concept": row.concept,
        "standing": row.verdict,
        "relation": row.relation,
        "level": row.level,
        "confidence": row.confidence,
        "version": pins.number(row.version_id),
        "text_digest": row.digest,
        "decided_at": clock.iso(row.decided_at),
        "actor": row.actor,
    }


def outcome_document(outcome: Outcome, provider: Provider, version: str) -> dict[str, Any]:
    return {"provider": provider.code, "version": version, **msgspec.structs.asdict(outcome)}
