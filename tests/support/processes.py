"""The service as processes that are ready in milliseconds and may be killed at any moment.

``python -m tests.support.processes`` imports and builds the application once; for each line that it reads it forks a
process that serves it on a port of its own, over HTTP, and prints ``pid port``. What it serves is what ``wsgi.py``
serves; only the server in front is a plain one. Other lines make processes without a port, for which it prints 0:
``follow`` one that follows publications as a worker does, ``jobs`` one that does jobs, ``work FILE`` one that does all
that a worker does and notes in the file what it takes, ``publish N FILE`` one that publishes states from the N-th on
and notes each. A line of JSON is a request that it answers itself, so that the processes it forks afterwards need not
compile its statements anew. Each process opens its own connections to the database.
"""

from __future__ import annotations

import http.client
import itertools
import json
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
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
from competency_api.operations import worker
from competency_api.webhooks.delivery import outbox
from competency_api.webhooks.delivery import worker as delivery
from tests.support import publisher
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
        """What to ``kill`` a new worker by."""
        return self._without_port("follow")

    def do_jobs(self) -> int:
        """The same for a worker that does jobs."""
        return self._without_port("jobs")

    def work(self, file: Path) -> int:
        """The same for a worker that does everything. In the file are the claims of deliveries that it took."""
        return self._without_port(f"work {file}")

    def publish(self, first: int, file: Path) -> int:
        """The same for a process that publishes one state after the other. In the file are states and versions."""
        return self._without_port(f"publish {first} {file}")

    def _without_port(self, line: str) -> int:
        pid, _ = self._forked(line)
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
        """When this returns, it is gone."""
        pid = self.pids.pop(port)
        os.kill(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            while True:
                os.kill(pid, 0)
                time.sleep(0.001)


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


class Aim:
    """Waits before a kill: the first time not at all, the second time until all is done, and then for as long that
    about as many kills fall before the end as after it, however fast the machine is just then.
    """

    def __init__(self, seed: int) -> None:
        self._chance, self._round, self._longest = random.Random(seed), 0, 0.0

    def wait(self, is_done: Callable[[], bool]) -> None:
        self._round += 1
        if self._round == 2:
            began = time.monotonic()
            while not is_done():
                time.sleep(0.002)
            self._longest = 2 * (time.monotonic() - began)
        else:
            time.sleep(self._chance.uniform(0, self._longest))

    def was(self, *, late: bool) -> None:
        self._longest *= 0.75 if late else 1.4


def killed_while(own: Processes, port: int, ask: Callable[[int], int], aim: Aim) -> int:
    """The status that the process answered before it was killed; 0 for no answer."""
    told: list[int] = []

    def wait() -> None:
        try:
            told.append(ask(port))
        except (OSError, http.client.HTTPException):
            told.append(0)

    thread = threading.Thread(target=wait)
    thread.start()
    aim.wait(lambda: not thread.is_alive())
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


def do_jobs(announce: int) -> None:
    """The same for a worker that does jobs."""
    settings = Settings.from_env(os.environ)
    _again_and_again(JobWorker(Database(settings), settings, worker.HANDLERS).run_once, announce)


def _again_and_again(run_once: Callable[[], int], announce: int) -> None:
    os.write(announce, f"{os.getpid()} 0\n".encode())
    while True:
        if not run_once():
            time.sleep(0.005)


def work(announce: int, file: str) -> None:
    """The same for a worker that does everything."""
    claim_due = outbox.claim_due

    def noted(*given: Any) -> list[Any]:
        claims = claim_due(*given)
        with Path(file).open("a") as notes:
            notes.writelines(f"{claim.token}\n" for claim in claims)
        return claims

    outbox.claim_due, delivery.POLL = noted, 0.05
    settings = Settings.from_env(os.environ)
    os.write(announce, f"{os.getpid()} 0\n".encode())
    worker.run(Database(settings), settings, threading.Event())


def publish(announce: int, first: str, file: str) -> None:
    """The same for a process that publishes."""
    database = Database(Settings.from_env(os.environ))
    database.ping()
    with Path(file).open("w") as notes:
        os.write(announce, f"{os.getpid()} 0\n".encode())
        for number in itertools.count(int(first)):
            print(number, publisher.publish(database, number), file=notes, flush=True)


def main() -> None:
    logs.configure("error", "console")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else it tells of every request
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for line in sys.stdin:
        if line.startswith("["):
            os.write(sys.stdout.fileno(), f"{os.getpid()} {answered(line)}\n".encode())
            continue
        name, *given = line.split() or ["serve"]
        if name == "serve":
            application()
        if os.fork() == 0:
            kinds = {"serve": serve, "follow": follow, "jobs": do_jobs, "work": work, "publish": publish}
            kinds[name](sys.stdout.fileno(), *given)


if __name__ == "__main__":
    main()
