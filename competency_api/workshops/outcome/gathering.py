"""What a step from a result needs to know: the room, the topic as it was ranked, the ballots as they were cast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import names_of_organisations
from competency_api.courses.pins import Pins
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import queries
from competency_api.workshops.access.permissions import Asker, Part
from competency_api.workshops.models import NeedRow, TopicRow, WorkshopRow
from competency_api.workshops.outcome.conclusions.presentation import conclusions_document
from competency_api.workshops.outcome.conclusions.queries import list_conclusions
from competency_api.workshops.outcome.planning import RankedOption, RankedTopic
from competency_api.workshops.outcome.proposing import list_outcomes
from competency_api.workshops.outcome.report import counted_ballots, report_document
from competency_api.workshops.outcome.wording import Room
from competency_api.workshops.presentation import option_texts, round_document, table_document, workshop_document
from competency_api.workshops.results.counting import Count, Counts, cast_ballots, count_topic
from competency_api.workshops.results.presentation import result_document
from competency_api.workshops.values import NeedState, State
from competency_api.workshops.wording import read

_EVERYBODY = Asker(Part.GUEST)


def room_of(workshop: WorkshopRow, holder: str, base_url: str) -> Room:
    """``holder`` is the name of the organisation that holds it; empty for the deployment itself."""
    return Room(
        title=_said(read(workshop.title)),
        place=_said(read(workshop.place)),
        on=workshop.starts_at.astimezone(ZoneInfo(workshop.time_zone)).date().isoformat(),
        organiser=holder,
        url=f"{base_url}/{REFERENCE_LANGUAGE}/workshops/{workshop.code}",
    )


def ranked_topic(
    session: orm.Session, topic: TopicRow, count: Count, taxonomy: Taxonomy, numbers: Mapping[int, int]
) -> RankedTopic:
    """The topic with its result, and what participants typed of each option. ``numbers`` are those of the tables."""
    typed = _typed(session, topic)
    return RankedTopic(
        question=_said(read(topic.question)),
        takes_needs=topic.takes_needs,
        options={
            row.name: RankedOption(
                concept=row.concept,
                texts=option_texts(row, taxonomy),
                typed=tuple(typed.get(row.name, ())),
                table=str(numbers[row.table_id]) if row.table_id else None,
            )
            for row in count.options
        },
        found=count.ranking,
    )


def _typed(session: orm.Session, topic: TopicRow) -> Mapping[str, list[str]]:
    """What was typed, by the option that it became or was merged with: sorted, so that it does not tell the order."""
    shown = (NeedState.MERGED.value, NeedState.RELEASED.value)
    rows = session.execute(
        sa.select(NeedRow.option, NeedRow.text).where(NeedRow.topic_id == topic.id, NeedRow.state.in_(shown))
    )
    found: dict[str, set[str]] = {}
    for option, text in rows:
        found.setdefault(str(option), set()).add(text)
    return {option: sorted(texts) for option, texts in found.items()}


def _said(texts: Mapping[str, str]) -> str:
    """In English, which proposals are written in, else in the workshop's own words."""
    return texts.get(REFERENCE_LANGUAGE) or next(iter(texts.values()), "")


def about(session: orm.Session, workshop: WorkshopRow, topic: TopicRow, versions: Pins) -> tuple[Room, RankedTopic]:
    """What a step from a topic needs to know."""
    _, holder = holders_of(session, workshop).get(workshop.organisation_id or 0, ("", ""))
    numbers = queries.numbers_of_tables(session, workshop.id)
    count, taxonomy = count_topic(session, topic, numbers), versions.taxonomy(workshop.version_id)
    return room_of(workshop, holder, versions.base_url), ranked_topic(session, topic, count, taxonomy, numbers)


def holders_of(session: orm.Session, workshop: WorkshopRow) -> dict[int, tuple[str, str]]:
    """Code and name of the organisation that holds it, by its id."""
    return names_of_organisations(session, [workshop.organisation_id] if workshop.organisation_id else [])


def ballots_of(session: orm.Session, workshop: WorkshopRow) -> list[dict[str, Any]]:
    """The ballots of all topics by table, once the workshop is closed: before that they may still be changed."""
    if workshop.state not in (State.CLOSED, State.REPORTED):
        return []
    numbers = queries.numbers_of_tables(session, workshop.id)
    return [
        found
        for topic in queries.list_topics(session, workshop.id)
        for found in counted_ballots(topic.name, cast_ballots(session, topic, numbers))
    ]


def report_of(
    session: orm.Session, workshop: WorkshopRow, versions: Pins, counts: Counts, *, matrices: bool = True
) -> dict[str, Any]:
    """Everything that the workshop came to, in all languages; without ``matrices`` it lacks the counts of all pairs."""
    numbers, taxonomy = queries.numbers_of_tables(session, workshop.id), versions.taxonomy(workshop.version_id)
    tables = [table_document(row, _EVERYBODY, taxonomy, 0) for row in queries.list_tables(session, workshop.id)]
    return report_document(
        workshop_document(workshop, holders_of(session, workshop), versions),
        [
            result_document(workshop, topic, counts.of(session, topic, numbers), taxonomy, numbers, matrices=matrices)
            for topic in queries.list_topics(session, workshop.id)
        ],
        conclusions_document(list_conclusions(session, workshop), workshop),
        list_outcomes(session, workshop),
        rounds=[round_document(row) for row in queries.list_rounds(session, workshop.id)],
        # a report is handed on: without codes to join by, and without who sat where when
        tables=[{name: value for name, value in table.items() if name != "participants"} for table in tables],
    )
