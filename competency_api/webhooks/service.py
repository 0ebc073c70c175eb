"""Commands on webhooks. Each leaves its entry in the audit trail, and nothing is sent: that is the worker's."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import orm

from competency_api.accounts.queries import find_organisation
from competency_api.accounts.service import record
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import lock, require_revision
from competency_api.core.errors import Conflict, FieldError, InvalidInput
from competency_api.core.ids import new_uuid
from competency_api.core.text import printable
from competency_api.events.queries import last_position
from competency_api.webhooks import queries
from competency_api.webhooks.delivery.addresses import Network, NotAllowed, target_of
from competency_api.webhooks.models import DeliveryRow, WebhookRow
from competency_api.webhooks.values import LONGEST_OVERLAP, MOST_WEBHOOKS, OVERLAP, PING, State, WebhookRequest


def create_webhook(
    session: orm.Session, actor: Actor, request: WebhookRequest, secret: str, networks: Sequence[Network]
) -> WebhookRow:
    """Register an address, to be told of what happens from now on.

    Raises InvalidInput for an address that may not be called, Conflict when the organisation has too many.
    """
    _require_callable(request.url, networks)
    owner = _owner_id(session, actor, request.organisation)
    lock(session, f"webhooks of {owner}")
    if queries.count_webhooks(session, owner) >= MOST_WEBHOOKS:
        raise Conflict(f"There are {MOST_WEBHOOKS} webhooks already, the most that an organisation may have.")
    row = WebhookRow(
        uuid=new_uuid(),
        organisation_id=owner,
        url=request.url,
        description=request.description,
        types=" ".join(request.types),
        touching=request.touching,
        active=True,
        secret=secret,
        position=last_position(session),
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, actor, "webhook.created", _subject(row), owner, url=row.url)
    return row


def change_webhook(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    expected: frozenset[int],
    changes: Mapping[str, Any],
    networks: Sequence[Network],
) -> WebhookRow:
    """Change address, description, filters, or whether it is active; made active again, it gets what it missed.

    Raises NotFound, PreconditionFailed and InvalidInput.
    """
    row = queries.get_webhook(session, actor, uuid)
    require_revision(row.revision, expected)
    if "url" in changes:
        _require_callable(changes["url"], networks)
    values = {**changes, **({"types": " ".join(changes["types"])} if "types" in changes else {})}
    edits = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    for name in edits:
        setattr(row, name, values[name])
    if "active" in edits:
        row.disabled_because = None
    session.flush()
    if edits:
        record(session, actor, "webhook.changed", _subject(row), row.organisation_id, **edits)
    return row


def delete_webhook(session: orm.Session, actor: Actor, uuid: str, expected: frozenset[int]) -> None:
    """Delete it with its log. Raises NotFound and PreconditionFailed."""
    row = queries.get_webhook(session, actor, uuid)
    require_revision(row.revision, expected)
    record(session, actor, "webhook.deleted", _subject(row), row.organisation_id, url=row.url)
    session.delete(row)
    session.flush()


def rotate_secret(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    expected: frozenset[int],
    secret: str,
    *,
    until: dt.datetime | None = None,
) -> WebhookRow:
    """Give it a new secret; the old one signs too ``until`` then (default: a day).

    Raises NotFound, PreconditionFailed and InvalidInput.
    """
    now = clock.now()
    row = queries.get_webhook(session, actor, uuid)
    require_revision(row.revision, expected)
    until = now + OVERLAP if until is None else until
    if until > now + LONGEST_OVERLAP:
        message = f"It must be at most {LONGEST_OVERLAP.days} days ahead."
        raise InvalidInput(FieldError(message, pointer="/old_valid_until"))
    row.old_secret, row.old_secret_until, row.secret = row.secret, until, secret
    session.flush()
    record(session, actor, "webhook.rotated", _subject(row), row.organisation_id, old_valid_until=clock.iso(until))
    return row


def ping(session: orm.Session, actor: Actor, uuid: str) -> DeliveryRow:
    """Send a message that means nothing, to try it out. Raises NotFound, and Conflict when it is not active."""
    webhook = queries.get_webhook(session, actor, uuid)
    _require_active(webhook)
    now, message = clock.now(), new_uuid()
    body = {"id": message, "type": PING, "subject": _subject(webhook), "timestamp": clock.iso(now), "data": {}}
    row = new_delivery(webhook, message, PING, body, now)
    session.add(row)
    session.flush()
    return row


def redeliver(session: orm.Session, actor: Actor, uuid: str, message: str) -> DeliveryRow:
    """Send a message again, with all its attempts anew. Raises NotFound, and Conflict while it is on its way."""
    webhook = queries.get_webhook(session, actor, uuid)
    _require_active(webhook)
    row = queries.get_delivery(session, webhook, message)
    if row.state == State.PENDING and row.claim is not None:
        raise Conflict("It is being delivered just now; look at its attempts in a moment.")
    row.state, row.attempts, row.due_at, row.finished_at = State.PENDING.value, 0, clock.now(), None
    session.flush()
    record(session, actor, "webhook.redelivered", _subject(webhook), webhook.organisation_id, message=message)
    return row


def new_delivery(
    webhook: WebhookRow, message: str, type_: str, body: Mapping[str, Any], now: dt.datetime
) -> DeliveryRow:
    return DeliveryRow(
        webhook_id=webhook.id,
        message=message,
        type=type_,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        state=State.PENDING.value,
        attempts=0,
        due_at=now,
        created_at=now,
    )


def _subject(row: WebhookRow) -> str:
    return f"webhook/{row.uuid}"


def _require_active(webhook: WebhookRow) -> None:
    if not webhook.active:
        raise Conflict("The webhook is not active; make it active first.")


def _require_callable(url: str, networks: Sequence[Network]) -> None:
    try:
        target_of(url, networks)
    except NotAllowed as error:
        raise InvalidInput(FieldError(str(error), pointer="/url")) from error


def _owner_id(session: orm.Session, actor: Actor, code: str | None) -> int | None:
    if code is None:
        return actor.organisation_id
    row = find_organisation(session, actor, code)
    if row is None:
        raise InvalidInput(FieldError(f'There is no organisation "{printable(code)}".', pointer="/organisation"))
    return row.id
