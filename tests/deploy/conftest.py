"""A whole deployment: the service as its users run it, and nginx in front of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.support.nginx import NAME, Site, program, running
from tests.support.running import environment, free_port, service


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The starter taxonomy behind nginx, with the settings that the docs give."""
    if sys.platform != "linux":
        pytest.skip("needs clients of many addresses: all of 127.0.0.0/8, which only Linux has on loopback")
    program("nginx")
    folder = tmp_path_factory.mktemp("deployment")
    port = free_port()
    environ = environment(folder, port, PUBLIC_BASE_URL=f"https://{NAME}", LOG_LEVEL="warning")
    with service(environ), running(folder, port) as site:
        yield site
