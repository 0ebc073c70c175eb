"""Server-sent events over HTTP (WHATWG HTML, section 9.2), for EventSource and for whoever sends header fields."""

from __future__ import annotations

from flask import Flask, Response, request

from competency_api.core.errors import Forbidden, NotFound, Unavailable
from competency_api.core.http import Blueprint, context_of, db, provide, service
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import Part
from competency_api.workshops.live import schemas
from competency_api.workshops.live.hub import Hub
from competency_api.workshops.live.snapshots import Watcher
from competency_api.workshops.presentation import BASE
from competency_api.workshops.schemas import WORKSHOP_PARAMETER

blp = Blueprint("workshop_stream", __name__, url_prefix=BASE, description="Workshops as they happen")
blueprints = (blp,)
_EVENTS = "text/event-stream"
_LAST = {
    "in": "header",
    "name": "Last-Event-ID",
    "required": False,
    "description": "`id` of the last event that you got: topics that did not change since are not told of again.",
    "schema": {"type": "string"},
}


def register(app: Flask) -> None:
    context = context_of(app)
    hub = Hub(context.database)
    context.at_end.append(hub.close)
    provide(app, hub)


@blp.get("/<workshop>/stream", parameters=[WORKSHOP_PARAMETER])
@blp.welcoming
@blp.raises(NotFound, Forbidden, Unavailable)
@blp.doc(parameters=[_LAST])
@blp.response(200, schemas.StreamedSchema, content_type=_EVENTS, description="Events until the workshop is over")
def watch_workshop(workshop: str) -> Response:
    """Watch a workshop

    `state` tells of states, timers and counts, `results` which topic has a new result to be read; `id` is the
    workshop's activity. For five minutes at most, then connect again. Each process holds few streams: 503 says when to
    try again, and until then `/results` with `If-None-Match` tells the same.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
    if asker.part is Part.GUEST:
        raise Forbidden(
            "A workshop is watched by who runs it and who sits in it; its results are public when reported."
        )
    seen = request.headers.get("Last-Event-ID", "")
    watcher = Watcher(asker, int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0)
    response = Response(service(Hub).stream(row.code, watcher, runs=asker.runs), content_type=_EVENTS)
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep events until there are many
    return response
