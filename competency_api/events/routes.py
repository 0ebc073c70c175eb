"""The feed over HTTP: to everybody what is public, with a key also what is one's own.

Two addresses, since an answer to everybody must not depend on who asks: caches would hand it on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import DatabaseUnavailable
from competency_api.core.http import (
    Blueprint,
    as_page,
    brief,
    db,
    decode_cursor,
    encode_cursor,
    page_from,
)
from competency_api.events import queries
from competency_api.events.presentation import event_document, own_event_document
from competency_api.events.schemas import EventPageSchema, EventsQuerySchema, OwnEventPageSchema
from competency_api.events.values import EVERYBODY, Event, Viewer, viewer_with

#: Seconds for which a cache may keep the end of the feed.
FEED_SECONDS = 5

blp = Blueprint("events", __name__, url_prefix="/api/v1", description="What happened, in order")
blueprints = (blp,)


def _page(query: dict[str, Any], viewer: Viewer, dump: Callable[[Event], Any]) -> Response:
    after = decode_cursor(query["cursor"], 0) if "cursor" in query else 0
    with db.reading(fresh=True) as session:
        found = queries.list_events(
            session,
            viewer,
            after=after,
            limit=query["limit"] + 1,
            types=query.get("type", ()),
            subject=query.get("subject"),
        )
    page = page_from(found, lambda event: event.position, query["limit"])
    last = page.items[-1].position if page.items else after
    return as_page(page, dump, resume=encode_cursor(last) if last else None)


@blp.get("/events")
@blp.public
@blp.raises(DatabaseUnavailable)
@blp.arguments(EventsQuerySchema, location="query")
@blp.response(200, EventPageSchema, description="A page of events, oldest first")
def list_events(query: dict[str, Any]) -> Response:
    """List what happened

    Public events in the order in which they became visible. Keep `resume` and ask with it as `cursor` later: no event
    is missed. Webhooks bring the same.
    """
    return brief(_page(query, EVERYBODY, event_document), FEED_SECONDS)


@blp.get("/me/events")
@blp.scope(Scope.READ)
@blp.arguments(EventsQuerySchema, location="query")
@blp.response(200, OwnEventPageSchema, description="A page of events, oldest first")
def list_my_events(query: dict[str, Any]) -> Response:
    """List what happened, as far as the key may know

    What is public, what is the organisation's own, and with a key for curating what all curators may know.
    """
    me = actor()
    return _page(query, viewer_with(me.scopes, me.organisation_id), own_event_document)
