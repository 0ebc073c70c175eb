"""Webhooks over HTTP: every organisation registers and looks after its own, with a key that has the scope `admin`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.queries import codes_of_organisations
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, NotFound
from competency_api.core.http import (
    Blueprint,
    Made,
    PageQuerySchema,
    as_page,
    as_response,
    db,
    made_once,
    page_behind,
    page_schema,
    secret,
    seen_in,
    settings,
    with_revision,
)
from competency_api.webhooks import queries, schemas, service
from competency_api.webhooks.delivery import signing
from competency_api.webhooks.models import DeliveryRow, WebhookRow
from competency_api.webhooks.presentation import BASE, delivery_document, webhook_document, whole_delivery
from competency_api.webhooks.values import State, WebhookRequest

blp = Blueprint("webhooks", __name__, url_prefix=BASE, description="Who is told of events, and how deliveries went")
blueprints = (blp,)

_ONE = [schemas.ID_PARAMETER]
_DELIVERY = [schemas.ID_PARAMETER, schemas.MESSAGE_PARAMETER]


def _after(query: Mapping[str, Any]) -> int | None:
    return seen_in(query.get("cursor"), 0)


def _document(session: orm.Session, row: WebhookRow) -> dict[str, Any]:
    owner = row.organisation_id
    return webhook_document(row, codes_of_organisations(session, [owner])[owner] if owner is not None else None)


def _with_secret(session: orm.Session, make: Callable[[str], WebhookRow]) -> Response:
    """What ``make`` makes of a new secret, which is in this answer only."""
    parent = secret()

    def made(salt: bytes) -> Made:
        row = make(signing.derived_secret(parent, salt))
        return Made(_document(session, row), {"Location": f"{BASE}/{row.uuid}", "ETag": f'"{row.revision}"'})

    return made_once(session, made, lambda body, salt: {**body, "secret": signing.derived_secret(parent, salt)})


def _queued(session: orm.Session, webhook: str, make: Callable[[], DeliveryRow]) -> Response:
    def made(_salt: bytes) -> Made:
        row = make()
        return Made(delivery_document(row), {"Location": f"{BASE}/{webhook}/deliveries/{row.message}"})

    return made_once(session, made)


@blp.get("")
@blp.scope(Scope.ADMIN)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.WebhookSchema), description="A page of webhooks, without their secrets")
def list_webhooks(query: dict[str, Any]) -> Response:
    """List the webhooks"""
    with db.reading(fresh=True) as session:
        rows = queries.list_webhooks(session, actor(), _after(query), query["limit"])
        return as_page(page_behind(rows, lambda row: row.id, query["limit"]), lambda row: _document(session, row))


@blp.post("")
@blp.scope(Scope.ADMIN)
@blp.raises(Conflict)
@blp.idempotent
@blp.arguments(schemas.WebhookCreateSchema)
@blp.response(201, schemas.NewWebhookSchema, description="The webhook, with `secret`, which is shown only here")
def create_webhook(body: dict[str, Any]) -> Response:
    """Register a webhook

    It is told of what happens from now on: of what is public, and of what only its organisation may know. Deliveries
    are signed as Standard Webhooks has it, and tried again for three days.
    """
    request = WebhookRequest(**{**body, "types": tuple(body.get("types", ()))})
    with db.transaction() as session:
        return _with_secret(
            session,
            lambda new: service.create_webhook(session, actor(), request, new, settings.webhook_networks),
        )


@blp.get("/<id>", parameters=_ONE)
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.response(200, schemas.WebhookSchema, description="The webhook, without its secret")
def read_webhook(**path: str) -> Response:
    """Read a webhook"""
    with db.reading(fresh=True) as session:
        row = queries.get_webhook(session, actor(), path["id"])
        return with_revision(as_response(_document(session, row)), row.revision)


@blp.patch("/<id>", parameters=_ONE)
@blp.scope(Scope.ADMIN)
@blp.conditional
@blp.arguments(schemas.WebhookChangeSchema)
@blp.response(200, schemas.WebhookSchema, description="The webhook as it is now")
def change_webhook(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Change a webhook

    Only the members that are sent.
    """
    networks = settings.webhook_networks
    with db.transaction() as session:
        row = service.change_webhook(session, actor(), path["id"], expected, body, networks)
        return with_revision(as_response(_document(session, row)), row.revision)


@blp.delete("/<id>", parameters=_ONE)
@blp.scope(Scope.ADMIN)
@blp.conditional
@blp.response(204, description="It is gone, with its log")
def delete_webhook(expected: frozenset[int], **path: str) -> Response:
    """Delete a webhook"""
    with db.transaction() as session:
        service.delete_webhook(session, actor(), path["id"], expected)
    return Response(status=204)


@blp.post("/<id>/rotation", parameters=_ONE)
@blp.scope(Scope.ADMIN)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.SecretRotationSchema)
@blp.response(201, schemas.NewWebhookSchema, description="The webhook, with the new `secret`, shown only here")
def rotate_webhook_secret(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Replace the secret of a webhook

    Both sign until the stated time, so that the receiver can change over without an interruption.
    """
    until = body.get("old_valid_until")
    with db.transaction() as session:
        return _with_secret(
            session,
            lambda new: service.rotate_secret(session, actor(), path["id"], expected, new, until=until),
        )


@blp.post("/<id>/ping", parameters=_ONE)
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.response(201, schemas.DeliverySchema, description="The delivery, which is on its way")
def ping_webhook(**path: str) -> Response:
    """Send a test message

    Of the type `webhook.ping`; how it went is at `Location`.
    """
    with db.transaction() as session:
        return _queued(session, path["id"], lambda: service.ping(session, actor(), path["id"]))


@blp.get("/<id>/deliveries", parameters=_ONE)
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.arguments(schemas.DeliveriesQuerySchema, location="query")
@blp.response(200, page_schema(schemas.DeliverySchema), description="A page of deliveries, newest first")
def list_deliveries(query: dict[str, Any], **path: str) -> Response:
    """List the deliveries to a webhook"""
    state = State(query["state"]) if "state" in query else None
    with db.reading(fresh=True) as session:
        webhook = queries.get_webhook(session, actor(), path["id"])
        rows = queries.list_deliveries(session, webhook, _after(query), query["limit"], state)
    return as_page(page_behind(rows, lambda row: row.id, query["limit"]), delivery_document)


@blp.get("/<id>/deliveries/<message>", parameters=_DELIVERY)
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound)
@blp.response(200, schemas.WholeDeliverySchema, description="The delivery, and how each attempt went")
def read_delivery(**path: str) -> Response:
    """Read a delivery"""
    with db.reading(fresh=True) as session:
        webhook = queries.get_webhook(session, actor(), path["id"])
        row = queries.get_delivery(session, webhook, path["message"])
        return as_response(whole_delivery(row, queries.list_attempts(session, row)))


@blp.post("/<id>/deliveries/<message>/redelivery", parameters=_DELIVERY)
@blp.scope(Scope.ADMIN)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.response(201, schemas.DeliverySchema, description="The delivery, which is on its way again")
def redeliver(**path: str) -> Response:
    """Send a message again

    With the same id, by which a receiver that has it already knows it.
    """
    with db.transaction() as session:
        return _queued(session, path["id"], lambda: service.redeliver(session, actor(), path["id"], path["message"]))
