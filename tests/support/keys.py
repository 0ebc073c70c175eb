"""Administrators, organisations and keys for tests, and requests with a key."""

from __future__ import annotations

from typing import Any

from competency_api.accounts import service
from competency_api.accounts.keys import new_secret
from competency_api.accounts.values import ALL_SCOPES, COMMAND_LINE, Actor, KeyRequest
from competency_api.core.db import Database

#: The key of the administrator that :func:`an_administrator` makes.
ADMIN_KEY = "sck_" + "A" * 43
BASE = "/api/v1"


def bearer(key: str = ADMIN_KEY, **fields: str) -> dict[str, str]:
    """Header fields of a request with a key; underscores in names stand for hyphens."""
    return {"Authorization": f"Bearer {key}"} | {name.replace("_", "-"): value for name, value in fields.items()}


def an_administrator(database: Database, key: str = ADMIN_KEY) -> str:
    with database.transaction() as session:
        service.bootstrap(session, COMMAND_LINE, "Ada", key)
    return key


def an_organisation(database: Database, code: str = "valencia", kind: str = "both") -> str:
    with database.transaction() as session:
        return service.create_organisation(session, COMMAND_LINE, code, code.title(), kind).code


def a_person(database: Database, organisation: str = "valencia", role: str = "editor") -> str:
    """The id of a new person."""
    with database.transaction() as session:
        return service.create_person(session, COMMAND_LINE, "Eva", role, organisation).uuid


def a_key(database: Database, *scopes: str, **request: Any) -> tuple[str, str]:
    """A new key, and its id."""
    key = new_secret()
    with database.transaction() as session:
        wanted = KeyRequest("test", frozenset(scopes), **request)
        return key, service.create_key(session, COMMAND_LINE, wanted, key).uuid


def an_actor(name: str = "Eva", *scopes: str, **fields: Any) -> Actor:
    """Whoever acts in a test of services, without a key: of the deployment, with all scopes, unless told."""
    return Actor(name, frozenset(scopes) or ALL_SCOPES, **fields)
