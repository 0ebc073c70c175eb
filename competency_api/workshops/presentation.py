"""Workshops, and what they are made of, as they are answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from competency_api.core import clock
from competency_api.courses.pins import Pins
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import wording
from competency_api.workshops.access.permissions import Asker
from competency_api.workshops.models import OptionRow, RoundRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.values import TRANSITIONS, topic_state_at

BASE = "/api/v1/workshops"


def _moment(moment: dt.datetime | None) -> str | None:
    return None if moment is None else clock.iso(moment)


def workshop_document(
    row: WorkshopRow, organisations: Mapping[int, tuple[str, str]], pins: Pins, asker: Asker | None = None
) -> dict[str, Any]:
    """``organisations``: their codes and names by id. With an asker it says what they are in it, and may do next."""
    code, name = organisations.get(row.organisation_id or 0, (None, None))
    document = {
        "code": row.code,
        "id": row.uuid,
        "title": wording.read(row.title),
        "purpose": wording.read(row.purpose),
        "place": wording.read(row.place),
        "organisation": None if code is None else {"code": code, "name": name},
        "starts_at": clock.iso(row.starts_at),
        "ends_at": clock.iso(row.ends_at),
        "time_zone": row.time_zone,
        "agenda": wording.read(row.agenda),
        "languages": wording.read(row.languages),
        "version": pins.number(row.version_id),
        "state": row.state,
        "opened_at": _moment(row.opened_at),
        "closed_at": _moment(row.closed_at),
        "reported_at": _moment(row.reported_at),
        "activity": row.activity,
    }
    if asker is None:
        return document
    verbs = [verb.value for verb, step in TRANSITIONS.items() if row.state in step.sources]
    document["you"] = {"part": asker.part.value, "tables": sorted(asker.tables)}
    return {**document, "next": verbs if asker.is_organiser else []}


def round_document(row: RoundRow) -> dict[str, Any]:
    return {"number": row.number, "title": wording.read(row.title), "minutes": row.minutes}


def table_document(row: TableRow, asker: Asker, taxonomy: Taxonomy, participants: int) -> dict[str, Any]:
    """``join_code`` and who facilitates by name are for those who run the table."""
    runs = asker.is_organiser or (asker.runs and row.number in asker.tables)
    challenge = taxonomy.get(row.challenge) if row.challenge else None
    document = {
        "number": row.number,
        "name": row.name,
        "challenge": None
        if row.challenge is None
        else {"code": row.challenge, "texts": labels_of(taxonomy, row.challenge), **_question(challenge)},
        "facilitator": row.facilitator_name or None,
        "participants": participants,
    }
    return {**document, "join_code": row.join_code, "facilitated_by": row.facilitator} if runs else document


def _question(challenge: Any) -> dict[str, Any]:
    return {"question": dict(challenge.attributes.get("question", {}))} if challenge is not None else {}


def labels_of(taxonomy: Taxonomy, code: str) -> dict[str, str]:
    """A concept's preferred labels, by language."""
    concept = taxonomy.get(code)
    return {tag: labels.preferred for tag, labels in concept.labels.items()} if concept else {}


def topic_document(
    row: TopicRow, options: Iterable[OptionRow], asker: Asker, taxonomy: Taxonomy, numbers: Mapping[int, int]
) -> dict[str, Any]:
    """With the options that are shown to whoever asks. ``numbers`` are those of the tables by their ids."""
    return {
        "name": row.name,
        "position": row.position,
        "round": row.round_number,
        "question": wording.read(row.question),
        "takes_needs": row.takes_needs,
        "filters": wording.read(row.filters) if row.filters else {},
        "state": topic_state_at(row.state, row.closes_at, clock.now()).value,
        "closes_at": _moment(row.closes_at),
        "activity": row.activity,
        "options": [option_document(option, taxonomy, numbers) for option in shown_options(options, asker, numbers)],
    }


def shown_options(options: Iterable[OptionRow], asker: Asker, numbers: Mapping[int, int]) -> list[OptionRow]:
    """Those of all tables, and those of their own."""
    return [option for option in options if asker.sees_of(numbers[option.table_id] if option.table_id else None)]


def option_document(row: OptionRow, taxonomy: Taxonomy, numbers: Mapping[int, int]) -> dict[str, Any]:
    return {
        "name": row.name,
        "concept": row.concept,
        "texts": option_texts(row, taxonomy),
        "table": numbers[row.table_id] if row.table_id else None,
    }


def option_texts(row: OptionRow, taxonomy: Taxonomy) -> dict[str, str]:
    """What an option says, by language: of a concept, what the workshop's version says."""
    if row.concept:
        return labels_of(taxonomy, row.concept)
    found: dict[str, str] = wording.read(row.texts)
    return found
