"""Servers as processes on the server's core: the service, bare functions on the same server, nginx."""

from __future__ import annotations

import contextlib
import http.client
import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from benchmarks.machine import ROOT, SERVER, WORK, bound_to, program

SERVE = (str(Path(sys.executable).parent / "competency-api"), "serve")
#: What every answer of any server has anew; a copy of an answer leaves it to whoever serves the copy.
_OF_THE_MOMENT = frozenset({"date", "server", "connection", "transfer-encoding"})


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]
    seconds_to_first_answer: float

    def get(self, path: str = "", fields: Mapping[str, str] | None = None) -> Answer:
        return fetched(f"{self.url}{path}", fields)

    def resident_bytes(self) -> int:
        """Memory in use by the worker: the process or its largest child."""
        pids = [self.process.pid]
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            pids += map(int, children.read_text().split())
        return max(_resident(pid) for pid in pids)


def fetched(url: str, fields: Mapping[str, str] | None = None) -> Answer:
    """The answer, whatever its status, without what is of the moment."""
    try:
        # the addresses are of this machine
        response = urlopen(Request(url, headers=dict(fields or {})), timeout=60)
    except HTTPError as error:
        response = error
    with response:
        headers = [pair for pair in response.headers.items() if pair[0].lower() not in _OF_THE_MOMENT]
        return Answer(response.status, headers, response.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    command: tuple[str, ...], port: int, environ: Mapping[str, str] | None = None, ask: str = "/", patience: float = 120
) -> Iterator[Server]:
    """A server process while it is needed, from its first answer on (whatever it is)."""
    url = f"http://127.0.0.1:{port}"
    log = WORK / f"server-{port}.log"
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environ or {})},
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=bound_to(SERVER),  # noqa: PLW1509 - only this thread is here
        )
        try:
            _wait(process, url + ask, began + patience, log)
            yield Server(url, process, time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    log.unlink()


def _wait(process: subprocess.Popen[bytes], url: str, until: float, log: Path) -> None:
    while True:
        with contextlib.suppress(URLError, ConnectionError, http.client.HTTPException):
            fetched(url)
            return
        if process.poll() is not None or time.perf_counter() > until:
            raise RuntimeError(f"{process.args!r} does not serve: {log.read_text()[-2000:]}")
        time.sleep(0.01)


def the_service(database_url: str, ask: str = "/healthz", **environ: str) -> contextlib.AbstractContextManager[Server]:
    """``competency-api serve`` as it comes, one worker."""
    port = free_port()
    # all load comes from one address: the limit is counted, as for everybody, and never reached
    limit = {"REQUESTS_PER_MINUTE_ADDRESS": "1000000"}
    settings = {"DATABASE_URL": database_url, "PORT": str(port), "WORKERS": "1", **limit}
    return running(SERVE, port, {**settings, **environ}, ask)


def on_the_same_server(factory: str, **environ: str) -> contextlib.AbstractContextManager[Server]:
    """Another application (``module:factory``) on the server that the service runs on, with the same options."""
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.hosted", factory)
    return running(command, port, {"PORT": str(port), "WORKERS": "1", "PYTHONPATH": str(ROOT), **environ})


def bare(answer: Answer, factory: str = "function") -> contextlib.AbstractContextManager[Server]:
    """A bare WSGI function, or with ``factory="flask_view"`` a bare Flask view, that returns this answer."""
    file = WORK / f"answer-{free_port()}.pickle"
    file.write_bytes(pickle.dumps(tuple(answer)))
    return on_the_same_server(f"benchmarks.bare:{factory}", BENCH_ANSWER=str(file))


@contextlib.contextmanager
def nginx(body: bytes, content_type: str) -> Iterator[Server]:
    """nginx with a file of these bytes, one process."""
    folder = WORK / "nginx"
    folder.mkdir(exist_ok=True)
    (folder / "body").write_bytes(body)
    port = free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(port=port, folder=folder, content_type=content_type), "utf-8")
    command = (program("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"))
    with running(command, port, ask="/body") as server:
        yield server


_NGINX = """
daemon off;
master_process off;
pid nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 10000000;
  open_file_cache max=16;
  types {{ }}
  default_type '{content_type}';
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
