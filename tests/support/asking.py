"""Requests to a running service, many over one connection: for tests in which a whole room asks."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self
from urllib.parse import urlsplit

#: Seconds that an answer may take: machines under load are slow.
_PATIENCE = 60
_TRIES = 60
#: A room that sends within seconds; how the service bears a crowd is another test.
_AT_ONCE = 6


class Refused(AssertionError):
    """The service said no: ``status``, and ``problem``, its problem details."""

    def __init__(self, what: str, status: int, problem: Any) -> None:
        super().__init__(f"{what}: {status} {problem}")
        self.status, self.problem = status, problem


class Service:
    """A running service at an origin like ``http://127.0.0.1:8000``; to be closed. Each thread that asks has a
    connection of its own."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._own = threading.local()
        self._connections: list[http.client.HTTPConnection] = []
        self._pool = ThreadPoolExecutor(_AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    def at_once(self, do: Callable[[Any], Any], things: Iterable[Any]) -> None:
        """Do it to all of them, several at a time, until all is done."""
        list(self._pool.map(do, things))

    def call(self, method: str, path: str, body: Any = None, **fields: str) -> tuple[Any, Mapping[str, str]]:
        """JSON and header fields of the answer to a request below ``/api/v1``. Asks again, as pages do, while the
        service says that too many came at once. Raises Refused."""
        data = None if body is None else json.dumps(body)
        headers = ({"Content-Type": "application/json"} if data else {}) | fields
        for left in reversed(range(_TRIES)):
            status, said, text = self._answer(method, f"/api/v1{path}", data, headers)
            if status != 503 or not left:
                break
            time.sleep(float(said["Retry-After"]))
        document = json.loads(text) if text else None
        if status >= 400:
            raise Refused(f"{method} {path}", status, document)
        return document, said

    def _answer(
        self, method: str, path: str, data: str | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection = self._connection()
        is_new = connection.sock is None
        try:
            connection.request(method, path, data, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (http.client.RemoteDisconnected, ConnectionError):
            # one that was kept may have been closed meanwhile; one that is new may not
            connection.close()
            if is_new:
                raise
            return self._answer(method, path, data, headers)

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=_PATIENCE)
            self._connections.append(self._own.connection)
        found: http.client.HTTPConnection = self._own.connection
        return found
