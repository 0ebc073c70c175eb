"""Fields that every answer carries: what browsers may do with it, and pages of which origins may read it.

Reading is open to any origin by default and never with credentials; which methods a preflight permits follows from
which operations are public. A page for people sets its own Content-Security-Policy, and then keeps it.
"""

from __future__ import annotations

from flask import Request, current_app
from werkzeug.wrappers import Response

from competency_api.core.http.access import PUBLIC, access_of
from competency_api.core.http.context import settings

_EXPOSED = "Content-Language, Content-Location, ETag, Link, Retry-After, X-Request-Id"
_ACCEPTED = "Accept, Accept-Language, Content-Type, If-None-Match, X-Request-Id"
_PREFLIGHT_SECONDS = "7200"

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # the data are for any page of any site, without embedding rights
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def add(request: Request, response: Response) -> Response:
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    if settings.base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    _add_cors(request, response)
    return response


def _add_cors(request: Request, response: Response) -> None:
    origin = _allowed_origin(request)
    if settings.cors_origins != ("*",):
        response.vary.add("Origin")
    if origin is None:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = ", ".join(_public_methods(request))
        response.headers["Access-Control-Allow-Headers"] = _ACCEPTED
        response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS


def _allowed_origin(request: Request) -> str | None:
    if settings.cors_origins == ("*",):
        return "*"
    origin = request.headers.get("Origin", "")
    return origin if origin in settings.cors_origins else None


def _public_methods(request: Request) -> list[str]:
    # each method of a path may be a rule of its own, and a preflight matches only one of them
    rules = current_app.url_map.iter_rules()
    same = [rule for rule in rules if request.url_rule is not None and rule.rule == request.url_rule.rule]
    return sorted(
        method
        for rule in same
        for method in (rule.methods or set()) - {"OPTIONS"}
        if access_of(current_app.view_functions[rule.endpoint], method) == PUBLIC
    )
