"""Where the pages for people are: the features below them lead there without knowing what they look like.

The interface's language is the first segment of their addresses, so that a link says which language it opens in, and
caches need not tell readers apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from flask import Response, request

from competency_api.core.http.caching import brief, vary_on
from competency_api.core.http.context import settings
from competency_api.core.http.languages import AUTO
from competency_api.core.languages import accepted, choose
from competency_api.core.site import SITE_LANGUAGES

#: How long a browser may not ask again where an address leads.
REDIRECT_SECONDS = 10


def site_language(lang: str | None = None) -> str:
    """The interface's language for ``lang``, or for what the reader's browser asks for."""
    if lang is None or lang == AUTO:
        vary_on("Accept-Language")
        asked = accepted(request.headers.get("Accept-Language"))
    else:
        asked = (lang,)
    choice = choose(asked, SITE_LANGUAGES, settings.fallback)
    return choice.tag if choice else SITE_LANGUAGES[0]


def site_path(language: str, *segments: str, query: Mapping[str, str] | None = None) -> str:
    """The path of a page: ``site_path("es", "concepts", "C017")``; without segments, that of the home page."""
    path = "/".join(("", language, *(quote(segment, safe="") for segment in segments)))
    written = urlencode({name: value for name, value in (query or {}).items() if value})
    return (path if segments else f"{path}/") + (f"?{written}" if written else "")


def to_page(*segments: str, lang: str | None = None, query: Mapping[str, str] | None = None) -> Response:
    """303 to a page for people, in the language that the reader wants."""
    location = site_path(site_language(lang), *segments, query=query)
    return brief(Response(status=303, headers={"Location": location}), REDIRECT_SECONDS)
