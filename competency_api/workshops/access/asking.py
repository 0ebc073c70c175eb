"""Who asks the present request about which workshop: with a key, with a participant's token, or with neither."""

from __future__ import annotations

from typing import cast

from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core.errors import InvalidToken
from competency_api.core.http import count_participant, count_stranger, find_caller, participant_token
from competency_api.workshops import queries
from competency_api.workshops.access.permissions import Asker, Part, may_see, part_of
from competency_api.workshops.models import ParticipantRow, WorkshopRow
from competency_api.workshops.voting.casting import Booth, find_booth
from competency_api.workshops.voting.participants import find_by_token, gone


def find_actor() -> Actor | None:
    """Whoever sent a key; None without one."""
    return cast("Actor | None", find_caller())


def asked(session: orm.Session, code: str) -> tuple[WorkshopRow, Asker]:
    """The workshop and who asks about it.

    Raises NotFound, also for one that they may not know of, and InvalidToken for a token of another workshop.
    """
    row = queries.get_workshop(session, code)
    asker = _asker(session, row)
    if not may_see(asker, row.state):
        raise queries.no_workshop(code)
    return row, asker


def asker_with(session: orm.Session, actor: Actor, row: WorkshopRow) -> Asker:
    """What the owner of a key is in the workshop."""
    facilitators = queries.facilitators_of(session, row.id)
    return part_of(actor, row.organisation_id, facilitators, is_table_key=queries.is_table_key(session, actor))


def _asker(session: orm.Session, row: WorkshopRow) -> Asker:
    actor = find_actor()
    if actor is not None:
        return asker_with(session, actor, row)
    if participant_token():
        person = participant(session, row)
        numbers = queries.numbers_of_tables(session, row.id)
        return Asker(Part.PARTICIPANT, frozenset({numbers[person.table_id]}), person.id)
    return Asker(Part.GUEST)


def participant(session: orm.Session, row: WorkshopRow) -> ParticipantRow:
    """Whose token the present request has. Raises InvalidToken, and TooManyRequests from whoever sends too many."""
    found = find_by_token(session, participant_token())
    if found is None or found.workshop_id != row.id:
        count_stranger()
        raise InvalidToken(gone(row, found is not None))
    count_participant(str(found.id))
    return found


def voter(session: orm.Session, workshop: str, topic: str) -> Booth:
    """Whose token the present request has, and what they vote on.

    Raises NotFound, InvalidToken, and TooManyRequests from whoever sends too many.
    """
    found = find_booth(session, workshop, topic, participant_token())
    if found is None:
        # what is wrong is looked for one after the other, in the order in which everything else says it
        row = queries.get_workshop(session, workshop)
        participant(session, row)
        raise queries.no_topic(session, row, topic)
    count_participant(str(found.participant.id))
    return found
