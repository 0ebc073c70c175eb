"""Limits of requests: for each key, for each address, and for keys that are not valid.

They count what reaches the application, and new searches, which are answered just ahead of it. Finished answers of
published versions come from the memory ahead of it, cost next to nothing, and are not limited. Each worker counts for
itself (docs/decisions/limits-in-each-process.md).

``RateLimit`` and ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers) are on every answer that belongs to one
client; an answer that caches may hand to others does not carry them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, Request, current_app, g
from werkzeug.wrappers import Response

from competency_api.core.buckets import Buckets, Limit, Quota
from competency_api.core.config import Settings
from competency_api.core.errors import TooManyRequests
from competency_api.core.http.addresses import client_of
from competency_api.core.marks import MARK
from competency_api.core.site import SITE_PREFIXES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: What is limited. The rest (health, metrics, the reference) is asked by those who watch the service, and costs little.
PREFIXES = ("/api/", "/id/", "/embed/", "/oembed", *SITE_PREFIXES)
_KEY = "competency-api.limits"
#: Of one participant of a workshop: far more than a telephone asks for, and far less than a program could.
_PARTICIPANT = Limit("participant", 300)
#: Codes that are nobody's, from one address: a room of 500 mistypes fewer, and trying through 31^6 would take years.
_WRONG_CODES = Limit("wrong-codes", 120)


class Limits:
    """The limits of one application."""

    def __init__(self, settings: Settings) -> None:
        self.addresses = Buckets(Limit("address", settings.requests_per_minute_address))
        self.keys = Buckets(Limit("key", settings.requests_per_minute_key))
        self.failures = Buckets(Limit("invalid-keys", settings.invalid_keys_per_minute))
        self.participants = Buckets(_PARTICIPANT)
        self.wrong_codes = Buckets(_WRONG_CODES)
        self._proxies = settings.trusted_proxies

    def attach(self, app: Flask) -> None:
        app.extensions[_KEY] = self

    def count_address(self, request: Request) -> None:
        """Count a request that needs no key. Raises TooManyRequests."""
        if request.path.startswith(PREFIXES):
            _keep(self.addresses.take(self.client(request), time.monotonic()), "requests came from this address")

    def admits(self, environ: WSGIEnvironment) -> bool:
        """Count a request without a key that is answered ahead of the application; if not, that one refuses it."""
        return self.addresses.take(self.client(Request(environ)), time.monotonic()).is_within

    def count_key(self, key: str) -> None:
        """Count a request with a valid key. Raises TooManyRequests."""
        _keep(self.keys.take(key, time.monotonic()), "requests came with this key")

    def count_participant(self, name: str) -> None:
        """Count a request of a participant. Raises TooManyRequests."""
        _keep(self.participants.take(name, time.monotonic()), "requests came from this participant")

    def require_guessed_little(self, request: Request) -> None:
        """Raises TooManyRequests when too many codes from this address were wrong."""
        _keep(self.wrong_codes.look(self.client(request), time.monotonic()), "wrong codes came from this address")

    def count_wrong_code(self, request: Request) -> None:
        """Count a code that was wrong."""
        g.quota = self.wrong_codes.take(self.client(request), time.monotonic())

    def require_patience(self, request: Request) -> None:
        """Raises TooManyRequests when too many keys from this address were not valid."""
        _keep(self.failures.look(self.client(request), time.monotonic()), "invalid keys came from this address")

    def count_failure(self, request: Request) -> None:
        """Count a key that was not valid."""
        g.quota = self.failures.take(self.client(request), time.monotonic())

    def client(self, request: Request) -> str:
        return client_of(request, self._proxies)


def limits() -> Limits:
    """Those of the application that answers now."""
    found: Limits = current_app.extensions[_KEY]
    return found


def _keep(quota: Quota, what: str) -> None:
    g.quota = quota
    if not quota.is_within:
        limit = quota.limit
        message = f"Too many {what}: at most {limit.capacity} in {limit.seconds} seconds are taken."
        raise TooManyRequests(message, retry_after=quota.retry_after)


def add_fields(request: Request, response: Response) -> Response:
    """The fields of the limit that was counted, where the answer is for this client alone."""
    quota: Quota | None = g.get("quota")
    if quota is None or not quota.limit.capacity or MARK in request.environ or response.cache_control.public:
        return response
    response.headers["RateLimit-Policy"] = quota.limit.policy
    response.headers["RateLimit"] = quota.field
    return response
