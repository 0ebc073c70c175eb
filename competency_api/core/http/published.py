"""Answers about published versions: encoded once, cached for ever or briefly, with the version that they are of."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Response, current_app, render_template, request, url_for

from competency_api.core.http.caching import alias, current, immutable, no_store
from competency_api.core.http.context import context_of
from competency_api.core.http.negotiation import Format
from competency_api.core.http.pages import Item, Page
from competency_api.core.http.suffixes import suffix_of

JSON = Format("json", "application/json")
CSV = Format("csv", "text/csv")
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
HTML = Format("html", "text/html")
ATOM = Format("atom", "application/atom+xml")

#: How long an answer about an exact version may be kept that is not the same for ever: as short as the aliases'.
BRIEF_SECONDS = 10
#: The stylesheet that pages at addresses of the API include.
_STYLE = "plain.css"


def exact_path(numbers: Mapping[str, str]) -> str:
    """The path of the present request with exact numbers in place of its references to versions, by parameter."""
    path = url_for(request.endpoint or "", **{**(request.view_args or {}), **numbers})
    suffix = suffix_of(request.environ)
    query = urlencode(list(request.args.items(multi=True)))
    return f"{path}{f'.{suffix}' if suffix else ''}{f'?{query}' if query else ''}"


def published(
    body: Any,
    numbers: Mapping[str, str],
    *,
    written: Format = JSON,
    languages: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
    is_final: bool = True,
) -> Response:
    """The answer to the present request; ``body`` is encoded as JSON unless it is text or bytes.

    ``numbers`` are the exact versions by the path parameter that named them. If all were named exactly, the answer
    never changes, unless it is not ``is_final``. ``languages`` are those of its texts, where the asker chose one.
    """
    response = as_response(body, written)
    response.headers.update(headers or {})
    tags = ", ".join(languages)
    if tags:
        response.headers["Content-Language"] = tags
    for name, value in context_of(current_app).fields_of(numbers.values()):
        response.headers.add(name, value)
    if all((request.view_args or {}).get(name) == number for name, number in numbers.items()):
        return immutable(response) if is_final else current(response, BRIEF_SECONDS)
    return alias(response, exact_path(numbers))


def private_page(template: str, **values: Any) -> Response:
    """A page for people about what needs a key; who may keep it follows from that."""
    return styled(as_response(render_template(template, **values), HTML), render_template(_STYLE))


def styled(page: Response, style: str) -> Response:
    """A page for people that brings this style along, and may use nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return page


def as_response(body: Any, written: Format = JSON) -> Response:
    """The body in the format, JSON from plain values, dates and msgspec structs."""
    data = body if isinstance(body, str | bytes) else msgspec.json.encode(body)
    charset = "; charset=utf-8" if written.media_type.startswith("text/") else ""
    return Response(data, content_type=written.media_type + charset)


def as_page(page: Page[Item], dump: Callable[[Item], Any], **members: Any) -> Response:
    """A page of a list that people change, with its ``Link`` and what else stands beside the items."""
    response = as_response({**page.body(dump), **members})
    response.headers.update(page.link())
    return response


def momentary(body: Any, written: Format = JSON, *, languages: Iterable[str] = ()) -> Response:
    """The answer to a question that was sent in a body: not to be kept. ``languages``: those of its texts."""
    response = as_response(body, written)
    if languages:
        response.headers["Content-Language"] = ", ".join(languages)
    return no_store(response)
