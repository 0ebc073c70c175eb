"""The command ``competency-api`` for pages of the docs that run it dozens of times: ready in milliseconds.

``python -m tests.support.commands SOCKET`` imports the whole application once; each command is then a process forked
from it, with the caller's arguments, environment, folder, input and outputs. What starts it is the program that
:func:`program` writes. That the command starts from nothing is tried by tests of ``serve`` and ``worker``.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from competency_api.cli import COMMANDS
from competency_api.cli import main as command
from tests.support.sources import ROOT

#: Hands over what it was started with, and ends as the command ended.
_PROGRAM = """#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    given = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(given).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(given)
    said = server.recv(1)
sys.exit(said[0] if said else 1)
"""


def program(path: Path, address: str) -> None:
    path.write_text(_PROGRAM.format(python=sys.executable, address=address))
    path.chmod(0o755)


@contextmanager
def commands(folder: Path) -> Iterator[str]:
    """The address where commands are started."""
    address = str(folder / "commands")
    starter = [sys.executable, "-m", "tests.support.commands", address]
    with subprocess.Popen(starter, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            yield address
        finally:
            process.kill()


def obey(caller: socket.socket) -> None:
    """Do what the caller asks, in its place; ends this process."""
    size, files, _, _ = socket.recv_fds(caller, 4, 3)
    with caller.makefile("rb") as stream:
        arguments, folder, environ = json.loads(stream.read(int.from_bytes(size, "big")))
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    code = 1
    try:
        command(arguments, prog_name="competency-api")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - told as an interpreter tells of it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.sendall(bytes([code]))
        os._exit(code)


def main(address: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the caller waits for it
    for module in {place.partition(":")[0] for place in COMMANDS.values()}:
        import_module(module)
    for module in ("app", "operations.worker"):
        import_module(f"competency_api.{module}")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        os.write(sys.stdout.fileno(), b"ready\n")
        while True:
            caller, _ = server.accept()
            with caller:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    obey(caller)


if __name__ == "__main__":
    main(sys.argv[1])
