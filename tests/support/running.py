"""The service as a process of its own, as its users run it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.sources import ROOT

COMMAND = [sys.executable, "-c", "from competency_api.cli import main; main(prog_name='competency-api')"]
SERVE = [*COMMAND, "serve"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    url = f"sqlite:///{folder / 'data' / 'test.sqlite'}"
    # TMPDIR: a server that is killed cannot remove its temporary files
    fixed = {"HOST": "127.0.0.1", "PORT": str(port), "DATABASE_URL": url, "TMPDIR": str(folder)}
    return {**os.environ, **fixed, **more}


@contextmanager
def service(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A running service that answers; killed at the end if the test did not end it."""
    process = subprocess.Popen(
        SERVE,
        env=environ,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until(answers, int(environ["PORT"]), seconds=60)
        yield process
    finally:
        process.kill()
        process.communicate()


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
