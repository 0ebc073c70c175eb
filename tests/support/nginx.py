"""nginx with the configuration that the docs ship, in front of a service, and a client that goes through it."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.running import free_port
from tests.support.sources import ROOT

SHIPPED = ROOT / "docs" / "deploy" / "competency-api.nginx.conf"
NAME = "skills.example.org"
#: Debian keeps nginx where the path of an ordinary user does not lead.
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])

# As Debian's nginx.conf where it matters: its number of connections, and compression switched on.
_MAIN = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
events {{ worker_connections 768; }}
http {{
    gzip on;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/site.conf;
}}
"""


def program(name: str) -> str:
    """The path of a program of Debian. Absent, the test is skipped at the desk and fails in CI."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        reason = f"needs {name}, which `make test` installs on Debian as root: apt-get install {name}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def rendered(folder: Path, service: int, https: int, http_: int) -> str:
    """The shipped site with this folder and these ports, otherwise as it is."""
    text = SHIPPED.read_text("utf-8")
    for shipped, here in {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{http_};",
        "listen 443 ": f"listen 127.0.0.1:{https} ",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{service};",
        "/var/cache/nginx-competency-api ": f"{folder}/cache ",
        "/var/log/nginx/competency-api.log": f"{folder}/access.log",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": f"{folder}/cert.pem",
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": f"{folder}/key.pem",
    }.items():
        assert text.count(shipped) == 1, f"{shipped!r} is not once in {SHIPPED.name}"
        text = text.replace(shipped, here)
    return text


def prepare(folder: Path, service: int, https: int, http_: int) -> list[str]:
    """Everything that nginx needs, in ``folder``; the command that starts it."""
    command = [program("nginx"), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([program("openssl"), *request, *files, *names], check=True, capture_output=True)
    # started as root, its workers would be another user, to whom pytest's folders are closed
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_MAIN.format(user=user, folder=folder))
    (folder / "site.conf").write_text(rendered(folder, service, https, http_))
    return command


@dataclass(frozen=True)
class Answer:
    status: int
    fields: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def cache(self) -> str:
        return self.fields.get("X-Cache-Status", "")


class Site:
    """What stands behind nginx on a port of 127.0.0.1, as its clients see it; ``folder`` holds its files."""

    def __init__(self, folder: Path, https: int, http_: int, service: int) -> None:
        self.folder = folder
        self.http = http_
        self.service = service
        self._https = https
        self._tls = ssl.create_default_context(cafile=f"{folder}/cert.pem")

    def connect(self, client: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection from an address of loopback: on Linux all of 127.0.0.0/8, which makes many clients of one."""
        plain = socket.create_connection(("127.0.0.1", self._https), timeout=60, source_address=(client, 0))
        # as http.client does on its own connections: otherwise a body waits 40 ms for the header's acknowledgement
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._tls.wrap_socket(plain, server_hostname=NAME)

    def ask(self, path: str, *, client: str = "127.0.0.1", body: bytes | None = None, **fields: str) -> Answer:
        """One request on a connection of its own; ``if_none_match`` stands for the field If-None-Match."""
        connection = http.client.HTTPConnection(NAME)
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        began = time.perf_counter()
        with self.connect(client) as connection.sock:
            connection.putrequest("GET" if body is None else "POST", path, skip_accept_encoding=True)
            if body is not None:
                headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read(), time.perf_counter() - began)


def half_a_header(site: Site, client: str) -> ssl.SSLSocket:
    """A request whose header does not end, on a connection that stays open."""
    connection = site.connect(client)
    connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode())
    return connection


def half_a_body(site: Site, client: str) -> ssl.SSLSocket:
    """A request whose body does not end, on a connection that stays open."""
    connection = site.connect(client)
    fields = f"Host: {NAME}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{{"
    connection.sendall(f"POST /api/v1/convert HTTP/1.1\r\n{fields}".encode())
    return connection


@contextmanager
def running(folder: Path, service: int) -> Iterator[Site]:
    """nginx in front of the service on a port, from when it answers until the end."""
    https, http_ = free_port(), free_port()
    process = subprocess.Popen(prepare(folder, service, https, http_))
    try:
        _wait(process, https)
        yield Site(folder, https, http_, service)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, "nginx ended"
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "nginx does not listen"
            time.sleep(0.02)
