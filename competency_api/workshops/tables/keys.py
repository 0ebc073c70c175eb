"""Keys of tables: made by organisers for whoever facilitates, good for that table, and revoked with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import orm

from competency_api.accounts import queries as accounts
from competency_api.accounts.presentation import document
from competency_api.accounts.service import create_key, revoke_key
from competency_api.accounts.values import COMMAND_LINE, Actor, KeyRequest, Scope
from competency_api.core import clock
from competency_api.core.errors import Conflict
from competency_api.workshops.access.permissions import key_identity
from competency_api.workshops.models import TableRow, WorkshopRow

#: How long a key outlives its workshop: conclusions are written in the evening.
_AFTERWARDS = dt.timedelta(days=1)
_LONGEST_NAME = 200
_PREFIX = key_identity("")


def make_key(session: orm.Session, actor: Actor, workshop: WorkshopRow, table: TableRow, secret: str) -> dict[str, Any]:
    """The key, as it is shown, of whoever facilitates the table now; one that was made for it before is revoked.

    Raises Conflict for a workshop of no organisation: its key would be one of the whole deployment.
    """
    if workshop.organisation_id is None:
        raise Conflict("The workshop belongs to no organisation, whose key it could be; name a person instead.")
    revoke_keys(session, actor, [table])
    owner = accounts.codes_of_organisations(session, [workshop.organisation_id])[workshop.organisation_id]
    name = f"{workshop.code}, table {table.number}"
    request = KeyRequest(
        name[:_LONGEST_NAME],
        frozenset({Scope.READ, Scope.WORKSHOPS}),
        organisation=owner,
        expires_at=max(workshop.ends_at, clock.now()) + _AFTERWARDS,
    )
    row = create_key(session, actor, request, secret)
    table.facilitator = key_identity(row.uuid)
    session.flush()
    return document(row)


def revoke_keys(session: orm.Session, actor: Actor, tables: Iterable[TableRow]) -> None:
    """Revoke the keys that were made for these tables: without a table they would be good for everything."""
    for table in tables:
        if not (table.facilitator or "").startswith(_PREFIX):
            continue
        key = accounts.get_key(session, COMMAND_LINE, (table.facilitator or "").removeprefix(_PREFIX))
        if key.revoked_at is None:
            revoke_key(session, actor, key.uuid, frozenset({key.revision}))
        table.facilitator = None
