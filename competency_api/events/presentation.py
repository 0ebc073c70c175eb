"""An event as it is answered and sent."""

from __future__ import annotations

from typing import Any

from competency_api.core import clock
from competency_api.events.values import Event


def event_document(event: Event) -> dict[str, Any]:
    """The event to anybody who may know of it; ``touches`` where it means something for who asks."""
    touches = {} if event.touches is None else {"touches": dict(event.touches)}
    return {
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "timestamp": clock.iso(event.at),
        "data": dict(event.data),
        **touches,
    }


def own_event_document(event: Event) -> dict[str, Any]:
    """The same to those with a key, who also get to know who did it."""
    return {**event_document(event), "actor": event.actor}
