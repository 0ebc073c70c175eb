"""Answers about published versions: encoded once, cached for ever or briefly, with the version that they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import request, url_for
from werkzeug.wrappers import Response

from competency_api.core.http.caching import alias, immutable, no_store
from competency_api.core.http.suffixes import suffix_of

JSON = "application/json"


def encoded(document: Any) -> bytes:
    """JSON of plain values, dates and msgspec structs."""
    return msgspec.json.encode(document)


def exact_path(numbers: Mapping[str, str]) -> str:
    """The path of the present request with exact numbers in place of its references to versions, by parameter."""
    path = url_for(request.endpoint or "", **{**(request.view_args or {}), **numbers})
    suffix = suffix_of(request.environ)
    query = urlencode(list(request.args.items(multi=True)))
    return f"{path}{f'.{suffix}' if suffix else ''}{f'?{query}' if query else ''}"


def published(
    body: Any, numbers: Mapping[str, str], *, content_type: str = JSON, languages: Iterable[str] = ()
) -> Response:
    """The answer to the present request; ``body`` is encoded as JSON unless it is text or bytes.

    ``numbers`` are the exact versions by the path parameter that named them. If all were named exactly, the answer
    never changes. ``languages`` are those of its texts, where the asker chose one.
    """
    data = body if isinstance(body, str | bytes) else encoded(body)
    response = Response(data, content_type=content_type)
    tags = ", ".join(languages)
    if tags:
        response.headers["Content-Language"] = tags
    if all((request.view_args or {}).get(name) == number for name, number in numbers.items()):
        return immutable(response)
    return alias(response, exact_path(numbers))


def momentary(body: Any) -> Response:
    """The answer to a question that was sent in a body: not to be kept."""
    return no_store(Response(encoded(body), content_type=JSON))
