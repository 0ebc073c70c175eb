"""Ballots as they lie in the box: whose, and how many. They are cast by :mod:`.casting`."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.errors import NotFound
from competency_api.workshops.models import BallotRow, ParticipantRow, TopicRow


def find_ballot(session: orm.Session, topic: TopicRow, participant: ParticipantRow) -> BallotRow | None:
    where = (BallotRow.topic_id == topic.id, BallotRow.participant_id == participant.id)
    return session.scalar(sa.select(BallotRow).where(*where).execution_options(populate_existing=True))


def get_ballot(session: orm.Session, topic: TopicRow, participant: ParticipantRow) -> BallotRow:
    """Raises NotFound before the first ballot."""
    row = find_ballot(session, topic, participant)
    if row is None:
        raise NotFound("You have cast no ballot on this topic yet.")
    return row


def ballots_of(session: orm.Session, participant: ParticipantRow) -> Mapping[int, BallotRow]:
    """A participant's ballots, by topic."""
    rows = session.scalars(sa.select(BallotRow).where(BallotRow.participant_id == participant.id))
    return {row.topic_id: row for row in rows}


def count_by_table(session: orm.Session, topic: TopicRow) -> dict[int, int]:
    """How many ballots were cast at each table, by its id."""
    statement = sa.select(BallotRow.table_id, sa.func.count()).where(BallotRow.topic_id == topic.id)
    return {row[0]: row[1] for row in session.execute(statement.group_by(BallotRow.table_id))}
