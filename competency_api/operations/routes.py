"""What is asked about the service itself: is it alive, is it ready, how does it fare, how is it used, who to tell.

``/healthz`` says that the process answers; ``/readyz`` that it may be sent requests (features add their checks by
``context_of(app).checks``). ``/api/v1`` tells what the service offers.
"""

from __future__ import annotations

import datetime as dt

from flask import Blueprint as PageBlueprint
from flask import Flask, Response, current_app, jsonify, request

from competency_api import __version__
from competency_api.catalogue.serving import Publications
from competency_api.core import clock, migrations
from competency_api.core.errors import DatabaseUnavailable, NotFound, Unavailable
from competency_api.core.http import (
    HTML,
    JSON,
    Blueprint,
    as_response,
    best,
    brief,
    context_of,
    current,
    no_store,
    public,
    service,
    settings,
    spec_json,
    to_page,
    vary_on,
)
from competency_api.operations.discovery import discovery
from competency_api.operations.schemas import DiscoverySchema, HealthSchema, ReadinessSchema

#: As short as the aliases of versions, which it names.
DISCOVERY_SECONDS = 10
#: RFC 9116 asks for less than a year ahead.
SECURITY_TEXT_DAYS = 180
blp = Blueprint("operations", __name__, description="The service itself")
pages = PageBlueprint("reference", __name__)
blueprints = (blp, pages)


def register(app: Flask) -> None:
    checks = context_of(app).checks
    checks.add("database", lambda: _database(app))
    checks.add("migrations", lambda: _migrations(app))


def _database(app: Flask) -> str:
    context_of(app).database.ping()
    return "reachable"


def _migrations(app: Flask) -> str:
    with context_of(app).database.reading(fresh=True) as session:
        if not migrations.is_at_head(session.connection()):
            raise DatabaseUnavailable("The database is not at the revision of this program: `competency-api migrate`.")
    return f"at {migrations.head()}"


@blp.get("/api/v1")
@blp.public
@blp.raises(DatabaseUnavailable)
@blp.response(200, DiscoverySchema, description="What there is")
def discover() -> Response:
    """Discover the service

    Versions, kinds with their attributes and relations, levels, filters, languages with their declared fallback order,
    formats, limits, and where everything is.
    """
    return current(as_response(discovery(settings, service(Publications).store.versions())), DISCOVERY_SECONDS)


@blp.get("/healthz")
@blp.public
@blp.response(200, HealthSchema, description="The process answers")
def read_health() -> Response:
    """Whether the process is alive"""
    return no_store(jsonify(status="ok", version=__version__))


@blp.get("/readyz")
@blp.public
@blp.raises(Unavailable)
@blp.response(200, ReadinessSchema, description="Requests may be sent")
def read_readiness() -> Response:
    """Whether the process may be sent requests

    Looks at the database, its migrations, and whether a version is loaded. 503 with the same `checks` when one fails.
    """
    outcomes = context_of(current_app).checks.run()
    checks = [{"name": item.name, "well": item.is_well, "detail": item.detail} for item in outcomes]
    failed = [item.name for item in outcomes if not item.is_well]
    if failed:
        raise Unavailable(f"Not ready: {', '.join(failed)}.", retry_after=5, extra={"checks": checks})
    return no_store(jsonify(status="ready", checks=checks))


@blp.get("/metrics")
@blp.public
@blp.response(200, {"type": "string"}, content_type="text/plain", description="Metrics of all workers")
def read_metrics() -> Response:
    """Metrics in the format of Prometheus"""
    body, content_type = context_of(current_app).metrics.render()
    return no_store(Response(body, content_type=content_type))


@blp.get("/.well-known/security.txt")
@blp.public
@blp.raises(NotFound)
@blp.response(200, {"type": "string"}, content_type="text/plain", description="Contact (RFC 9116)")
def read_security_text() -> Response:
    """Where to report a weakness"""
    if not settings.security_contact:
        raise NotFound("This deployment names no contact for reports of weaknesses (SECURITY_CONTACT).")
    expires = dt.datetime.combine(clock.today() + dt.timedelta(days=SECURITY_TEXT_DAYS), dt.time(), dt.UTC)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {clock.iso(expires)}",
        "Preferred-Languages: en, es",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    ]
    return brief(Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"), 86_400)


@pages.get("/")
@public
def enter() -> Response:
    """The address without a path, as people type it: they get the site, programs what the service offers."""
    vary_on("Accept")
    if best(request.headers.get("Accept", ""), (JSON, HTML)) is HTML:
        return to_page()
    return brief(Response(status=303, headers={"Location": "/api/v1"}), 300)


@pages.get("/openapi.json")
@public
def read_openapi() -> Response:
    return brief(Response(spec_json(current_app), mimetype="application/json"), 300)


@pages.get("/docs")
@public
def show_reference() -> Response:
    return to_page("reference")


@pages.get("/problems")
@public
def show_problems() -> Response:
    """Where the types of problems lead. Browsers take the fragment, which names the problem, along."""
    return to_page("problems")


@pages.get("/rules")
@public
def show_rules() -> Response:
    return to_page("rules")
