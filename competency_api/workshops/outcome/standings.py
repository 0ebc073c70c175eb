"""Where concepts came in workshops: written when one is closed, read when it is reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.text import fault_of
from competency_api.workshops import queries, wording
from competency_api.workshops.models import OptionRow, StandingRow, TopicRow, WorkshopRow
from competency_api.workshops.outcome.wording import share_of
from competency_api.workshops.ranking import Ranking
from competency_api.workshops.results.counting import places_of_all
from competency_api.workshops.values import State


def keep_standings(session: orm.Session, workshop: WorkshopRow) -> None:
    """Write where the concepts of its topics came, in the place of what was written before."""
    session.execute(sa.delete(StandingRow).where(StandingRow.workshop_id == workshop.id))
    numbers = queries.numbers_of_tables(session, workshop.id)
    topics = queries.list_topics(session, workshop.id)
    rows = [row for topic in topics for row in _rows(topic, *places_of_all(session, topic, numbers))]
    if rows:
        session.execute(sa.insert(StandingRow), rows)


def _rows(topic: TopicRow, options: Sequence[OptionRow], ranking: Ranking) -> Iterator[dict[str, Any]]:
    concepts = {option.name: option.concept for option in options}
    for standing in ranking.standings:
        if concepts[standing.option] is not None:
            yield {
                "topic_id": topic.id,
                "concept": concepts[standing.option],
                "workshop_id": topic.workshop_id,
                "place": standing.place,
                "of": len(ranking.options),
                "ballots": ranking.ballots,
                "borda": round(1000 * share_of(standing, ranking)),
            }


#: A row of :func:`list_standings`.
Ranked = tuple[StandingRow, TopicRow, WorkshopRow]


def place_of(found: Ranked) -> tuple[int, int]:
    """Its place in the list: where the next page begins."""
    _, topic, workshop = found
    return workshop.id, topic.id


def list_standings(session: orm.Session, code: str, before: tuple[int, int] | None, limit: int) -> Sequence[Ranked]:
    """Where a concept came in reported workshops, the newest first, one more than ``limit``.

    ``before`` are the ids of the workshop and the topic of the last one seen.
    """
    if fault_of(code) is not None:  # PostgreSQL refuses to look for texts that it would not store
        return ()
    place = (WorkshopRow.id, TopicRow.id)
    statement = (
        sa.select(StandingRow, TopicRow, WorkshopRow)
        .join(TopicRow, TopicRow.id == StandingRow.topic_id)
        .join(WorkshopRow, WorkshopRow.id == StandingRow.workshop_id)
        .where(StandingRow.concept == code, WorkshopRow.state == State.REPORTED.value)
        .order_by(*(column.desc() for column in place))
    )
    if before is not None:
        statement = statement.where(sa.tuple_(*place) < sa.tuple_(*map(sa.literal, before)))
    return [(found, topic, workshop) for found, topic, workshop in session.execute(statement.limit(limit + 1))]


def standing_document(found: Ranked) -> dict[str, Any]:
    """Where a concept came in a topic, with what there is to know of its workshop."""
    standing, topic, workshop = found
    return {
        "workshop": workshop.code,
        "title": wording.read(workshop.title),
        "place_name": wording.read(workshop.place),
        "starts_at": clock.iso(workshop.starts_at),
        "topic": topic.name,
        "question": wording.read(topic.question),
        "place": standing.place,
        "of": standing.of,
        "ballots": standing.ballots,
        "share": standing.borda / 1000,
    }
