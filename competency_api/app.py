"""The application: the only module that knows every feature.

A feature's ``routes`` module offers ``blueprints`` (a tuple; one of Flask's own class holds pages, which are not in the
OpenAPI document) and, where it has something to set up (a cache, a
readiness check, a converter of paths), ``register(app)``, which is called first.
"""

from __future__ import annotations

import os
from importlib import import_module

from flask import Flask

from competency_api.core import logs
from competency_api.core.config import Settings
from competency_api.core.http import Api, Application, Blueprint, Context, RequestScope, install_hooks

FEATURES = (
    "competency_api.operations.routes",
    "competency_api.versions.routes",
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
    app.wsgi_app = RequestScope(app.wsgi_app, context.metrics)  # type: ignore[method-assign]  # Flask's own way
    return app
