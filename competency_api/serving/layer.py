"""The WSGI layer that answers what is finished.

On a hit it does, in this order: two dictionary lookups for the request, one for the coding, a comparison of entity
tags, and the call of the server. No routing, no SQL, no serialisation, no line in the log (a line costs more than the
answer); hits are counted and reach the metrics once a second.

An answer is kept when the application marked it (:mod:`competency_api.core.marks`) as public, published and complete:
``"exact"`` holds until something is withdrawn, which changes its fields, ``"current"`` until the next version is
published as well, ``"passing"`` some seconds of that. Conditional and HEAD requests are made from whole answers here,
so that the first request warms the memory whatever its kind.
"""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from competency_api.core.marks import CURRENT, EXACT, KNOWN, MARK, PASSING, PASSING_SECONDS
from competency_api.serving.bodies import Answer, Bodies, Finished, Headers
from competency_api.serving.encodings import chosen, is_known
from competency_api.serving.readers import Reader, ReaderCounts, reader_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Told about hits: method, route, status, how many since the last time.
Count = Callable[[str, str, int, int], None]
#: Method, route, status, and how a version was named.
Key = tuple[str, str, int, Reader | None]
_FLUSH_SECONDS = 1.0
_REQUEST_ID = "X-Request-Id"
_LONGEST_ID = 64


class Tally:
    """Hits of one route and status. ``next`` of a count is atomic, where ``+= 1`` is not."""

    __slots__ = ("_count", "_taken", "hit")

    def __init__(self) -> None:
        self._count = itertools.count()
        self._taken = 0
        self.hit = self._count.__next__

    def taken(self) -> int:
        """Hits since the last time."""
        seen = next(self._count)
        fresh = seen - self._taken
        self._taken = seen + 1
        return fresh


