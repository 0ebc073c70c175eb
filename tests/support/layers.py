"""The layer of finished answers over a small WSGI application, asked like a server asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from competency_api.core.marks import EXACT, MARK
from competency_api.serving.bodies import Bodies
from competency_api.serving.layer import FinishedBodies
from competency_api.serving.readers import Reader, ReaderCounts

BODY = b"A competency is what a person does. " * 40
ROUTE = "test.route"


class Application:
    """A WSGI application that counts its calls; ``mark`` is how it marks its answers."""

    def __init__(self, mark: str | None = EXACT, status: str = "200 OK", vary: str = "") -> None:
        self.mark = mark
        self.status = status
        self.vary = vary
        self.body = BODY
        self.calls: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.calls.append(environ)
        environ[ROUTE] = "/api/v1/<thing>"
        if self.mark:
            environ[MARK] = self.mark
        language = environ.get("HTTP_ACCEPT_LANGUAGE", "") if "Language" in self.vary else ""
        body = self.body + language.encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("ETag", '"tag"')]
        start(self.status, [*headers, ("X-Request-Id", f"id-{len(self.calls):08}"), ("Vary", self.vary)])
        return [body]


class Client:
    def __init__(self, app: Application, max_bytes: int = 10**6) -> None:
        self.app = app
        self.state = 1
        self.withdrawals = 0
        self.counted: dict[tuple[str, str, int], int] = {}
        self.written: list[Mapping[Reader, int]] = []
        self.readers = ReaderCounts(self.written.append)
        self.layer = FinishedBodies(
            app,
            bodies=Bodies(max_bytes),
            current=lambda: self.state,
            exact=lambda: self.withdrawals,
            prefixes=("/api/v1/",),
            route_key=ROUTE,
            count=self._count,
            observe=lambda bodies: None,
            readers=self.readers,
        )

    def _count(self, method: str, route: str, status: int, hits: int) -> None:
        key = (method, route, status)
        self.counted[key] = self.counted.get(key, 0) + hits

    def __call__(
        self, path: str = "/api/v1/thing", query: str = "", method: str = "GET", **fields: str
    ) -> tuple[str, dict[str, str], bytes]:
        begun: list[Any] = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
        environ |= {f"HTTP_{name.upper()}": value for name, value in fields.items()}
        parts = self.layer(environ, lambda status, headers, exc_info=None: begun.extend([status, dict(headers)]))
        return begun[0], begun[1], b"".join(parts)
