"""Participants: two random numbers each, of which only the digests are kept, and only until the workshop closes."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.errors import Conflict, NotFound
from competency_api.workshops.activity import hold_workshop
from competency_api.workshops.models import BallotRow, NeedRow, ParticipantRow, TableRow, WorkshopRow
from competency_api.workshops.values import CODE_ALPHABET, CODE_LENGTH, State, read_join_code

_BYTES = 32
_SECRET = re.compile("[A-Za-z0-9_-]{43}")
_TABLE = sa.select(TableRow).where(TableRow.join_code == sa.bindparam("code"))


@dataclass(frozen=True)
class Joined:
    """Somebody who joined: ``token`` and ``browser`` are told this once, ``is_new`` unless they were there before."""

    row: ParticipantRow
    workshop: WorkshopRow
    table: TableRow
    token: str
    browser: str
    is_new: bool


def digest_of(secret: str) -> str:
    """A random value of 256 bits needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find_by_token(session: orm.Session, token: str) -> ParticipantRow | None:
    statement = sa.select(ParticipantRow).where(ParticipantRow.token_digest == digest_of(token))
    return session.scalar(statement.execution_options(populate_existing=True))


def find_by_browser(session: orm.Session, workshop_id: int, browser: str) -> ParticipantRow | None:
    """Whoever joined this workshop in the browser whose cookie this is."""
    where = (ParticipantRow.workshop_id == workshop_id, ParticipantRow.session_digest == digest_of(browser))
    return session.scalar(sa.select(ParticipantRow).where(*where)) if browser else None


def find_table(session: orm.Session, typed: str) -> TableRow | None:
    """The table whose code was typed."""
    code = read_join_code(typed)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        return None
    return session.scalar(_TABLE, {"code": code})


def wrong_code() -> NotFound:
    return NotFound(
        f"No table has this code. It has {CODE_LENGTH} letters and digits, without 0, 1, I, L and O; "
        "look at the projector, or ask at your table."
    )


def join(session: orm.Session, table: TableRow, browser: str, role: str | None) -> Joined:
    """Join at a table. ``browser`` is the cookie's value, empty without one.

    Whoever joined in this browser before stays who they are, at the new table, with a new token in place of the old;
    their ballots stay theirs, and stay at the table where they were cast. Raises Conflict unless the workshop is open.
    """
    workshop = hold_workshop(session, table.workshop_id)
    require_open(workshop)
    known = find_by_browser(session, workshop.id, browser)
    token = secrets.token_urlsafe(_BYTES)
    # a browser that took part in another workshop keeps its number, so that it is known there too
    browser = browser if _SECRET.fullmatch(browser) else secrets.token_urlsafe(_BYTES)
    if known is None:
        row = ParticipantRow(workshop_id=workshop.id, session_digest=digest_of(browser))
        session.add(row)
    else:
        row = known
    row.table_id, row.token_digest = table.id, digest_of(token)
    row.role = role if role or known is None else row.role
    session.flush()
    return Joined(row, workshop, table, token, browser, known is None)


def require_open(workshop: WorkshopRow) -> None:
    """Raises Conflict that says when it opens, or that it is over."""
    if workshop.state == State.DRAFT:
        raise Conflict(f"The workshop is not open yet; it begins at {clock.iso(workshop.starts_at)}. Try again then.")
    if workshop.state != State.OPEN:
        when = f" at {clock.iso(workshop.closed_at)}" if workshop.closed_at else ""
        raise Conflict(f"The workshop was closed{when}. Its results are shown when they are reported.")


def change_seat(session: orm.Session, row: ParticipantRow, table: TableRow | None, role: str | None) -> None:
    """Sit down at another table of the same workshop, or say another role. Ballots stay where they were cast."""
    if table is not None:
        if table.workshop_id != row.workshop_id:
            raise Conflict("This code is of a table in another workshop; join that one instead.")
        row.table_id = table.id
    if role is not None:
        row.role = role
    session.flush()


def forget_participants(session: orm.Session, workshop: WorkshopRow) -> None:
    """Delete everybody who was in the room. Ballots and needs are of a table from now on, and of nobody."""
    ids = sa.select(ParticipantRow.id).where(ParticipantRow.workshop_id == workshop.id)
    for table in (BallotRow, NeedRow):
        session.execute(sa.update(table).where(table.participant_id.in_(ids)).values(participant_id=None))
    session.execute(sa.delete(ParticipantRow).where(ParticipantRow.workshop_id == workshop.id))
    session.expire_all()


def gone(workshop: WorkshopRow, is_of_another: bool) -> str:
    """Why a token is refused in a workshop."""
    if is_of_another:
        return "This token is of another workshop; join this one with the code of a table."
    if workshop.state in (State.CLOSED, State.REPORTED):
        return "The workshop was closed, and whoever took part in it is forgotten; nothing can be sent any more."
    return "The token is of nobody in this workshop. Whoever joined again has a new one; join with a table's code."
