"""Organisations, people, keys and audit entries as documents: what the API and the commands answer with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from competency_api.accounts import keys
from competency_api.accounts.models import AuditRow, KeyRow, OrganisationRow, PersonRow
from competency_api.accounts.values import in_order
from competency_api.core import clock


def organisation_document(row: OrganisationRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "active": row.active,
        "created_at": clock.iso(row.created_at),
    }


def person_document(row: PersonRow) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "name": row.name,
        "email": row.email,
        "role": row.role,
        "organisation": row.organisation.code if row.organisation else None,
        "active": row.active,
        "created_at": clock.iso(row.created_at),
    }


def key_document(row: KeyRow, now: dt.datetime) -> dict[str, Any]:
    """All but the key itself, which nobody has but its owner."""
    return {
        "id": row.uuid,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes.split(),
        "organisation": row.organisation.code if row.organisation else None,
        "person": row.person.uuid if row.person else None,
        "status": keys.status_of(row, now),
        "replaces": row.replaces.uuid if row.replaces else None,
        "created_at": clock.iso(row.created_at),
        "expires_at": _moment(row.expires_at),
        "revoked_at": _moment(row.revoked_at),
        "last_used_at": _moment(row.last_used_at),
    }


def document(row: OrganisationRow | PersonRow | KeyRow) -> dict[str, Any]:
    """Any of them, as it is now."""
    if isinstance(row, KeyRow):
        return key_document(row, clock.now())
    return organisation_document(row) if isinstance(row, OrganisationRow) else person_document(row)


def me_document(row: KeyRow, person: PersonRow | None, scopes: Iterable[str]) -> dict[str, Any]:
    """A key to its owner; ``scopes`` are those that it has at present."""
    return {
        "key": key_document(row, clock.now()),
        "scopes": in_order(scopes),
        "organisation": organisation_document(row.organisation) if row.organisation else None,
        "person": person_document(person) if person else None,
    }


def address_of(row: OrganisationRow | PersonRow | KeyRow) -> str:
    """Where it is, below the address of the API."""
    if isinstance(row, OrganisationRow):
        return f"organisations/{row.code}"
    return f"{'people' if isinstance(row, PersonRow) else 'keys'}/{row.uuid}"


def audit_document(row: AuditRow, organisation: str | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": clock.iso(row.at),
        "actor": row.actor,
        "key": row.key,
        "action": row.action,
        "subject": row.subject,
        "organisation": organisation,
        "details": json.loads(row.details),
    }


def key_line(row: KeyRow, now: dt.datetime) -> str:
    """A key as a line for a terminal."""
    owner = row.organisation.code if row.organisation else "(deployment)"
    whose = f"{owner}, {row.person.name}" if row.person else owner
    end = clock.iso(row.expires_at) if row.expires_at else "never"
    used = clock.iso(row.last_used_at) if row.last_used_at else "never"
    state = keys.status_of(row, now)
    return f"{row.prefix}…  {state:7}  {whose}: {row.name}  [{row.scopes}]  expires {end}  last used {used}  {row.uuid}"


def organisation_line(row: OrganisationRow) -> str:
    """An organisation as a line for a terminal."""
    return f"{row.code}  {row.kind}{'' if row.active else ', not active'}  {row.name}"


def _moment(moment: dt.datetime | None) -> str | None:
    return clock.iso(moment) if moment else None
