"""Webhooks and deliveries as documents. Secrets are in none of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from competency_api.core import clock
from competency_api.webhooks.models import AttemptRow, DeliveryRow, WebhookRow

BASE = "/api/v1/webhooks"


def webhook_document(row: WebhookRow, organisation: str | None) -> dict[str, Any]:
    """``organisation`` is the code of its organisation, None for the deployment's own."""
    return {
        "id": row.uuid,
        "url": row.url,
        "description": row.description,
        "types": row.types.split(),
        "touching": row.touching,
        "organisation": organisation,
        "active": row.active,
        "disabled_because": row.disabled_because,
        "old_secret_valid_until": _moment(row.old_secret_until) if row.old_secret else None,
        "created_at": clock.iso(row.created_at),
    }


def delivery_document(row: DeliveryRow) -> dict[str, Any]:
    """A delivery in the log. While a worker has it, when it is tried next is not known."""
    is_waiting = row.state == "pending" and row.claim is None
    return {
        "id": row.message,
        "type": row.type,
        "state": row.state,
        "attempts": row.attempts,
        "next_attempt_at": clock.iso(row.due_at) if is_waiting else None,
        "created_at": clock.iso(row.created_at),
        "finished_at": _moment(row.finished_at),
    }


def whole_delivery(row: DeliveryRow, attempts: Sequence[AttemptRow]) -> dict[str, Any]:
    """The same with the message itself, and how each attempt went."""
    tried = [
        {"at": clock.iso(a.at), "status": a.status, "error": a.error, "milliseconds": a.milliseconds} for a in attempts
    ]
    return {**delivery_document(row), "body": json.loads(row.body), "log": tried}


def _moment(moment: dt.datetime | None) -> str | None:
    return clock.iso(moment) if moment else None
