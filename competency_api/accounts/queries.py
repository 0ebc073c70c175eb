"""Reads of organisations, people, keys and the audit trail.

Whoever belongs to an organisation sees only what is its own: of the rest they get NotFound, as if it were not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.keys import shown_part
from competency_api.accounts.models import AuditRow, KeyRow, OrganisationRow, PersonRow
from competency_api.accounts.values import Actor, Role, Scope
from competency_api.core.errors import NotFound
from competency_api.core.text import fault_of, printable

#: What is shown of a key and of a person without asking the database again.
_KEY = (orm.joinedload(KeyRow.organisation), orm.joinedload(KeyRow.person), orm.joinedload(KeyRow.replaces))
_PERSON = (orm.joinedload(PersonRow.organisation),)


def _own(actor: Actor, column: Any) -> sa.ColumnElement[bool]:
    return sa.true() if actor.is_outside else column == actor.organisation_id


def _page(statement: sa.Select[Any], column: Any, after: int | None, limit: int) -> sa.Select[Any]:
    """One row more than ``limit`` behind ``after``, so that it is known whether there is another page."""
    behind = sa.true() if after is None else column > after
    return statement.where(behind).order_by(column).limit(limit + 1)


def _is_storable(name: str) -> bool:
    """Whether there can be a row of this name: PostgreSQL refuses to look for texts that it would not store."""
    return fault_of(name) is None


# -- organisations -----------------------------------------------------------------------------------------------------


def find_organisation(session: orm.Session, actor: Actor, code: str) -> OrganisationRow | None:
    if not _is_storable(code):
        return None
    mine = _own(actor, OrganisationRow.id)
    return session.scalar(sa.select(OrganisationRow).where(OrganisationRow.code == code, mine))


def get_organisation(session: orm.Session, actor: Actor, code: str) -> OrganisationRow:
    """Raises NotFound, also for one that is not the actor's."""
    row = find_organisation(session, actor, code)
    if row is None:
        raise NotFound(f'There is no organisation "{printable(code)}".')
    return row


def codes_of_organisations(session: orm.Session, ids: Iterable[int]) -> dict[int, str]:
    """The codes of organisations by their ids: for features that store the ids."""
    rows = session.scalars(sa.select(OrganisationRow).where(OrganisationRow.id.in_(set(ids))))
    return {row.id: row.code for row in rows}


def names_of_organisations(session: orm.Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Their codes and names, by their ids."""
    rows = session.scalars(sa.select(OrganisationRow).where(OrganisationRow.id.in_(set(ids))))
    return {row.id: (row.code, row.name) for row in rows}


def kind_of_active_organisation(session: orm.Session, organisation_id: int) -> str | None:
    """What kind the organisation is; None when it is not active."""
    statement = sa.select(OrganisationRow.kind).where(OrganisationRow.id == organisation_id, OrganisationRow.active)
    return session.scalar(statement)


def list_organisations(session: orm.Session, actor: Actor, after: int | None, limit: int) -> Sequence[OrganisationRow]:
    statement = sa.select(OrganisationRow).where(_own(actor, OrganisationRow.id))
    return session.scalars(_page(statement, OrganisationRow.id, after, limit)).all()


# -- people ------------------------------------------------------------------------------------------------------------


def find_person(session: orm.Session, actor: Actor, uuid: str) -> PersonRow | None:
    if not _is_storable(uuid):
        return None
    mine = _own(actor, PersonRow.organisation_id)
    return session.scalar(sa.select(PersonRow).where(PersonRow.uuid == uuid, mine).options(*_PERSON))


def get_person(session: orm.Session, actor: Actor, uuid: str) -> PersonRow:
    """Raises NotFound, also for one of another organisation."""
    row = find_person(session, actor, uuid)
    if row is None:
        raise NotFound(f'There is no person "{printable(uuid)}".')
    return row


def list_people(
    session: orm.Session, actor: Actor, after: int | None, limit: int, organisation: str | None = None
) -> Sequence[PersonRow]:
    statement = sa.select(PersonRow).where(_own(actor, PersonRow.organisation_id)).options(*_PERSON)
    if organisation is not None:
        statement = statement.where(PersonRow.organisation_id == get_organisation(session, actor, organisation).id)
    return session.scalars(_page(statement, PersonRow.id, after, limit)).all()


# -- keys --------------------------------------------------------------------------------------------------------------


def find_key_by_digest(session: orm.Session, digest: str) -> KeyRow | None:
    """The key with this hash, valid or not, with whom it belongs to."""
    return session.scalar(sa.select(KeyRow).where(KeyRow.digest == digest).options(*_KEY))


def get_key(session: orm.Session, actor: Actor, uuid: str) -> KeyRow:
    """Raises NotFound, also for one of another organisation."""
    mine = _own(actor, KeyRow.organisation_id)
    statement = sa.select(KeyRow).where(KeyRow.uuid == uuid, mine).options(*_KEY)
    row = session.scalar(statement) if _is_storable(uuid) else None
    if row is None:
        raise NotFound(f'There is no key "{printable(uuid)}".')
    return row


def list_keys(
    session: orm.Session,
    actor: Actor,
    after: int | None,
    limit: int,
    organisation: str | None = None,
    prefix: str | None = None,
) -> Sequence[KeyRow]:
    """Keys by their organisation, or by how they begin: ``prefix`` may be a whole key that was found somewhere."""
    statement = sa.select(KeyRow).where(_own(actor, KeyRow.organisation_id)).options(*_KEY)
    if organisation is not None:
        statement = statement.where(KeyRow.organisation_id == get_organisation(session, actor, organisation).id)
    if prefix is not None:
        statement = statement.where(KeyRow.prefix == shown_part(prefix))
    return session.scalars(_page(statement, KeyRow.id, after, limit)).all()


def has_administrator(session: orm.Session, now: dt.datetime) -> bool:
    """Whether there is a valid key of an active administrator of the deployment."""
    is_alive = sa.and_(
        KeyRow.revoked_at.is_(None), sa.or_(KeyRow.expires_at.is_(None), KeyRow.expires_at > now), PersonRow.active
    )
    scopes = session.scalars(
        sa.select(KeyRow.scopes).join(PersonRow).where(PersonRow.role == Role.ADMIN.value, is_alive)
    )
    return any(Scope.ADMIN in held.split() for held in scopes)


# -- the audit trail ---------------------------------------------------------------------------------------------------


def list_audit(
    session: orm.Session, actor: Actor, before: int | None, limit: int, **equal: str
) -> Sequence[tuple[AuditRow, str | None]]:
    """Entries, newest first, each with the code of its organisation; ``equal`` are values of its columns."""
    statement = (
        sa.select(AuditRow, OrganisationRow.code)
        .outerjoin(OrganisationRow, OrganisationRow.id == AuditRow.organisation_id)
        .where(_own(actor, AuditRow.organisation_id))
        .filter_by(**equal)
        .order_by(AuditRow.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        statement = statement.where(AuditRow.id < before)
    return [(row, code) for row, code in session.execute(statement)]
