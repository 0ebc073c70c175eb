"""The application: the only module that knows every feature.

A feature's ``routes`` module offers ``blueprints`` (a tuple; one of Flask's own class holds pages, which are not in the
OpenAPI document) and, where it has something to set up (a cache, a
readiness check, a converter of paths), ``register(app)``, which is called first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask

from competency_api.catalogue.serving import Publications
from competency_api.core import clock, logs
from competency_api.core.config import Settings
from competency_api.core.http import (
    ROUTE,
    Api,
    Application,
    Blueprint,
    Context,
    RequestScope,
    find_service,
    install_hooks,
)
from competency_api.core.site import SITE_PREFIXES
from competency_api.serving.bodies import Bodies
from competency_api.serving.layer import FinishedBodies
from competency_api.serving.readers import Reader, ReaderCounts
from competency_api.versions.service import record_readers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: In the order in which the reference shows them.
FEATURES = (
    "competency_api.catalogue.routes",
    "competency_api.concepts.routes",
    "competency_api.search.routes",
    "competency_api.matching.routes",
    "competency_api.embeds.routes",
    "competency_api.interchange.routes",
    "competency_api.courses.public.routes",
    "competency_api.courses.routes",
    "competency_api.courses.bulk.routes",
    "competency_api.courses.exports.routes",
    "competency_api.courses.reports.routes",
    "competency_api.courses.suggestions.routes",
    "competency_api.courses.suggestions.lists.routes",
    "competency_api.courses.migration.routes",
    "competency_api.events.routes",
    "competency_api.curation.routes",
    "competency_api.curation.review.routes",
    "competency_api.curation.draft.routes",
    "competency_api.curation.remarks.routes",
    "competency_api.publishing.routes",
    "competency_api.workshops.routes",
    "competency_api.workshops.tables.routes",
    "competency_api.workshops.topics.routes",
    "competency_api.workshops.voting.routes",
    "competency_api.workshops.needs.routes",
    "competency_api.workshops.results.routes",
    "competency_api.workshops.live.routes",
    "competency_api.workshops.outcome.routes",
    "competency_api.workshops.outcome.conclusions.routes",
    "competency_api.accounts.routes",
    "competency_api.webhooks.routes",
    "competency_api.jobs.routes",
    "competency_api.pages.routes",
    "competency_api.rooms.routes",
    "competency_api.operations.routes",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Without settings they come from the environment; nothing is connected to yet."""
    settings = settings or Settings.from_env(os.environ)
    logs.configure(settings.log_level, settings.log_format)
    return build(settings, FEATURES)


def build(settings: Settings, features: tuple[str, ...]) -> Flask:
    """An application with these features: what :func:`create_app` and tests of one feature share."""
    app = Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order of the schema reads best
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the attribute is of Flask's default provider
    # `//id` is not `/id`: a redirect to a cleaned path would be one more address for the same thing
    app.url_map.merge_slashes = False
    context = Context(settings)
    context.attach(app)
    api = Api(app)
    install_hooks(app)
    for name in features:
        module = import_module(name)
        if hasattr(module, "register"):
            module.register(app)
        for blueprint in module.blueprints:
            if isinstance(blueprint, Blueprint):
                api.register_blueprint(blueprint)
            else:
                app.register_blueprint(blueprint)
    framed = RequestScope(app.wsgi_app, context.metrics)
    app.wsgi_app = _with_memory(app, framed, context)  # type: ignore[method-assign, assignment]  # Flask's own way
    return app


def _with_memory(app: Flask, framed: WSGIApplication, context: Context) -> WSGIApplication:
    """The application behind the layer that serves finished answers, where the features publish any."""
    publications = find_service(app, Publications)
    if publications is None or not context.settings.body_cache_bytes:
        return framed
    gauge = context.metrics.gauge
    kept = gauge("finished_answers", "Requests whose answers the workers keep in memory")
    size = gauge("finished_answers_bytes", "Estimated memory of those answers")
    bound = gauge("finished_answers_bytes_limit", "What that memory is bounded by, over all workers")
    evicted = gauge("finished_answers_evicted", "Requests whose answers had to leave memory since the start")

    def observe(bodies: Bodies) -> None:
        kept(len(bodies))
        size(bodies.bytes)
        bound(bodies.max_bytes)
        evicted(bodies.evicted)

    def write_readers(counts: Mapping[Reader, int]) -> None:
        with context.database.transaction() as session:
            record_readers(session, clock.today(), counts)

    layer = FinishedBodies(
        framed,
        bodies=Bodies(context.settings.body_cache_bytes),
        current=publications.state,
        exact=publications.withdrawals,
        prefixes=("/api/v1/", "/embed/", "/assets/", "/sitemap.xml", *SITE_PREFIXES),
        route_key=ROUTE,
        count=context.metrics.add_hits,
        observe=observe,
        readers=ReaderCounts(write_readers),
    )
    context.metrics.before_render.append(layer.flush)
    context.at_end.append(layer.close)
    return layer
