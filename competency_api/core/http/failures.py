"""Every failure becomes problem details, whoever raised it: our services, werkzeug, or a defect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from competency_api.core import errors, problems
from competency_api.core.http.context import settings
from competency_api.core.http.negotiation import Format, best
from competency_api.core.http.scope import request_id

log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"
_HTML = Format("html", "text/html")
_OFFERED = (Format("json", PROBLEM_JSON), Format("json", "application/json"), _HTML)
_PAGES = "competency-api.failure-pages"

NOTHING_HERE = "There is nothing at this address. `/docs` lists every path."
_MESSAGES = {
    400: "The request cannot be read.",
    404: NOTHING_HERE,
    413: "The body is too large.",
}


def register(app: Flask) -> None:
    app.register_error_handler(errors.ServiceError, lambda error: _shown(service_failure(error)))
    app.register_error_handler(HTTPException, lambda error: _shown(http_failure(error)))
    app.register_error_handler(Exception, lambda error: _shown(defect(error)))


def service_failure(error: errors.ServiceError) -> Response:
    if problems.problem_of(type(error)).private:
        log.error("request.failed", code=error.code, reason=error.message)
    response = _response(_document(error))
    if isinstance(error, errors.Unavailable | errors.TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    challenge = _challenge(error)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    if isinstance(error, errors.UnsupportedMediaType) and error.codings:
        response.headers["Accept-Encoding"] = error.codings
    return response


def _challenge(error: errors.ServiceError) -> str | None:
    """As RFC 6750 has it: nothing but the scheme while no key was sent, then what was wrong with it."""
    if isinstance(error, errors.InvalidKey):
        return 'Bearer error="invalid_token"'
    if isinstance(error, errors.Forbidden) and "scope" in error.extra:
        return f'Bearer error="insufficient_scope", scope="{error.extra["scope"]}"'
    return "Bearer" if isinstance(error, errors.Unauthenticated) else None


def http_failure(error: HTTPException) -> Response:
    """What werkzeug and Flask raise: unknown path, wrong method, body too large, …"""
    if error.code is None or error.code < 400:
        return Response.force_type(error.get_response(request.environ), request.environ)
    row = problems.BY_STATUS.get(error.code)
    body = _generic(error) if row is None else _documented(error, row)
    response = _response(body)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers.set(name, value)
    return response


def defect(error: Exception) -> Response:
    """An exception that nobody expected. The answer shows the reference by which it is found in the log."""
    log.error("request.broken", exc_info=error)
    return _response(_document(errors.ServiceError()))


def _document(error: errors.ServiceError) -> dict[str, Any]:
    return problems.document(error, base_url=settings.base_url, instance=_instance(), reference=request_id())


def _instance() -> str:
    return quote(request.path, safe="/:@!$&'()*+,;=~-._")


def _documented(error: HTTPException, row: problems.ProblemType) -> dict[str, Any]:
    message = _MESSAGES.get(row.status, "")
    if row.status == 405:
        message = f"{request.method} is not possible here, only {', '.join(_methods(error))}."
    elif row.status == 413:
        message = f"The body is larger than {settings.max_body_bytes} bytes, the most that is taken."
    error_of_ours = errors.InvalidInput((), message) if row.status == 422 else row.exception(message)
    return _document(error_of_ours)


def _methods(error: HTTPException) -> list[str]:
    return sorted(getattr(error, "valid_methods", None) or [])


def _generic(error: HTTPException) -> dict[str, Any]:
    """For statuses that only the framework uses (414, 416, 431, …)."""
    return {
        "type": "about:blank",
        "title": error.name,
        "status": error.code,
        "detail": error.description or error.name,
        "instance": _instance(),
        "code": f"http-{error.code}",
        "reference": request_id(),
    }


def provide_failure_pages(app: Flask, make: Callable[[dict[str, Any]], Response]) -> None:
    """Tell the application who makes pages for people out of problem details."""
    app.extensions[_PAGES] = make


def _response(body: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(body), status=body["status"], mimetype=PROBLEM_JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(response: Response) -> Response:
    """Problem details as a page, for whoever asks for pages before anything else, as browsers do."""
    make: Callable[[dict[str, Any]], Response] | None = current_app.extensions.get(_PAGES)
    if make is None or response.mimetype != PROBLEM_JSON or request.method not in ("GET", "HEAD"):
        return response
    response.vary.add("Accept")
    if best(request.headers.get("Accept", ""), _OFFERED) is not _HTML:
        return response
    try:
        page = make(orjson.loads(response.get_data()))
    except Exception as error:
        log.error("failure.not_shown", exc_info=error)
        return response
    response.set_data(page.get_data())
    for name in ("Content-Type", "Content-Language", "Content-Security-Policy"):
        response.headers[name] = page.headers[name]
    return response
