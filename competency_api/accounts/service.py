"""Commands on organisations, people and keys. Each leaves its entry in the audit trail, in the same transaction.

Two laws hold throughout: nobody gives what they do not have (the scopes of a new key, or of a person's role, are among
those of the actor's own key), and whoever belongs to an organisation acts only inside it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts import keys, queries
from competency_api.accounts.models import AuditRow, KeyRow, OrganisationRow, PersonRow
from competency_api.accounts.values import (
    ALL_SCOPES,
    RIGHT_CODE,
    Actor,
    KeyRequest,
    Role,
    Scope,
    in_order,
    is_code,
    permitted_scopes,
)
from competency_api.core import clock
from competency_api.core.db import lock, require_revision
from competency_api.core.errors import Conflict, FieldError, Forbidden, InvalidInput
from competency_api.core.ids import new_uuid
from competency_api.core.text import printable

_BOOTSTRAP_LOCK = "accounts.bootstrap"


def record(
    session: orm.Session, actor: Actor, action: str, subject: str, organisation_id: int | None = None, **details: Any
) -> None:
    """Add to the audit trail what the actor did: ``action`` is ``noun.past-participle``, ``subject`` names on what.

    Whoever belongs to the organisation may read it. ``details`` are in JSON types, and never a secret.
    """
    session.add(
        AuditRow(
            at=clock.now(),
            actor=actor.name,
            key=actor.key,
            action=action,
            subject=subject,
            organisation_id=organisation_id,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        )
    )
    session.flush()


# -- organisations -----------------------------------------------------------------------------------------------------


def create_organisation(session: orm.Session, actor: Actor, code: str, name: str, kind: str) -> OrganisationRow:
    """Raises Forbidden inside an organisation, InvalidInput for no code, Conflict when it is taken."""
    _require_outside(actor, "Organisations are made")
    if not is_code(code):
        raise InvalidInput(FieldError(RIGHT_CODE, pointer="/code"))
    if queries.find_organisation(session, actor, code):
        raise Conflict(f'There is an organisation "{code}" already.')
    row = OrganisationRow(code=code, name=name, kind=kind, active=True, created_at=clock.now())
    session.add(row)
    session.flush()
    record(session, actor, "organisation.created", _subject(row), row.id, name=name, kind=kind)
    return row


def change_organisation(
    session: orm.Session, actor: Actor, code: str, expected: frozenset[int], changes: Mapping[str, Any]
) -> OrganisationRow:
    """Change its name, or from outside its kind and activity. Raises NotFound, PreconditionFailed and Forbidden."""
    row = queries.get_organisation(session, actor, code)
    require_revision(row.revision, expected)
    if set(changes) - {"name"}:
        _require_outside(actor, "What kind an organisation is, and whether it is active, is changed")
    _change(session, actor, "organisation.changed", row, row.id, changes)
    return row


# -- people ------------------------------------------------------------------------------------------------------------


def create_person(
    session: orm.Session, actor: Actor, name: str, role: str, organisation: str | None = None, email: str | None = None
) -> PersonRow:
    """Raises InvalidInput for a role or organisation that do not fit, Forbidden for a role beyond the actor's."""
    owner = _owner(session, actor, organisation)
    _require_fitting_role(role, owner)
    _require_held(actor, permitted_scopes(owner.kind if owner else None, role))
    row = PersonRow(uuid=new_uuid(), name=name, email=email, role=role, active=True, created_at=clock.now())
    row.organisation = owner
    session.add(row)
    session.flush()
    record(session, actor, "person.created", _subject(row), row.organisation_id, name=name, role=role)
    return row


def change_person(
    session: orm.Session, actor: Actor, uuid: str, expected: frozenset[int], changes: Mapping[str, Any]
) -> PersonRow:
    """Change name, e-mail, role, or whether they are active. Raises NotFound, PreconditionFailed, and as creating."""
    row = queries.get_person(session, actor, uuid)
    require_revision(row.revision, expected)
    if "role" in changes:
        _require_fitting_role(changes["role"], row.organisation)
        kind = row.organisation.kind if row.organisation else None
        _require_held(actor, permitted_scopes(kind, changes["role"]))
    _change(session, actor, "person.changed", row, row.organisation_id, changes)
    return row


