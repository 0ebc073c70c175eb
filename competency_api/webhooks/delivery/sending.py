"""One attempt of a delivery: a POST to a checked address, with every limit that a hostile receiver would try.

The connection goes to the address that was checked, while TLS and ``Host`` keep the name. No redirect is followed, no
proxy of the environment is used, the answer's body is not read, and a deadline covers everything: a receiver that drips
a byte a second keeps a socket's own timeout from ever passing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from competency_api import __version__
from competency_api.webhooks.delivery.addresses import Network, NotAllowed, Target, checked_address, target_of

USER_AGENT = f"competency-api/{__version__} (webhooks)"


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: a status, or in ``error`` why there is none. ``milliseconds`` is how long it took."""

    status: int | None
    error: str | None
    milliseconds: int
    retry_after: str | None = None

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Sender:
    """How deliveries are sent: within ``seconds`` each, to public addresses and ``networks``."""

    seconds: float
    networks: Sequence[Network] = ()
    tls: ssl.SSLContext | None = None

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send it once. Whatever happens is an outcome."""
        start = time.monotonic()
        try:
            target = target_of(url, self.networks)
            status, retry_after = self._posted(target, headers, body)
            error = f"It redirects ({status}), which is not followed." if 300 <= status < 400 else None
        except (NotAllowed, OSError, http.client.HTTPException, ValueError) as failure:
            status, retry_after = None, None
            error = self._told(failure, time.monotonic() - start)
        return Outcome(status, error, round(1000 * (time.monotonic() - start)), retry_after)

    def _posted(self, target: Target, headers: Mapping[str, str], body: bytes) -> tuple[int, str | None]:
        address = checked_address(target, self.networks)
        deadline = time.monotonic() + self.seconds
        with (
            socket.create_connection((address, target.port), timeout=self.seconds) as plain,
            # a socket of its own for the same connection: TLS takes the first one over
            plain.dup() as other,
            _ended_at(deadline, other),
            self._secured(plain, target) as wire,
        ):
            connection = http.client.HTTPConnection(target.host, target.port)
            # connected already: the library would resolve the name again
            connection.sock = wire
            fields = {"Host": target.authority, "User-Agent": USER_AGENT, "Content-Type": "application/json"}
            connection.request("POST", target.path, body, {**fields, **headers})
            answer = connection.getresponse()
            if time.monotonic() >= deadline:
                # the end that the deadline put to it looks like the end of the header
                raise TimeoutError
            return answer.status, answer.getheader("Retry-After")

    @contextmanager
    def _secured(self, plain: socket.socket, target: Target) -> Iterator[socket.socket]:
        if target.scheme == "http":
            yield plain
            return
        context = self.tls or ssl.create_default_context()
        with context.wrap_socket(plain, server_hostname=target.host) as wire:
            yield wire

    def _told(self, failure: Exception, seconds: float) -> str:
        if isinstance(failure, NotAllowed):
            return str(failure)
        if seconds >= self.seconds or isinstance(failure, TimeoutError):
            return f"There was no answer within {self.seconds:g} seconds."
        if isinstance(failure, ssl.SSLCertVerificationError):
            return f"The certificate is not valid: {failure.verify_message}."
        if isinstance(failure, ssl.SSLError):
            return "TLS failed."
        if isinstance(failure, ConnectionRefusedError):
            return "The connection was refused."
        if isinstance(failure, http.client.HTTPException | ValueError):
            return "The answer is not HTTP."
        return "The connection failed."


@contextmanager
def _ended_at(deadline: float, wire: socket.socket) -> Iterator[None]:
    """Shut the connection down when the time is over, whatever the receiver does."""

    def end() -> None:
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:  # it ended by itself just now
            return

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
