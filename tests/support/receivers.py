"""A receiver of webhooks on this machine, which behaves as the path of its address says."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

#: As in a deployment whose receivers are inside.
LOOPBACK = "127.0.0.0/8"


@dataclass
class Receiver:
    """What arrived: (path, fields in lower case, body)."""

    port: int = 0
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/ok", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers, _ in list(self.received)]

    def verified(self, secret: str) -> list[Any]:
        """The messages as a receiver with this secret reads them; raises where a signature is not right."""
        return [Webhook(secret).verify(body, headers) for _, headers, body in list(self.received)]


@contextmanager
def receiving(wrap: Any = None) -> Iterator[Receiver]:
    """A receiver that listens; ``wrap`` makes its socket one of TLS."""
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"receiver": receiver}))
    server.daemon_threads = True
    if wrap is not None:
        server.socket = wrap(server.socket)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """What answers; ``receiver`` is set in a subclass for each."""

    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.received.append((self.path, fields, body))
        getattr(self, "answer_" + self.path.strip("/").partition("?")[0])()

    def answer_ok(self) -> None:
        self.answer(204)

    def answer_slow(self) -> None:
        time.sleep(0.2)
        self.answer(204)

    def answer_fail(self) -> None:
        self.answer(500)

    def answer_gone(self) -> None:
        self.answer(410)

    def answer_busy(self) -> None:
        self.answer(503, ("Retry-After", "3600"))

    def answer_redirect(self) -> None:
        self.answer(307, ("Location", self.receiver.url("/ok")))

    def answer_hang(self) -> None:
        self.receiver.ended.wait(600)

    def answer_drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
        while not self.receiver.ended.wait(0.05):
            self.wfile.write(b"a")

    def answer_nonsense(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")

    def answer(self, status: int, *fields: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Length", "0"), *fields):
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # the sender gave up

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            return  # the same

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
