"""The server process: which address, which limits, and how it ends."""

from __future__ import annotations

import errno
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from competency_api.core.config import Settings
from competency_api.core.errors import ConfigurationError, Unavailable
from competency_api.core.metrics import prepare_multiprocess

APPLICATION = "competency_api.app:create_app"

#: Requests that one worker has in hand at once. More than Python can compute at a time, since a thread also waits for
#: slow clients to send their bodies; a thread that has nothing to do ends by itself.
THREADS = 64

#: Seconds that running requests get to end after the signal to stop.
PATIENCE = 5

# The server's own messages take the way of all others (core.logs) instead of one of their own.
_LOGS = {"loggers": {"_granian": {"propagate": True}}}


def free_address(settings: Settings) -> str:
    """The IP address to listen on. Raises ConfigurationError for an unknown host, Unavailable for a port in use.

    The server itself would not notice: it shares a port with whoever shares it too (SO_REUSEPORT), so that a second
    service would silently answer every other request.
    """
    family, address = _resolve(settings.host)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # lets a service be restarted while closed connections of the last one are still remembered
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, settings.port))
        except OSError as error:
            raise _refusal(error, settings) from error
    return address


def run(settings: Settings, address: str, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM. ``announce`` is called once the port is bound."""
    server = Granian(
        APPLICATION,
        interface=Interfaces.WSGI,
        address=address,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        # its warnings advise on settings that are chosen here on purpose
        log_level=LogLevels.error,
        log_dictconfig=_LOGS,
    )

    @server.on_startup
    def started() -> None:
        # a closed terminal ends the service; granian's own meaning of the signal is to replace the workers
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
        announce()

    with _shared_metrics() if settings.workers > 1 else nullcontext():
        server.serve(target_loader=_load)


@contextmanager
def _shared_metrics() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="competency-api-metrics-") as directory:
        prepare_multiprocess(Path(directory))
        yield


def _load(application: str) -> Any:
    """Make the application; runs in each worker.

    A worker leaves the terminal's process group: Ctrl-C would reach it at the same time as the server's own signal to
    stop, and a worker that gets two signals at once hangs.
    """
    os.setpgrp()
    # Until it serves it would go by the server's handler, which only takes notice of a signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    module, _, factory = application.partition(":")
    made = getattr(import_module(module), factory)()
    _prepare(made)
    return made


def _prepare(made: Any) -> None:
    """Begin to make indexes before anybody asks, where it is the service that is served."""
    # the process that watches over the workers needs none of it
    from competency_api.core.http import context_of, find_service
    from competency_api.matching.preparation import Preparation

    preparation = find_service(made, Preparation)
    if preparation is not None and context_of(made).settings.prepare_indexes:
        preparation.start()


def _end_with(parent: int) -> None:
    """End this worker soon after the server was killed; otherwise it would go on and hold the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


def _resolve(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ConfigurationError(f"HOST is {host!r}, which is no address of this machine: {error.strerror}.") from error
    family, *_, address = found[0]
    return family, str(address[0])


def _refusal(error: OSError, settings: Settings) -> Unavailable | ConfigurationError:
    where = f"{settings.host}, port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        other = settings.port + 1 if settings.port < 65535 else settings.port - 1
        return Unavailable(f"{where} is in use by another program. Stop it, or choose another port: PORT={other}.")
    if error.errno == errno.EACCES:
        return ConfigurationError(f"{where} is not allowed to this user; ports from 1024 are: PORT=8000.")
    return ConfigurationError(f"{where} cannot be listened on: {os.strerror(error.errno or 0)}.")
