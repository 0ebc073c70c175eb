"""Organisations, people, keys and the audit trail over HTTP. Every operation needs a key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask, Response
from sqlalchemy import orm

from competency_api.accounts import keys, queries, schemas, service
from competency_api.accounts.authentication import Authentication, LastUses, actor
from competency_api.accounts.presentation import address_of, audit_document, document, me_document
from competency_api.accounts.values import KeyRequest, Scope
from competency_api.core import clock
from competency_api.core.errors import Conflict, NotFound
from competency_api.core.http import (
    Blueprint,
    Made,
    PageQuerySchema,
    as_page,
    as_response,
    context_of,
    db,
    made_once,
    page_behind,
    page_schema,
    provide_authentication,
    secret,
    seen_in,
    with_revision,
)

BASE = "/api/v1"

blp = Blueprint("accounts", __name__, url_prefix=BASE, description="Organisations, people, keys, and who did what")
blueprints = (blp,)


def register(app: Flask) -> None:
    context = context_of(app)

    def write(uses: Mapping[int, dt.datetime]) -> None:
        with context.database.transaction() as session:
            service.record_uses(session, uses)

    uses = LastUses(write)
    context.at_end.append(uses.close)
    provide_authentication(app, Authentication(context.database, uses))


def _after(query: Mapping[str, Any]) -> int | None:
    return seen_in(query.get("cursor"), 0)


def _page(rows: Sequence[Any], query: Mapping[str, Any], dump: Callable[[Any], Any] = document) -> Response:
    return as_page(page_behind(rows, lambda row: row.id, query["limit"]), dump)


def _made(row: Any) -> Made:
    return Made(document(row), {"Location": f"{BASE}/{address_of(row)}", "ETag": f'"{row.revision}"'})


def _new_key(session: orm.Session, make: Callable[[str], Any]) -> Response:
    """What ``make`` makes of a new key, which is in this answer only."""
    parent = secret()
    return made_once(
        session,
        lambda salt: _made(make(keys.derived_secret(parent, salt))),
        lambda body, salt: {**body, "secret": keys.derived_secret(parent, salt)},
    )


def _one(row: Any) -> Response:
    return with_revision(as_response(document(row)), row.revision)


@blp.get("/me")
@blp.scope(Scope.READ)
@blp.response(200, schemas.MeSchema, description="The key, and whose it is")
def read_me() -> Response:
    """Read what the key of this request is

    Whose it is, what it may do, when it ends.
    """
    me = actor()
    with db.reading(fresh=True) as session:
        row = queries.get_key(session, me, str(me.key))
        person = queries.get_person(session, me, row.person.uuid) if row.person else None
    return as_response(me_document(row, person, me.scopes))


# -- organisations -----------------------------------------------------------------------------------------------------


@blp.get("/organisations")
@blp.scope(Scope.ADMIN)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.OrganisationSchema), description="A page of organisations")
def list_organisations(query: dict[str, Any]) -> Response:
    """List the organisations

    With a key of an organisation: that one.
    """
    with db.reading(fresh=True) as session:
        rows = queries.list_organisations(session, actor(), _after(query), query["limit"])
    return _page(rows, query)


@blp.post("/organisations")
@blp.scope(Scope.ADMIN)
@blp.raises(Conflict)
@blp.idempotent
@blp.arguments(schemas.OrganisationCreateSchema)
@blp.response(201, schemas.OrganisationSchema, description="The organisation")
def create_organisation(body: dict[str, Any]) -> Response:
    """Add an organisation"""
    with db.transaction() as session:
        return made_once(session, lambda _salt: _made(service.create_organisation(session, actor(), **body)))


@blp.get("/organisations/<code>", parameters=[schemas.CODE_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.response(200, schemas.OrganisationSchema, description="The organisation")
def read_organisation(code: str) -> Response:
    """Read an organisation"""
    with db.reading(fresh=True) as session:
        row = queries.get_organisation(session, actor(), code)
    return _one(row)


@blp.patch("/organisations/<code>", parameters=[schemas.CODE_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.conditional
@blp.arguments(schemas.OrganisationChangeSchema)
@blp.response(200, schemas.OrganisationSchema, description="The organisation as it is now")
def change_organisation(body: dict[str, Any], code: str, expected: frozenset[int]) -> Response:
    """Change an organisation

    Only the members that are sent.
    """
    with db.transaction() as session:
        row = service.change_organisation(session, actor(), code, expected, body)
    return _one(row)


# -- people ------------------------------------------------------------------------------------------------------------


@blp.get("/people")
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.arguments(schemas.PeopleQuerySchema, location="query")
@blp.response(200, page_schema(schemas.PersonSchema), description="A page of people")
def list_people(query: dict[str, Any]) -> Response:
    """List the people"""
    with db.reading(fresh=True) as session:
        rows = queries.list_people(session, actor(), _after(query), query["limit"], query.get("organisation"))
    return _page(rows, query)


@blp.post("/people")
@blp.scope(Scope.ADMIN)
@blp.idempotent
@blp.arguments(schemas.PersonCreateSchema)
@blp.response(201, schemas.PersonSchema, description="The person")
def create_person(body: dict[str, Any]) -> Response:
    """Add a person"""
    with db.transaction() as session:
        return made_once(session, lambda _salt: _made(service.create_person(session, actor(), **body)))


@blp.get("/people/<id>", parameters=[schemas.ID_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.response(200, schemas.PersonSchema, description="The person")
def read_person(**path: str) -> Response:
    """Read a person"""
    with db.reading(fresh=True) as session:
        row = queries.get_person(session, actor(), path["id"])
    return _one(row)


@blp.patch("/people/<id>", parameters=[schemas.ID_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.conditional
@blp.arguments(schemas.PersonChangeSchema)
@blp.response(200, schemas.PersonSchema, description="The person as they are now")
def change_person(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Change a person

    Only the members that are sent. A lower role takes effect on their keys at once.
    """
    with db.transaction() as session:
        row = service.change_person(session, actor(), path["id"], expected, body)
    return _one(row)


