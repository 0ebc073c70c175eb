"""Words and values of webhooks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

PING = "webhook.ping"
DISABLED = "webhook.disabled"


class State(StrEnum):
    """Where a delivery stands. ``failed`` is for good, unless somebody asks for it again."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Because(StrEnum):
    """Why a webhook was disabled, when it was not by hand."""

    GONE = "gone"
    FAILING = "failing"
    INACTIVE = "inactive"


#: Webhooks that one organisation may have.
MOST_WEBHOOKS = 20
#: How long the old secret signs beside the new one unless something else is asked for, and at most.
OVERLAP = dt.timedelta(days=1)
LONGEST_OVERLAP = dt.timedelta(days=30)


@dataclass(frozen=True)
class WebhookRequest:
    """A webhook to be made. ``types`` empty is all; ``organisation`` is a code, None the actor's own."""

    url: str
    description: str = ""
    types: tuple[str, ...] = ()
    touching: bool = False
    organisation: str | None = None


@dataclass(frozen=True)
class Claim:
    """A delivery that a worker took: everything to send it, and the token that shows that it is still its own."""

    delivery_id: int
    token: str
    message: str
    url: str
    secrets: tuple[str, ...]
    body: str