# -- keys --------------------------------------------------------------------------------------------------------------


def create_key(session: orm.Session, actor: Actor, request: KeyRequest, secret: str) -> KeyRow:
    """Store a key of a person, an organisation's machine, or the deployment. Raises InvalidInput and Forbidden."""
    person = _person(session, actor, request.person)
    owner = person.organisation if person else _owner(session, actor, request.organisation)
    if person and request.organisation not in (None, owner.code if owner else None):
        raise InvalidInput(FieldError("The person is of another organisation.", pointer="/organisation"))
    scopes = request.scopes | {Scope.READ}
    _require_permitted(scopes, owner, person)
    _require_held(actor, scopes)
    return _add_key(session, actor, "key.created", request, scopes, secret, owner, person)


def rotate_key(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    expected: frozenset[int],
    secret: str,
    *,
    until: dt.datetime | None = None,
    expires_at: dt.datetime | None = None,
) -> KeyRow:
    """Make the key that replaces this one, which stays valid ``until`` then (default: a day). Gives the new one.

    Raises NotFound, PreconditionFailed, Conflict (not valid, or replaced already), InvalidInput and Forbidden.
    """
    now = clock.now()
    old = queries.get_key(session, actor, uuid)
    require_revision(old.revision, expected)
    if not keys.is_valid(old, now):
        raise Conflict(f"The key is {keys.status_of(old, now)}; make a new one instead.")
    if session.scalar(sa.select(KeyRow.id).where(KeyRow.replaces_id == old.id)):
        raise Conflict("The key was replaced already; rotate the one that replaced it.")
    scopes = frozenset(old.scopes.split())
    _require_permitted(scopes, old.organisation, old.person)
    _require_held(actor, scopes)
    old.expires_at, ended = keys.end_of_rotated(old.expires_at, _end(until, now)), old.expires_at
    end = expires_at or keys.end_of_successor(old.created_at, ended, now)
    request = KeyRequest(old.name, scopes, expires_at=end)
    return _add_key(session, actor, "key.rotated", request, scopes, secret, old.organisation, old.person, old)


def revoke_key(session: orm.Session, actor: Actor, uuid: str, expected: frozenset[int]) -> KeyRow:
    """End a key now. Raises NotFound, PreconditionFailed, and Conflict when it is revoked already."""
    row = queries.get_key(session, actor, uuid)
    require_revision(row.revision, expected)
    if row.revoked_at is not None:
        raise Conflict(f"The key was revoked already, at {clock.iso(row.revoked_at)}.")
    row.revoked_at = clock.now()
    session.flush()
    record(session, actor, "key.revoked", _subject(row), row.organisation_id, prefix=row.prefix)
    return row


def bootstrap(session: orm.Session, actor: Actor, name: str, secret: str, *, another: bool = False) -> KeyRow:
    """The first administrator, with a key. Raises Conflict when there is one, unless ``another`` is asked for."""
    lock(session, _BOOTSTRAP_LOCK)
    if not another and queries.has_administrator(session, clock.now()):
        raise Conflict("There is an administrator with a valid key already; --another makes one more.")
    person = create_person(session, actor, name, Role.ADMIN)
    request = KeyRequest("first key", ALL_SCOPES, person=person.uuid, expires_at=clock.now() + keys.LIFETIME)
    return create_key(session, actor, request, secret)


def record_uses(session: orm.Session, uses: Mapping[int, dt.datetime]) -> None:
    """Write when keys were last used, by their ids. Later uses that another process wrote stay."""
    for key_id, moment in sorted(uses.items()):
        is_older = sa.or_(KeyRow.last_used_at.is_(None), KeyRow.last_used_at < moment)
        session.execute(
            sa.update(KeyRow).where(KeyRow.id == key_id, is_older).values(last_used_at=moment),
            execution_options={"synchronize_session": False},
        )


# -- what they share ---------------------------------------------------------------------------------------------------


