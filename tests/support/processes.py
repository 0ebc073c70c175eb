"""The service as processes that are ready in milliseconds and may be killed at any moment.

``python -m tests.support.processes`` imports and builds the application once; for each line that it reads it forks a
process that serves it on a port of its own, over HTTP, and prints ``pid port``. What it serves is what ``wsgi.py``
serves; only the server in front is a plain one. For a line ``follow`` the process follows publications as a worker
does, for a line ``work`` it does jobs, and the port is 0. A line of JSON is a request that it answers itself, so that
the processes it forks afterwards need not compile its statements anew. Each process opens its own connections to the
database.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from competency_api.app import create_app
from competency_api.core import logs
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http import context_of
from competency_api.courses.migration.worker import Follower
from competency_api.jobs.worker import Worker as JobWorker
from competency_api.operations.worker import HANDLERS
from tests.support.sources import ROOT


@dataclass
class Processes:
    """``start`` gives the port of a new process; ``kill`` ends it without a warning."""

    parent: subprocess.Popen[str]
    pids: dict[int, int] = field(default_factory=dict)

    def start(self) -> int:
        pid, port = self._forked("")
        self.pids[port] = pid
        return port

    def warm(self, key: str, path: str, body: Any) -> int:
        """The status of an answer to what processes that are started from now on answer faster."""
        return self._forked(json.dumps([key, path, body]))[1]

    def follow(self) -> int:
        """What to ``kill`` a new worker by, that follows publications."""
        return self._worker("follow")

    def work(self) -> int:
        """The same of one that does jobs."""
        return self._worker("work")

    def _worker(self, what: str) -> int:
        pid, _ = self._forked(what)
        self.pids[-pid] = pid
        return -pid

    def _forked(self, line: str) -> tuple[int, int]:
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write(f"{line}\n")
        self.parent.stdin.flush()
        pid, port = map(int, self.parent.stdout.readline().split())
        return pid, port

    def kill(self, port: int) -> None:
        os.kill(self.pids.pop(port), signal.SIGKILL)


@contextmanager
def processes(database: Database, **environ: str) -> Iterator[Processes]:
    """Of the service over this database; none is left at the end."""
    url = database.engine.url.render_as_string(hide_password=False)
    given = {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "error", "REQUESTS_PER_MINUTE_KEY": "0", **environ}
    command = [sys.executable, "-m", "tests.support.processes"]
    with subprocess.Popen(
        command, env=given, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        made = Processes(parent)
        try:
            yield made
        finally:
            for port in list(made.pids):
                made.kill(port)
            parent.kill()


def asked(port: int, key: str, path: str, body: Any = None, **fields: str) -> tuple[int, str, Any]:
    """Status, entity tag and document of the answer of one process."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    headers |= {name.replace("_", "-"): value for name, value in fields.items()}
    try:
        connection.request("GET" if body is None else "POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("ETag", ""), json.loads(answer.read())
    finally:
        connection.close()


def killed_while(own: Processes, port: int, ask: Callable[[int], int], seconds: float) -> int:
    """The status that the process answered before it was killed, ``seconds`` after it was asked; 0 for no answer."""
    told: list[int] = []

    def wait() -> None:
        try:
            told.append(ask(port))
        except (OSError, http.client.HTTPException):
            told.append(0)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(seconds)
    own.kill(port)
    thread.join()
    return told[0]


@cache
def application() -> Flask:
    """Built once, before the processes that serve it are forked; workers need none."""
    return create_app()


def answered(line: str) -> int:
    """The status of an answer to a request; without connections afterwards, which must not be shared."""
    key, path, body = json.loads(line)
    headers = {"Authorization": f"Bearer {key}"}
    status = application().test_client().post(path, json=body, headers=headers).status_code
    database = context_of(application()).database
    database.engine.dispose()
    database.read_engine.dispose()
    return status


def serve(announce: int) -> None:
    """What a forked process does until it is killed."""
    server = make_server("127.0.0.1", 0, application(), threaded=True)
    os.write(announce, f"{os.getpid()} {server.port}\n".encode())
    server.serve_forever()


def follow(announce: int) -> None:
    """The same for a worker that follows publications."""
    settings = Settings.from_env(os.environ)
    _again_and_again(Follower(Database(settings), settings).run_once, announce)


def work(announce: int) -> None:
    """The same for a worker that does jobs."""
    settings = Settings.from_env(os.environ)
    _again_and_again(JobWorker(Database(settings), settings, HANDLERS).run_once, announce)


def _again_and_again(run_once: Callable[[], int], announce: int) -> None:
    os.write(announce, f"{os.getpid()} 0\n".encode())
    while True:
        if not run_once():
            time.sleep(0.005)


def main() -> None:
    logs.configure("error", "console")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else it tells of every request
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for line in sys.stdin:
        if line.startswith("["):
            os.write(sys.stdout.fileno(), f"{os.getpid()} {answered(line)}\n".encode())
            continue
        do = {"follow\n": follow, "work\n": work}.get(line, serve)
        if do is serve:
            application()
        if os.fork() == 0:
            do(sys.stdout.fileno())


if __name__ == "__main__":
    main()
