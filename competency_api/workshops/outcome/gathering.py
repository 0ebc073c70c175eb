"""What a step from a result needs to know: the room, the topic as it was ranked, the ballots as they were cast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import names_of_organisations
from competency_api.courses.pins import Pins
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import queries
from competency_api.workshops.access.permissions import Asker
from competency_api.workshops.models import NeedRow, OptionRow, TopicRow, WorkshopRow
from competency_api.workshops.outcome.conclusions.presentation import conclusions_document
from competency_api.workshops.outcome.conclusions.queries import list_conclusions
from competency_api.workshops.outcome.planning import RankedOption, RankedTopic
from competency_api.workshops.outcome.proposing import list_outcomes
from competency_api.workshops.outcome.report import counted_ballots, report_document
from competency_api.workshops.outcome.standings import cast_ballots
from competency_api.workshops.outcome.wording import Room
from competency_api.workshops.presentation import option_texts, round_document, workshop_document
from competency_api.workshops.ranking import TopicRanking, rank_topic
from competency_api.workshops.values import NeedState, State
from competency_api.workshops.wording import read


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
    session: orm.Session, topic: TopicRow, options: Iterable[OptionRow], taxonomy: Taxonomy, found: TopicRanking
) -> RankedTopic:
    """The topic with its result, and what participants typed of each option."""
    typed = _typed(session, topic)
    return RankedTopic(
        question=_said(read(topic.question)),
        takes_needs=topic.takes_needs,
        options={
            row.name: RankedOption(
                concept=row.concept, texts=option_texts(row, taxonomy), typed=tuple(typed.get(row.name, ()))
            )
            for row in options
        },
        found=found,
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
    holders = names_of_organisations(session, [workshop.organisation_id] if workshop.organisation_id else [])
    _, holder = holders.get(workshop.organisation_id or 0, ("", ""))
    options = queries.options_of(session, topic)
    numbers = queries.numbers_of_tables(session, workshop.id)
    found = rank_topic([option.name for option in options], cast_ballots(session, topic, numbers))
    taxonomy = versions.taxonomy(workshop.version_id)
    return room_of(workshop, holder, versions.base_url), ranked_topic(session, topic, options, taxonomy, found)


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


def report_of(session: orm.Session, workshop: WorkshopRow, asker: Asker, versions: Pins) -> dict[str, Any]:
    """Everything that the workshop came to, in all languages."""
    holders = names_of_organisations(session, [workshop.organisation_id] if workshop.organisation_id else [])
    return report_document(
        workshop_document(workshop, holders, versions),
        [],
        conclusions_document(list_conclusions(session, workshop), workshop),
        list_outcomes(session, workshop),
        rounds=[round_document(row) for row in queries.list_rounds(session, workshop.id)],
        tables=[],
    )
