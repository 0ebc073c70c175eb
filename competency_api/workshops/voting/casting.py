"""Casting a ballot: hundreds of people do it within seconds, and each waits for all who write before.

What can be looked at before is, by one statement, so that the lock of the workshop is held for an instant only: three
statements, which are made once and not with each ballot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import cast as typed

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import INSERTS
from competency_api.core.errors import AnotherBallot, Conflict, InvalidToken
from competency_api.core.text import fault_of
from competency_api.workshops import queries, wording
from competency_api.workshops.activity import hold_topic
from competency_api.workshops.models import BallotRow, ParticipantRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.ranking import read_ballot
from competency_api.workshops.values import TopicState, topic_state_at
from competency_api.workshops.voting.participants import digest_of, find_by_browser, gone, require_open

_BALLOT = typed(sa.Table, BallotRow.__table__)
_WRITTEN = ("topic_id", "participant_id", "table_id", "role", "levels", "casts")
#: Who they are is read again under the lock: they may have changed tables since, or be forgotten.
_PERSON = sa.select(
    sa.bindparam("topic", type_=sa.Integer),
    ParticipantRow.id,
    ParticipantRow.table_id,
    ParticipantRow.role,
    sa.bindparam("levels", type_=sa.Text),
    sa.literal(1),
).where(ParticipantRow.id == sa.bindparam("person"))
_BOOTH = (
    sa.select(WorkshopRow, TopicRow, ParticipantRow, TableRow.number, BallotRow)
    .join(TopicRow, TopicRow.workshop_id == WorkshopRow.id)
    .join(ParticipantRow, ParticipantRow.workshop_id == WorkshopRow.id)
    .join(TableRow, TableRow.id == ParticipantRow.table_id)
    .outerjoin(BallotRow, sa.and_(BallotRow.topic_id == TopicRow.id, BallotRow.participant_id == ParticipantRow.id))
    .where(
        WorkshopRow.code == sa.bindparam("workshop"),
        TopicRow.name == sa.bindparam("topic"),
        ParticipantRow.token_digest == sa.bindparam("token"),
    )
)


@dataclass(frozen=True)
class Booth:
    """Who votes on what: a participant, who sits at the table of this number, and their last ballot on the topic."""

    workshop: WorkshopRow
    topic: TopicRow
    participant: ParticipantRow
    table: int
    last: BallotRow | None


@dataclass(frozen=True)
class Cast:
    """A ballot that may be cast, its levels as a column holds them. ``casts`` is 0 unless it is there already, the very
    same."""

    booth: Booth
    levels: str
    casts: int


def find_booth(session: orm.Session, workshop: str, topic: str, token: str) -> Booth | None:
    """None when there is no such workshop, it has no such topic, or the token is of nobody in it."""
    if fault_of(workshop) or fault_of(topic):
        return None
    row = session.execute(_BOOTH, {"workshop": workshop, "topic": topic, "token": digest_of(token)}).first()
    return None if row is None else Booth(*row)


def require_own_browser(session: orm.Session, participant: ParticipantRow, browser: str) -> None:
    """Raises AnotherBallot when the browser joined this workshop as another participant than the token's."""
    if not browser or digest_of(browser) == participant.session_digest:
        return
    if find_by_browser(session, participant.workshop_id, browser) is not None:
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


def prepare(session: orm.Session, booth: Booth, browser: str, levels: Sequence[Sequence[str]]) -> Cast:
    """Look whether the ballot may be cast. Raises Conflict, AnotherBallot and InvalidInput."""
    require_own_browser(session, booth.participant, browser)
    require_voting(booth.workshop, booth.topic)
    table, last = booth.participant.table_id, booth.last
    column = wording.stored(read_ballot(queries.options_at(session, booth.topic.id, table), levels).levels)
    is_there = last is not None and (last.levels, last.table_id) == (column, table)
    return Cast(booth, column, last.casts if last is not None and is_there else 0)


def write(session: orm.Session, cast: Cast) -> int:
    """Write a ballot that is not there yet, in place of the participant's last one on the topic. Gives its casts.

    In a session of its own, which has read nothing before. Raises Conflict when the topic or the workshop was closed
    meanwhile, and InvalidToken when the participant was forgotten.
    """
    booth = cast.booth
    workshop, topic = hold_topic(session, booth.workshop.id, booth.topic.id)
    values = {"topic": topic.id, "person": booth.participant.id, "levels": cast.levels}
    casts = session.execute(_WRITES[session.get_bind().dialect.name], values).scalar_one_or_none()
    if casts is None:
        raise InvalidToken(gone(workshop, False))
    require_voting(workshop, topic)
    return int(casts)


def _write(insert: Any) -> Any:
    """One statement for the first ballot and for every other; the two databases write it alike."""
    written = insert(_BALLOT).from_select(_WRITTEN, _PERSON)
    changed = {name: written.excluded[name] for name in ("table_id", "role", "levels")}
    again = written.on_conflict_do_update(
        index_elements=["topic_id", "participant_id"], set_={**changed, "casts": _BALLOT.c.casts + 1}
    )
    return again.returning(_BALLOT.c.casts)


_WRITES = {dialect: _write(insert) for dialect, insert in INSERTS.items()}