def _add_key(
    session: orm.Session,
    actor: Actor,
    action: str,
    request: KeyRequest,
    scopes: frozenset[str],
    secret: str,
    owner: OrganisationRow | None,
    person: PersonRow | None,
    replaces: KeyRow | None = None,
) -> KeyRow:
    now = clock.now()
    if request.expires_at is not None and request.expires_at <= now:
        raise InvalidInput(FieldError("It must be in the future.", pointer="/expires_at"))
    row = KeyRow(
        uuid=new_uuid(),
        digest=keys.digest_of_secret(secret),
        prefix=keys.shown_part(secret),
        name=request.name,
        scopes=" ".join(in_order(scopes)),
        created_at=now,
        expires_at=request.expires_at,
    )
    row.organisation, row.person, row.replaces = owner, person, replaces
    session.add(row)
    session.flush()
    known = {"prefix": row.prefix, "scopes": row.scopes, "replaces": replaces.uuid if replaces else None}
    record(session, actor, action, _subject(row), row.organisation_id, **known)
    return row


def _end(until: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    if until is None:
        return now + keys.OVERLAP
    if not now - keys.SKEW <= until <= now + keys.LONGEST_OVERLAP:
        message = f"It must be from now to {keys.LONGEST_OVERLAP.days} days ahead."
        raise InvalidInput(FieldError(message, pointer="/old_valid_until"))
    return max(until, now)


def _change(
    session: orm.Session, actor: Actor, action: str, row: Any, organisation_id: int | None, changes: Mapping[str, Any]
) -> None:
    """Write what differs, and leave an entry with values before and after."""
    edits = {name: [getattr(row, name), value] for name, value in changes.items() if getattr(row, name) != value}
    for name in edits:
        setattr(row, name, changes[name])
    session.flush()
    if edits:
        record(session, actor, action, _subject(row), organisation_id, **edits)


def _subject(row: OrganisationRow | PersonRow | KeyRow) -> str:
    if isinstance(row, OrganisationRow):
        return f"organisation/{row.code}"
    return f"{'person' if isinstance(row, PersonRow) else 'key'}/{row.uuid}"


def _require_outside(actor: Actor, what: str) -> None:
    if not actor.is_outside:
        raise Forbidden(f"{what} by administrators of the deployment; this key belongs to an organisation.")


def _owner(session: orm.Session, actor: Actor, code: str | None) -> OrganisationRow | None:
    """The organisation that something new belongs to: the asked one, by default the actor's own."""
    if code is None:
        return None if actor.is_outside else session.get_one(OrganisationRow, actor.organisation_id)
    row = queries.find_organisation(session, actor, code)
    if row is None:
        raise InvalidInput(FieldError(f'There is no organisation "{printable(code)}".', pointer="/organisation"))
    return row


def _person(session: orm.Session, actor: Actor, uuid: str | None) -> PersonRow | None:
    row = queries.find_person(session, actor, uuid) if uuid is not None else None
    if uuid is not None and row is None:
        raise InvalidInput(FieldError(f'There is no person "{printable(uuid)}".', pointer="/person"))
    return row


def _require_permitted(scopes: frozenset[str], owner: OrganisationRow | None, person: PersonRow | None) -> None:
    beyond = in_order(scopes - permitted_scopes(owner.kind if owner else None, person.role if person else None))
    if beyond:
        whose = f"a person who is {person.role}" if person else f"a {owner.kind}" if owner else "the deployment"
        message = f"A key of {whose} cannot have: {', '.join(beyond)}."
        raise InvalidInput(FieldError(message, pointer="/scopes"))


def _require_held(actor: Actor, scopes: frozenset[str]) -> None:
    missing = in_order(scopes - actor.scopes)
    if missing:
        raise Forbidden(f"Nobody gives what they do not have: this key lacks {', '.join(missing)}.")


def _require_fitting_role(role: str, owner: OrganisationRow | None) -> None:
    if (role == Role.ADMIN) != (owner is None):
        message = 'Administrators, and only they, are outside organisations: "admin" goes without an organisation.'
        raise InvalidInput(FieldError(message, pointer="/role"))
