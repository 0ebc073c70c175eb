"""The frame around every request: its id, its line in the log, its place in the metrics.

A WSGI layer and not hooks of Flask, so that whatever stands between the server and Flask (finished bodies) is
counted and logged too. Such a layer puts the rule it answers for into ``environ[ROUTE]``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import structlog
from flask import has_request_context, request

from competency_api.core.ids import new_request_id, request_id_or_new
from competency_api.core.metrics import Metrics
from competency_api.core.text import printable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "competency.request_id"
ROUTE = "competency.route"
UNMATCHED = "unmatched"


class RequestScope:
    """Wraps a WSGI application. Durations are until the answer begins: a long download is its client's matter."""

    def __init__(self, app: WSGIApplication, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        # bound here and not at each line: structlog would assemble it every time
        self._log = structlog.get_logger(__name__).bind()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        identifier = environ[REQUEST_ID] = request_id_or_new(environ.get("HTTP_X_REQUEST_ID"))
        status = 500

        def start(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line[:3])
            return start_response(line, [*headers, ("X-Request-Id", identifier)], exc_info)

        structlog.contextvars.bind_contextvars(request_id=identifier)
        try:
            return self._app(environ, start)
        finally:
            self._record(environ, status, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request_id")

    def _record(self, environ: WSGIEnvironment, status: int, seconds: float) -> None:
        method = environ.get("REQUEST_METHOD", "")
        self._metrics.observe(method, environ.get(ROUTE, UNMATCHED), status, seconds)
        # the query is left out: it may hold what people typed
        self._log.info(
            "request.answered",
            method=printable(method, 20),
            path=printable(environ.get("PATH_INFO", ""), 200),
            status=status,
            ms=round(seconds * 1000, 2),
        )


def request_id() -> str:
    """The id of the present request."""
    if has_request_context():
        return str(request.environ.setdefault(REQUEST_ID, new_request_id()))
    return new_request_id()
