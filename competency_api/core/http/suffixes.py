"""Formats by suffix: ``…/concepts/C017.html`` is ``…/concepts/C017`` in another format.

The suffix is taken off before routing, so that every path below the prefixes takes one without a second rule, and the
path that the client sees keeps it. A number (``/versions/1.2``) is no suffix, since a suffix begins with a letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, Request
from werkzeug.routing import MapAdapter

from competency_api.core.http.rules import LateRule

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Paths whose last segment may end in a suffix; nowhere else, where a dot may belong to somebody's own identifier.
_BELOW = "versions|concepts|proposals|draft|courses|coverage|providers/[^/]+/(?:coverage|migrations|suggestions)"
_SUFFIXED = re.compile(rf"(/api/v1/(?:{_BELOW})(?:/.+)?)\.([a-z][a-z0-9]{{0,15}})")
_KEY = "competency.suffix"


def split(path: str) -> tuple[str, str | None]:
    """The path without its suffix, and the suffix."""
    match = _SUFFIXED.fullmatch(path)
    return (match[1], match[2]) if match else (path, None)


def suffix_of(environ: WSGIEnvironment) -> str | None:
    """The suffix of the present request."""
    found: str | None = environ.get(_KEY)
    return found


class Application(Flask):
    """Flask, with suffixes taken off where a request is matched with the rules."""

    url_rule_class = LateRule

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        adapter = super().create_url_adapter(request)
        if adapter is not None and request is not None:
            adapter.path_info, request.environ[_KEY] = split(adapter.path_info)
        return adapter
