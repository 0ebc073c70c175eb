"""The service as a process of its own, as its users run it."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.sources import ROOT

COMMAND = [sys.executable, "-c", "from competency_api.cli import main; main(prog_name='competency-api')"]
SERVE = [*COMMAND, "serve"]
#: Seconds that nobody waits for on a machine that works: only a service that hangs takes as long.
PATIENCE = 60
_CHANCE = random.SystemRandom()


def free_port() -> int:
    """A port that nobody has, and that hardly anybody takes before it is used: apart from those that systems give to
    connections, and each worker of a run has its own thousand of them.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    while True:
        port = 20_000 + 1_000 * worker + _CHANCE.randrange(1_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    url = f"sqlite:///{folder / 'data' / 'test.sqlite'}"
    # TMPDIR: a server that is killed cannot remove its temporary files
    fixed = {"HOST": "127.0.0.1", "PORT": str(port), "DATABASE_URL": url, "TMPDIR": str(folder)}
    return {**os.environ, **fixed, **more}


@dataclass
class Running:
    """A service, and the file of what it says: into a pipe that nobody reads it could say only so much."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def wait(self, seconds: float = PATIENCE) -> str:
        """All that it said, as soon as it has ended."""
        self.process.wait(timeout=seconds)
        return self.said()


@contextmanager
def service(environ: dict[str, str], command: list[str] = SERVE) -> Iterator[Running]:
    """A running service that answers; killed at the end if the test did not end it, and what it said printed, which
    pytest shows of tests that fail.
    """
    log = Path(environ["TMPDIR"]) / f"service-{environ['PORT']}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    running = Running(process, log)
    try:
        wait_until(lambda port: has_ended(running) or answers(port), int(environ["PORT"]), seconds=PATIENCE)
        yield running
    finally:
        process.kill()
        process.wait()
        print(running.said())  # noqa: T201  # for pytest to show


def has_ended(running: Running) -> bool:
    """Nothing to wait for: a service that does not even start says why."""
    code = running.process.poll()
    assert code is None, f"ended with {code}:\n{running.said()}"
    return False


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def wait_until(condition: object, port: int, *, seconds: float) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition(port):
        assert time.monotonic() < end, f"waited {seconds} seconds"
        time.sleep(0.05)
