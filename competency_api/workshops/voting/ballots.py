"""Casting ballots. What can be looked at before is, so that the lock of the workshop is held for an instant only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from typing import cast as typed

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from competency_api.core import clock
from competency_api.core.errors import AnotherBallot, Conflict, InvalidToken, NotFound
from competency_api.workshops import queries, wording
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import BallotRow, ParticipantRow, TopicRow, WorkshopRow
from competency_api.workshops.ranking import read_ballot
from competency_api.workshops.values import TopicState, topic_state_at
from competency_api.workshops.voting.participants import find_by_browser, gone, require_open

_BALLOT = typed(sa.Table, BallotRow.__table__)


@dataclass(frozen=True)
class Cast:
    """A ballot that may be cast: whose, on what, and its levels as a column holds them. ``casts`` is 0 unless it
    is there already, the very same."""

    participant: ParticipantRow
    topic_id: int
    levels: str
    casts: int


def require_own_browser(session: orm.Session, participant: ParticipantRow, browser: str) -> None:
    """Raises AnotherBallot when the browser joined this workshop as another participant than the token's."""
    known = find_by_browser(session, participant.workshop_id, browser)
    if known is not None and known.id != participant.id:
        raise AnotherBallot(
            "This browser has joined the workshop as another participant, and there is one ballot for each. "
            "Send the token that it was given last, or vote where this token was given to."
        )


def require_voting(workshop: WorkshopRow, topic: TopicRow) -> None:
    """Raises Conflict unless ballots are taken now."""
    require_open(workshop)
    state = topic_state_at(topic.state, topic.closes_at, clock.now())
    if state is TopicState.WAITING:
        raise Conflict("The topic is not open yet; ballots are taken when the facilitator opens it.")
    if state is TopicState.CLOSED:
        raise Conflict("The topic is closed: ballots are no longer taken. What was cast before counts.")


def prepare(
    session: orm.Session,
    workshop: WorkshopRow,
    topic: TopicRow,
    participant: ParticipantRow,
    browser: str,
    levels: Sequence[Sequence[str]],
) -> Cast:
    """Look whether the ballot may be cast. Raises Conflict, AnotherBallot and InvalidInput."""
    require_own_browser(session, participant, browser)
    require_voting(workshop, topic)
    own = [
        option.name for option in queries.options_of(session, topic) if option.table_id in (None, participant.table_id)
    ]
    ballot = read_ballot(own, levels)
    column = wording.stored(ballot.levels)
    known = find_ballot(session, topic, participant)
    is_there = known is not None and (known.levels, known.table_id) == (column, participant.table_id)
    return Cast(participant, topic.id, column, known.casts if known is not None and is_there else 0)


def write(session: orm.Session, workshop: WorkshopRow, cast: Cast) -> int:
    """Write a ballot that is not there yet, in place of the participant's last one on the topic. Gives its casts.

    In a session of its own, which has read nothing before. Raises Conflict when the topic or the workshop was closed
    meanwhile.
    """
    raise_activity(session, workshop.id, cast.topic_id)
    person = session.get(ParticipantRow, cast.participant.id)
    now = session.get_one(WorkshopRow, workshop.id)
    if person is None:
        raise InvalidToken(gone(now, False))
    require_voting(now, session.get_one(TopicRow, cast.topic_id))
    values = {"table_id": person.table_id, "role": person.role, "levels": cast.levels}
    insert = _insert(session).values(topic_id=cast.topic_id, participant_id=person.id, casts=1, **values)
    again = insert.on_conflict_do_update(
        index_elements=["topic_id", "participant_id"], set_={**values, "casts": _BALLOT.c.casts + 1}
    )
    return int(session.execute(again.returning(_BALLOT.c.casts)).scalar_one())


def _insert(session: orm.Session) -> Any:
    """One statement for the first ballot and for every other; the two databases write it alike."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(_BALLOT) if is_sqlite else postgresql.insert(_BALLOT)


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
