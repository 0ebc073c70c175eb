"""Rounds and tables over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.keys import derived_secret
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import Blueprint, Made, as_response, db, made_once, secret, with_revision
from competency_api.courses.routes import pins
from competency_api.workshops import queries
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import Asker, require_table
from competency_api.workshops.models import TableRow, WorkshopRow
from competency_api.workshops.presentation import BASE, round_document, table_document
from competency_api.workshops.routes import organised
from competency_api.workshops.schemas import WORKSHOP_PARAMETER
from competency_api.workshops.tables import keys, schemas, service
from competency_api.workshops.traces import leave_trace

blp = Blueprint("workshop_tables", __name__, url_prefix=BASE, description="Rounds and tables of workshops")
blueprints = (blp,)
_WORKSHOP = [WORKSHOP_PARAMETER]
_ROUND = [WORKSHOP_PARAMETER, schemas.ROUND_PARAMETER]
_TABLE = [WORKSHOP_PARAMETER, schemas.TABLE_PARAMETER]


def _document(session: orm.Session, workshop: WorkshopRow, row: TableRow, asker: Asker) -> dict[str, Any]:
    seated = service.seated(session, workshop)
    return table_document(row, asker, pins().taxonomy(workshop.version_id), seated.get(row.id, 0))


# -- rounds ------------------------------------------------------------------------------------------------------------


@blp.get("/<workshop>/rounds", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.RoundsSchema, description="Its rounds, in their order")
def list_rounds(workshop: str) -> Response:
    """List the rounds of a workshop"""
    with db.reading(fresh=True) as session:
        row, _ = asking.asked(session, workshop)
        rounds = queries.list_rounds(session, row.id)
    return as_response({"items": [round_document(each) for each in rounds]})


@blp.put("/<workshop>/rounds/<int(min=1, max=50):number>", parameters=_ROUND)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.arguments(schemas.RoundWriteSchema)
@blp.also(201, schemas.RoundSchema, "The round, which is new")
@blp.response(200, schemas.RoundSchema, description="The round as it is now")
def put_round(body: dict[str, Any], workshop: str, number: int) -> Response:
    """Write a round of a workshop"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        written, is_new = service.put_round(session, row, number, body)
        done = "created" if is_new else "changed"
        leave_trace(session, actor(), row, f"workshop-round.{done}", round=number)
        response = as_response(round_document(written))
    response.status_code = 201 if is_new else 200
    return response


@blp.delete("/<workshop>/rounds/<int(min=1, max=50):number>", parameters=_ROUND)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.response(204, description="It is gone; its topics are of no round")
def delete_round(workshop: str, number: int) -> Response:
    """Remove a round of a workshop"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        service.delete_round(session, row, number)
        leave_trace(session, actor(), row, "workshop-round.deleted", round=number)
    return Response(status=204)


# -- tables ------------------------------------------------------------------------------------------------------------


@blp.get("/<workshop>/tables", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.TablesSchema, description="Its tables, by number")
def list_tables(workshop: str) -> Response:
    """List the tables of a workshop

    Codes to join by are shown to organisers, and to the facilitator of the table.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        tables, seated = queries.list_tables(session, row.id), service.seated(session, row)
    taxonomy = pins().taxonomy(row.version_id)
    return as_response({"items": [table_document(each, asker, taxonomy, seated.get(each.id, 0)) for each in tables]})


@blp.post("/<workshop>/tables", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.arguments(schemas.TableCreateSchema)
@blp.response(201, schemas.TableSchema, description="The table, with its code to join by")
def create_table(body: dict[str, Any], workshop: str) -> Response:
    """Add a table to a workshop"""
    with db.transaction() as session:
        row, asker = organised(session, workshop)

        def make(_salt: bytes) -> Made:
            table = service.add_table(session, actor(), row, body, pins().taxonomy(row.version_id))
            address = f"{BASE}/{row.code}/tables/{table.number}"
            return Made(_document(session, row, table, asker), {"Location": address, "ETag": f'"{table.revision}"'})

        return made_once(session, make)


@blp.get("/<workshop>/tables/<int(min=1, max=200):number>", parameters=_TABLE)
@blp.welcoming
@blp.raises(NotFound)
@blp.response(200, schemas.TableSchema, description="The table")
def read_table(workshop: str, number: int) -> Response:
    """Read a table of a workshop"""
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        table = queries.get_table(session, row, number)
        document = _document(session, row, table, asker)
    return with_revision(as_response(document), table.revision)


@blp.patch("/<workshop>/tables/<int(min=1, max=200):number>", parameters=_TABLE)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.arguments(schemas.TableChangeSchema)
@blp.response(200, schemas.TableSchema, description="The table as it is now")
def change_table(body: dict[str, Any], expected: frozenset[int], workshop: str, number: int) -> Response:
    """Change a table of a workshop

    Only the members that are sent. Naming a person as facilitator ends the key that was made for the table.
    """
    with db.transaction() as session:
        row, asker = organised(session, workshop)
        table = queries.get_table(session, row, number)
        taxonomy = pins().taxonomy(row.version_id)
        service.change_table(session, actor(), row, table, expected, body, taxonomy)
        document = _document(session, row, table, asker)
    return with_revision(as_response(document), table.revision)


@blp.delete("/<workshop>/tables/<int(min=1, max=200):number>", parameters=_TABLE)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(Conflict, Forbidden)
@blp.conditional
@blp.response(204, description="It is gone")
def delete_table(expected: frozenset[int], workshop: str, number: int) -> Response:
    """Remove a table that nobody used"""
    with db.transaction() as session:
        row, _ = organised(session, workshop)
        service.delete_table(session, actor(), row, queries.get_table(session, row, number), expected)
    return Response(status=204)


@blp.post("/<workshop>/tables/<int(min=1, max=200):number>/key", parameters=_TABLE)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.response(201, schemas.TableKeySchema, description="The key, shown this once")
def create_table_key(workshop: str, number: int) -> Response:
    """Make the key of a table's facilitator

    Good for this table alone, until a day after the workshop's end. One that was made for the table before is revoked.
    """
    parent = secret()
    with db.transaction() as session:
        row, asker = organised(session, workshop)
        table = queries.get_table(session, row, number)
        require_table(asker, number)
        return made_once(
            session,
            lambda salt: Made(keys.make_key(session, actor(), row, table, derived_secret(parent, salt))),
            lambda body, salt: {**body, "secret": derived_secret(parent, salt)},
        )
