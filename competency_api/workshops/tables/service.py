"""Commands on the rounds and tables of a workshop. Who may is decided before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import find_person
from competency_api.accounts.service import record as audit
from competency_api.accounts.values import COMMAND_LINE, Actor
from competency_api.core.db import require_revision
from competency_api.core.errors import Conflict, FieldError, InvalidInput, NotFound
from competency_api.core.nearest import hint_of_codes
from competency_api.core.text import printable
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import queries, wording
from competency_api.workshops.access.permissions import person_identity
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import (
    BallotRow,
    NeedRow,
    OptionRow,
    ParticipantRow,
    RoundRow,
    TableRow,
    WorkshopRow,
)
from competency_api.workshops.tables.keys import revoke_keys
from competency_api.workshops.values import MOST_TABLES, State, new_join_code

_CHALLENGE = "challenge"


def require_changeable(workshop: WorkshopRow) -> None:
    """Raises Conflict when the session is over: what it was made of stays as it was."""
    if workshop.state not in (State.DRAFT, State.OPEN):
        raise Conflict(f"The workshop is {workshop.state}: what it was made of is no longer changed.")


# -- rounds ------------------------------------------------------------------------------------------------------------


def put_round(
    session: orm.Session, workshop: WorkshopRow, number: int, body: Mapping[str, Any]
) -> tuple[RoundRow, bool]:
    """Write a round, and say whether it is new."""
    raise_activity(session, workshop.id)
    require_changeable(workshop)
    title = wording.stored(wording.checked(body.get("title", {}), "/title"))
    row = session.get(RoundRow, (workshop.id, number))
    is_new = row is None
    if row is None:
        row = RoundRow(workshop_id=workshop.id, number=number)
        session.add(row)
    row.title = title
    row.minutes = body.get("minutes")
    session.flush()
    return row, is_new


def delete_round(session: orm.Session, workshop: WorkshopRow, number: int) -> None:
    """Raises NotFound. Topics of it are of no round then."""
    raise_activity(session, workshop.id)
    require_changeable(workshop)
    row = session.get(RoundRow, (workshop.id, number))
    if row is None:
        raise NotFound(f"The workshop has no round {number}.")
    for topic in queries.list_topics(session, workshop.id):
        if topic.round_number == number:
            topic.round_number = None
    session.delete(row)
    session.flush()


# -- tables ------------------------------------------------------------------------------------------------------------


def add_table(
    session: orm.Session, actor: Actor, workshop: WorkshopRow, body: Mapping[str, Any], taxonomy: Taxonomy
) -> TableRow:
    """A table with a new code to join by; its number is the next one unless another is asked for."""
    raise_activity(session, workshop.id)
    require_changeable(workshop)
    known = {table.number for table in queries.list_tables(session, workshop.id)}
    number = body.get("number") or max(known, default=0) + 1
    if number in known:
        raise Conflict(f"There is a table {number} already.")
    if len(known) >= MOST_TABLES or number > MOST_TABLES:
        raise Conflict(f"A workshop has at most {MOST_TABLES} tables.")
    row = TableRow(
        workshop_id=workshop.id,
        number=number,
        name=body.get("name") or f"Table {number}",
        challenge=_challenge(body.get(_CHALLENGE), taxonomy),
        facilitator=_facilitator(session, body.get("facilitated_by")),
        facilitator_name=body.get("facilitator") or "",
        join_code=_unused_code(session),
    )
    session.add(row)
    session.flush()
    audit(session, actor, "workshop-table.created", _subject(workshop, row), workshop.organisation_id)
    return row


def change_table(
    session: orm.Session,
    actor: Actor,
    workshop: WorkshopRow,
    row: TableRow,
    expected: frozenset[int],
    body: Mapping[str, Any],
    taxonomy: Taxonomy,
) -> TableRow:
    """Change the members that are given. Who facilitates by another name ends the key that was made for the table."""
    raise_activity(session, workshop.id)
    require_changeable(workshop)
    require_revision(row.revision, expected)
    row.name = body.get("name") or row.name
    if _CHALLENGE in body:
        row.challenge = _challenge(body[_CHALLENGE], taxonomy)
    if "facilitator" in body:
        row.facilitator_name = body["facilitator"] or ""
    if "facilitated_by" in body:
        new = _facilitator(session, body["facilitated_by"])
        revoke_keys(session, actor, [row])
        row.facilitator = new
    session.flush()
    audit(session, actor, "workshop-table.changed", _subject(workshop, row), workshop.organisation_id)
    return row


def delete_table(
    session: orm.Session, actor: Actor, workshop: WorkshopRow, row: TableRow, expected: frozenset[int]
) -> None:
    """Raises Conflict when somebody sits at it or has left something there."""
    raise_activity(session, workshop.id)
    require_changeable(workshop)
    require_revision(row.revision, expected)
    for table in (ParticipantRow, BallotRow, NeedRow, OptionRow):
        if queries.count(session, table, table.table_id == row.id):
            raise Conflict(f"Table {row.number} is in use: participants, ballots or needs are of it.")
    revoke_keys(session, actor, [row])
    session.delete(row)
    session.flush()
    audit(session, actor, "workshop-table.deleted", _subject(workshop, row), workshop.organisation_id)


def seated(session: orm.Session, workshop: WorkshopRow) -> dict[int, int]:
    """How many participants sit at each table, by its id."""
    statement = sa.select(ParticipantRow.table_id, sa.func.count()).where(ParticipantRow.workshop_id == workshop.id)
    return {row[0]: row[1] for row in session.execute(statement.group_by(ParticipantRow.table_id))}


def _subject(workshop: WorkshopRow, row: TableRow) -> str:
    return f"workshop/{workshop.code}/table/{row.number}"


def _unused_code(session: orm.Session) -> str:
    while True:
        code = new_join_code()
        if not queries.count(session, TableRow, TableRow.join_code == code):
            return code


def _challenge(code: str | None, taxonomy: Taxonomy) -> str | None:
    if code is None:
        return None
    concept = taxonomy.get(code)
    if concept is None or concept.kind != _CHALLENGE:
        hint = hint_of_codes(code, taxonomy.kinds.get(_CHALLENGE, ()))
        what = "is no challenge" if concept else "is not in the workshop's version"
        raise InvalidInput(FieldError(f'"{printable(code)}" {what}.{hint}', pointer="/challenge"))
    return code


def _facilitator(session: orm.Session, person: str | None) -> str | None:
    if person is None:
        return None
    if find_person(session, COMMAND_LINE, person) is None:
        raise InvalidInput(FieldError(f'There is no person "{printable(person)}".', pointer="/facilitated_by"))
    return person_identity(person)