# -- keys --------------------------------------------------------------------------------------------------------------


@blp.get("/keys")
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.arguments(schemas.KeysQuerySchema, location="query")
@blp.response(200, page_schema(schemas.KeySchema), description="A page of keys, without the keys themselves")
def list_keys(query: dict[str, Any]) -> Response:
    """List the keys"""
    chosen = {name: query[name] for name in ("organisation", "prefix") if name in query}
    with db.reading(fresh=True) as session:
        rows = queries.list_keys(session, actor(), _after(query), query["limit"], **chosen)
    return _page(rows, query)


@blp.post("/keys")
@blp.scope(Scope.ADMIN)
@blp.idempotent
@blp.arguments(schemas.KeyCreateSchema)
@blp.response(201, schemas.NewKeySchema, description="The key, with `secret`, which is shown only here")
def create_key(body: dict[str, Any]) -> Response:
    """Make a key"""
    body.setdefault("expires_at", clock.now() + keys.LIFETIME)
    request = KeyRequest(**{**body, "scopes": frozenset(body["scopes"])})
    with db.transaction() as session:
        return _new_key(session, lambda new: service.create_key(session, actor(), request, new))


@blp.get("/keys/<id>", parameters=[schemas.ID_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.response(200, schemas.KeySchema, description="The key, without the key itself")
def read_key(**path: str) -> Response:
    """Read a key"""
    with db.reading(fresh=True) as session:
        row = queries.get_key(session, actor(), path["id"])
    return _one(row)


@blp.post("/keys/<id>/rotation", parameters=[schemas.ID_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.raises(Conflict)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.RotationSchema)
@blp.response(201, schemas.NewKeySchema, description="The new key, with `secret`, which is shown only here")
def rotate_key(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Replace a key by a new one

    Both are valid until the stated time, so that whoever uses it can change over without an interruption.
    """
    me, times = actor(), {"until": body.get("old_valid_until"), "expires_at": body.get("expires_at")}
    with db.transaction() as session:
        return _new_key(session, lambda new: service.rotate_key(session, me, path["id"], expected, new, **times))


@blp.post("/keys/<id>/revocation", parameters=[schemas.ID_PARAMETER])
@blp.scope(Scope.ADMIN)
@blp.raises(Conflict)
@blp.idempotent
@blp.conditional
@blp.response(201, schemas.KeySchema, description="The key, which is not valid any more")
def revoke_key(expected: frozenset[int], **path: str) -> Response:
    """End a key now

    From the next request on, in every worker.
    """
    with db.transaction() as session:
        return made_once(session, lambda _salt: _made(service.revoke_key(session, actor(), path["id"], expected)))


# -- the audit trail ---------------------------------------------------------------------------------------------------


@blp.get("/audit")
@blp.scope(Scope.ADMIN)
@blp.arguments(schemas.AuditQuerySchema, location="query")
@blp.response(200, page_schema(schemas.AuditEntrySchema), description="A page of what was done, newest first")
def list_audit(query: dict[str, Any]) -> Response:
    """List who did what, when, with which key"""
    chosen = {name: query[name] for name in ("action", "key", "subject") if name in query}
    with db.reading(fresh=True) as session:
        found = queries.list_audit(session, actor(), _after(query), query["limit"], **chosen)
    codes = {row.id: code for row, code in found}
    return _page([row for row, _code in found], query, lambda row: audit_document(row, codes[row.id]))
