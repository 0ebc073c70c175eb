"""Validators and freshness of answers (RFC 9110, RFC 9111).

Every GET that succeeds has a strong ETag and answers ``If-None-Match`` with 304, keeping the fields that a cache
needs. ETags are compared weakly there: a proxy that compresses turns strong ones into weak ones, and a strong
comparison would then never match again.
"""

from __future__ import annotations

import hashlib
from typing import TypeVar

from flask import Request, g
from flask import Response as Unchanged
from flask import request as flask_request
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response

from competency_api.core.marks import CURRENT, EXACT, KNOWN, MARK, PASSING, PASSING_SECONDS

YEAR = 31_536_000

Answer = TypeVar("Answer", bound=Response)


def immutable(response: Answer) -> Answer:
    """For what an exact version says: it never changes."""
    flask_request.environ[MARK] = EXACT
    return _cache_control(response, f"public, max-age={YEAR}, immutable")


def renewed(response: Answer) -> Answer:
    """For a page for people: it changes when a version is published, since it then says which one is the newest, and
    with a release of the service, which must reach those who have seen the page before.
    """
    flask_request.environ[MARK] = CURRENT
    return _cache_control(response, "public, max-age=60, stale-while-revalidate=86400")


def alias(response: Answer, location: str) -> Answer:
    """For what ``latest``, a prefix or a date says now; ``location`` is the same under the exact version."""
    flask_request.environ[MARK] = CURRENT
    response.headers["Content-Location"] = location
    return _cache_control(response, "public, max-age=10, stale-while-revalidate=60")


def current(response: Answer, seconds: int) -> Answer:
    """For what changes only when a version is published, and may be that many seconds old."""
    flask_request.environ[MARK] = CURRENT
    return brief(response, seconds)


def passing(response: Answer, seconds: int = PASSING_SECONDS) -> Answer:
    """For what also shows courses, which people change and may hide: nobody shows it for long without asking again."""
    flask_request.environ[MARK] = PASSING
    return brief(response, seconds)


def brief(response: Answer, seconds: int) -> Answer:
    """For what changes now and then, and may be a little old."""
    return _cache_control(response, f"public, max-age={seconds}")


def no_store(response: Answer) -> Answer:
    """For what must not be kept: answers about one moment or for one person."""
    return _cache_control(response, "no-store")


def for_caller_only(response: Answer) -> Answer:
    """For the answer to a request with a key: nobody but its client may have it, and not keep it."""
    response.vary.add("Authorization")
    return _cache_control(response, "private, no-store")


def _cache_control(response: Answer, value: str) -> Answer:
    response.headers["Cache-Control"] = value
    return response


def entity_tag(body: bytes) -> str:
    """The strong validator of these bytes, without its quotes."""
    return hashlib.sha256(body).hexdigest()[:32]


def find_unchanged(tag: str) -> Unchanged | None:
    """The answer to who has the state of this tag already, for views to which it spares much work; else None."""
    known = parse_etags(flask_request.environ.get(KNOWN) or flask_request.headers.get("If-None-Match"))
    if not known.contains_weak(tag):
        return None
    response = Unchanged(status=304)
    response.set_etag(tag)
    return response


def vary_on(*names: str) -> None:
    """Note that the answer to the present request depends on these request fields."""
    g.setdefault("vary", set()).update(names)


def finish(request: Request, response: Response) -> Response:
    """Add what is missing of ETag, Vary and Cache-Control, and answer 304 where that is due."""
    vary = g.get("vary", set())
    if vary:
        response.vary.update(sorted(vary))
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    response.headers.setdefault("Cache-Control", "no-cache")
    if response.cache_control.no_store:
        return response
    if "ETag" not in response.headers and not response.is_streamed and not response.direct_passthrough:
        response.set_etag(entity_tag(response.get_data()))
    # not make_conditional alone: it also answers Range and If-Modified-Since, which have no meaning here
    if response.headers.get("ETag") and _is_known(request, response):
        response.status_code = 304
        response.set_data(b"")
    return response


def _is_known(request: Request, response: Response) -> bool:
    known = request.if_none_match
    tag, _is_weak = response.get_etag()
    return bool(known.star_tag or (tag is not None and known.contains_weak(tag)))
