"""Reads of webhooks, their deliveries and attempts. Of another organisation's there is nothing to see: NotFound."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core.errors import NotFound
from competency_api.core.text import fault_of, printable
from competency_api.webhooks.models import AttemptRow, DeliveryRow, WebhookRow
from competency_api.webhooks.values import State


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.true() if actor.is_outside else WebhookRow.organisation_id == actor.organisation_id


def get_webhook(session: orm.Session, actor: Actor, uuid: str) -> WebhookRow:
    """Raises NotFound."""
    # PostgreSQL refuses to look for texts that it would not store
    statement = sa.select(WebhookRow).where(WebhookRow.uuid == uuid, _own(actor))
    found = session.scalar(statement) if fault_of(uuid) is None else None
    if found is None:
        raise NotFound(f'There is no webhook "{printable(uuid)}".')
    return found


def list_webhooks(session: orm.Session, actor: Actor, after: int | None, limit: int) -> Sequence[WebhookRow]:
    """Oldest first, one more than ``limit`` if there is one."""
    statement = sa.select(WebhookRow).where(_own(actor), WebhookRow.id > (after or 0))
    return session.scalars(statement.order_by(WebhookRow.id).limit(limit + 1)).all()


def count_webhooks(session: orm.Session, organisation_id: int | None) -> int:
    statement = sa.select(sa.func.count()).where(WebhookRow.organisation_id.is_not_distinct_from(organisation_id))
    return session.scalar(statement) or 0


def get_delivery(session: orm.Session, webhook: WebhookRow, message: str) -> DeliveryRow:
    """Raises NotFound."""
    statement = sa.select(DeliveryRow).where(DeliveryRow.webhook_id == webhook.id, DeliveryRow.message == message)
    found = session.scalar(statement) if fault_of(message) is None else None
    if found is None:
        raise NotFound(f'There is no delivery "{printable(message)}" to this webhook, or it is too old.')
    return found


def list_deliveries(
    session: orm.Session, webhook: WebhookRow, before: int | None, limit: int, state: State | None = None
) -> Sequence[DeliveryRow]:
    """Newest first, one more than ``limit`` if there is one."""
    statement = sa.select(DeliveryRow).where(DeliveryRow.webhook_id == webhook.id)
    if before is not None:
        statement = statement.where(DeliveryRow.id < before)
    if state is not None:
        statement = statement.where(DeliveryRow.state == state.value)
    return session.scalars(statement.order_by(DeliveryRow.id.desc()).limit(limit + 1)).all()


def list_attempts(session: orm.Session, delivery: DeliveryRow) -> Sequence[AttemptRow]:
    statement = sa.select(AttemptRow).where(AttemptRow.delivery_id == delivery.id).order_by(AttemptRow.id)
    return session.scalars(statement).all()