class FinishedBodies:
    """Serves finished answers ahead of ``app``.

    ``prefixes`` are the paths whose answers may be published; ``current`` and ``exact`` give numbers that grow when
    answers of that mark are no longer right, and are asked for every answer; ``route_key`` is where the application
    leaves the name of its route. ``count`` and ``observe`` feed the metrics, once a second; ``readers`` learn by which
    names versions are asked for.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        bodies: Bodies,
        current: Callable[[], int],
        exact: Callable[[], int] = lambda: 0,
        prefixes: tuple[str, ...],
        route_key: str,
        count: Count,
        observe: Callable[[Bodies], None],
        readers: ReaderCounts,
    ) -> None:
        self._app = app
        passing: Callable[[], int] = lambda: _with_clock(current())  # noqa: E731  # typed, where a lambda alone is not
        self._states = {CURRENT: current, EXACT: exact, PASSING: passing}
        self._prefixes = prefixes
        self._route_key = route_key
        self._count = count
        self._observe = observe
        self._readers = readers
        self._own = secrets.token_hex(6)
        self._numbers = itertools.count()
        self._tallies: dict[Key, Tally] = {}
        self._flusher: threading.Thread | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.bodies = bodies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"]
        query = environ.get("QUERY_STRING", "")
        # Bytes that a client did not escape come as Latin-1, and would be taken for other characters.
        if (method != "GET" and method != "HEAD") or not path.startswith(self._prefixes) or not query.isascii():
            return self._app(environ, start_response)
        slot = self.bodies.find(path, query)
        if slot is not None and slot.state[1] == self._states[slot.state[0]]():
            answer = slot.find(environ)
            if answer is not None:
                slot.was_used = True
                coding = chosen(environ.get("HTTP_ACCEPT_ENCODING", ""))
                finished = answer.find(coding) or self.bodies.make(slot, answer, coding)
                return self._answer(environ, start_response, finished, answer, self._request_id(environ), is_hit=True)
        return self._first(environ, start_response)

    def _answer(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        finished: Finished,
        answer: Answer,
        request_id: str,
        *,
        is_hit: bool,
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        known = environ.get("HTTP_IF_NONE_MATCH")
        is_fresh = known is not None and (known == finished.tag or is_known(known, answer.plain.tag))
        if is_hit:
            # the reader is part of the key, so that counting it costs nothing
            key = (method, finished.route, 304 if is_fresh else 200, finished.reader)
            tally = self._tallies.get(key) or self._new_tally(key)
            tally.hit()
        if is_fresh:
            start_response("304 NOT MODIFIED", [*finished.not_modified, (_REQUEST_ID, request_id)])
            return ()
        start_response("200 OK", [*finished.headers, (_REQUEST_ID, request_id)])
        return (finished.body,) if method == "GET" else ()

    def _request_id(self, environ: WSGIEnvironment) -> str:
        """The client's own id where it is harmless, else a new one: unguessable by process, counted within it."""
        given = environ.get("HTTP_X_REQUEST_ID")
        if given and 8 <= len(given) <= _LONGEST_ID and given.isascii() and given.replace("-", "").isalnum():
            return str(given)
        return f"{self._own}-{next(self._numbers):x}"

    # -- the first time --------------------------------------------------------------------------------------------

    def _first(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application make the answer, and keep it if it says that it is published."""
        if self._flusher is None:
            self._start_flusher()
        states = {mark: state() for mark, state in self._states.items()}
        asked = dict(environ)
        asked["REQUEST_METHOD"] = "GET"
        asked[KNOWN] = asked.pop("HTTP_IF_NONE_MATCH", "")
        status, headers, parts = _begun(self._app, asked)
        if is_stream(headers):
            return _streamed(environ, start_response, status, headers, parts)
        body = _whole(parts)
        request_id = next((value for name, value in headers if name == _REQUEST_ID), "")
        names = {name.lower(): value for name, value in headers}
        mark = asked.get(MARK)
        if not status.startswith("200") or "etag" not in names or mark is None:
            return _passed_on(environ, start_response, status, headers, body)
        plain = [pair for pair in headers if pair[0] != _REQUEST_ID]
        reader = reader_of(environ["PATH_INFO"])
        if reader is not None:
            self._readers.add(reader, 1)
        whole = _with_vary(plain, "Accept-Encoding")
        answer = Answer(Finished(body, whole, names["etag"], asked[self._route_key], reader))
        slot = None
        if self._states[mark]() == states[mark]:
            vary = _vary_of(names.get("vary", ""))
            request = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
            variant = tuple([environ.get(name, "") for name in vary])
            slot = self.bodies.keep(request, (mark, states[mark]), vary, variant, answer)
        coding = chosen(environ.get("HTTP_ACCEPT_ENCODING", ""))
        finished = answer.find(coding) or self.bodies.make(slot, answer, coding)
        return self._answer(environ, start_response, finished, answer, request_id, is_hit=False)

    # -- counting --------------------------------------------------------------------------------------------------

    def _new_tally(self, key: Key) -> Tally:
        with self._lock:
            return self._tallies.setdefault(key, Tally())

    def _start_flusher(self) -> None:
        """Started by the first request and not when the application is made: a worker process begins after that."""
        with self._lock:
            if self._flusher is None and not self._ended.is_set():
                self._flusher = threading.Thread(target=self._flush_for_ever, daemon=True, name="metrics")
                self._flusher.start()

    def _flush_for_ever(self) -> None:
        while not self._ended.wait(_FLUSH_SECONDS):
            self.flush()

    def flush(self) -> None:
        """Hand the hits since the last time, and what is kept, to the metrics."""
        with self._lock:
            for (method, route, status, reader), tally in list(self._tallies.items()):
                if fresh := tally.taken():
                    self._count(method, route, status, fresh)
                    if reader is not None:
                        self._readers.add(reader, fresh)
        self._observe(self.bodies)
        self._readers.flush_when_due()

    def close(self) -> None:
        """Hand over the last numbers; what is answered afterwards is not counted."""
        self._ended.set()
        if self._flusher is not None:
            self._flusher.join()
        self.flush()
        self._readers.close()


def _with_clock(state: int) -> int:
    """A number that is another one when the state is, and with every :data:`PASSING_SECONDS` that pass."""
    return (state << 40) + int(time.monotonic() / PASSING_SECONDS)


def is_stream(headers: Headers) -> bool:
    """Whether the answer has no end that could be waited for (server-sent events)."""
    return any(name.lower() == "content-type" and value.startswith("text/event-stream") for name, value in headers)


def _streamed(
    environ: WSGIEnvironment, start_response: StartResponse, status: str, headers: Headers, parts: Iterable[bytes]
) -> Iterable[bytes]:
    start_response(status, headers)
    if environ["REQUEST_METHOD"] == "GET":
        return parts
    _close(parts)
    return ()


def _begun(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, Headers, Iterable[bytes]]:
    """The beginning of a WSGI application's answer, and its parts. Flask's begin before the first part is taken."""
    begun: list[Any] = []

    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        begun[:] = [status, headers]
        return _refuse_to_write

    parts = app(environ, start)
    return begun[0], begun[1], parts


def _refuse_to_write(data: bytes) -> object:
    """PEP 3333 has it for frameworks of its time. Flask gives parts; what was written here would get lost."""
    raise RuntimeError("an application answers by the parts that it gives, not by write()")


def _whole(parts: Iterable[bytes]) -> bytes:
    try:
        return b"".join([*parts])
    finally:
        _close(parts)


def _close(parts: Iterable[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()


def _passed_on(
    environ: WSGIEnvironment, start_response: StartResponse, status: str, headers: Headers, body: bytes
) -> Iterable[bytes]:
    """An answer that is not kept, as the client asked for it: conditionally, or its head only."""
    tag = next((value for name, value in headers if name.lower() == "etag"), None)
    known = environ.get("HTTP_IF_NONE_MATCH")
    if status.startswith("200") and tag and known and is_known(known, tag):
        kept = [pair for pair in headers if pair[0].lower() not in ("content-length", "content-type")]
        start_response("304 NOT MODIFIED", kept)
        return ()
    start_response(status, headers)
    return (body,) if environ["REQUEST_METHOD"] == "GET" else ()


def _vary_of(field: str) -> tuple[str, ...]:
    """The request fields that an answer varies on, as a WSGI environment names them; the coding is chosen apart."""
    names = [name.strip() for name in field.split(",") if name.strip()]
    return tuple("HTTP_" + n.upper().replace("-", "_") for n in names if n.lower() != "accept-encoding")


def _with_vary(headers: Headers, name: str) -> Headers:
    """The headers with one more name in Vary."""
    values = [value for key, value in headers if key.lower() == "vary"]
    others = [pair for pair in headers if pair[0].lower() != "vary"]
    return [*others, ("Vary", ", ".join([*values, name]))]
