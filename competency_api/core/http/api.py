"""The one subclass of flask-smorest's Api: OpenAPI 3.1 that is the same on every Python, problems for every failure.

flask-smorest names responses after ``http.HTTPStatus``, whose names change between Python versions, and answers 405
without ``Allow``, 304 without its fields and 503 without ``Retry-After``. Here responses are named after problems,
and failures are answered by :mod:`competency_api.core.http.failures`.
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import lru_cache
from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, request
from werkzeug.wrappers import Response

from competency_api import __version__
from competency_api.core.errors import NotFound
from competency_api.core.http import access, caching, failures, headers, limits
from competency_api.core.http.blueprint import (
    PARTICIPANT_SCHEME,
    SECURITY_SCHEME,
    Blueprint,
    offers_formats,
    reads_query,
)
from competency_api.core.http.examples import attach
from competency_api.core.http.fields import ByLanguage
from competency_api.core.http.pages import ALL, Limit
from competency_api.core.http.parser import refuse_bytes, refuse_parameters
from competency_api.core.http.schemas import ProblemSchema
from competency_api.core.http.scope import ROUTE
from competency_api.core.http.suffixes import suffix_of
from competency_api.core.marks import MARK
from competency_api.core.problems import PROBLEMS

_KEY = "competency-api.openapi"

TITLE = "Smart City Competency Framework"
DESCRIPTION = """\
A versioned, multilingual taxonomy of what a smart city programme manager must know and be able to do.

Published versions never change: an exact version may be cached for ever, and every answer names the version it comes
from. Errors are problem details (RFC 9457); unknown parameters are refused with the nearest known name."""

_OPTIONS = {
    "info": {
        "description": DESCRIPTION,
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "servers": [{"url": "/"}],
}
_KEYS = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "sck_…",
    "description": "An API key, with the scope that the operation names.",
}
_TOKENS = {
    "type": "apiKey",
    "in": "header",
    "name": access.PARTICIPANT_FIELD,
    "description": "The token of a participant of a workshop, which joining it gives.",
}


class Api(flask_smorest.Api):
    """The API of one application."""

    DEFAULT_ERROR_RESPONSE_NAME = "Problem"

    def __init__(self, app: Flask) -> None:
        app.config.update(API_TITLE=TITLE, API_VERSION=__version__, OPENAPI_VERSION="3.1.0", API_SPEC_OPTIONS=_OPTIONS)
        self._undescribed: list[Blueprint] = []
        self._describing = Lock()
        super().__init__(app)
        app.extensions[_KEY] = self

    def register_blueprint(self, blp: Blueprint, **_options: Any) -> None:
        """Its addresses now; its description when somebody asks for one: that takes longer than all the rest of a
        start, and few workers are ever asked."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._undescribed.append(blp)

    def described(self) -> dict[str, Any]:
        """The OpenAPI document of all blueprints registered so far, the caller's own."""
        with self._describing:
            while self._undescribed:
                blp = self._undescribed.pop(0)
                blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
                self.spec.tag({"name": blp.name, "description": blp.description})
            return deepcopy(self.spec.to_dict())

    def _register_error_handlers(self) -> None:
        failures.register(self._app)

    def _register_responses(self) -> None:
        self.spec.components.security_scheme(SECURITY_SCHEME, _KEYS)
        self.spec.components.security_scheme(PARTICIPANT_SCHEME, _TOKENS)
        content = {failures.PROBLEM_JSON: {"schema": ProblemSchema}}
        for row in PROBLEMS:
            response = {"description": f"{row.title}. {row.explanation}", "content": content}
            self.spec.components.response(row.name, response, lazy=True)
        response = {"description": "Any other problem.", "content": content}
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, response, lazy=True)
        converter = self.ma_plugin.converter
        assert converter is not None  # the spec that was made above has set it
        converter.add_attribute_function(whole_limit)
        converter.add_attribute_function(names_of_members)

    def _register_pagination_header(self) -> None:
        """Nothing: pages are by cursor, and the library's header would only litter the document."""

    def _register_etag_headers(self) -> None:
        """Nothing: validators are the same for every operation and described once."""


def whole_limit(_converter: Any, field: Any, **_options: Any) -> dict[str, Any]:
    """How ``limit=all`` is described: bounds hold for the number, the pattern for the word."""
    return {"type": ["integer", "string"], "pattern": f"^{ALL}$"} if isinstance(field, Limit) else {}


def names_of_members(_converter: Any, field: Any, **_options: Any) -> dict[str, Any]:
    """How objects are described whose members are named by a rule."""
    return {"propertyNames": field.property_names} if isinstance(field, ByLanguage) else {}


def install_hooks(app: Flask) -> None:
    """What happens around every view."""

    @app.before_request
    def check() -> None:
        rule = request.url_rule
        if rule is not None:
            request.environ[ROUTE] = rule.rule
        access.admit(request)
        if rule is None:
            return
        # werkzeug takes all slashes off the beginning: every address would have any number of others
        if request.environ.get("PATH_INFO", "").startswith("//"):
            raise NotFound(failures.NOTHING_HERE)
        refuse_bytes(request)
        view = app.view_functions[rule.endpoint]
        if suffix_of(request.environ) and not offers_formats(view, request.method):
            raise NotFound("There is only one format at this address; leave the suffix out.")
        if request.method != "OPTIONS" and not reads_query(view, request.method):
            refuse_parameters(request)

    @app.after_request
    def complete(response: Response) -> Response:
        if request.method == "OPTIONS" and response.status_code == 200:
            response.status_code = 204
            response.headers.remove("Content-Type")
        if access.is_keyed():
            request.environ.pop(MARK, None)
            caching.for_caller_only(response)
        finished = headers.add(request, caching.finish(request, response))
        return limits.add_fields(request, finished)


def spec_dict(app: Flask) -> dict[str, Any]:
    return attach(app.extensions[_KEY].described())


@lru_cache(maxsize=1)
def spec_json(app: Flask) -> str:
    """The OpenAPI document of the finished application: sorted, indented by two spaces, the same on every Python."""
    return json.dumps(spec_dict(app), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
