"""`competency-api serve` as its users meet it: a process that starts, refuses in one line, and ends."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running import PATIENCE, SERVE, answers, environment, free_port, service, wait_until
from tests.support.sources import ROOT

#: Does not kill workers that do not end by themselves, so that one that hangs is seen, on slow machines too.
UNHURRIED = [
    sys.executable,
    "-c",
    "from competency_api.cli import main; from competency_api.operations import server; server.PATIENCE = 600;"
    " main(['serve'], prog_name='competency-api')",
]

pytestmark = pytest.mark.slow


def refusal(environ: dict[str, str]) -> str:
    """What a start that is refused says: its lines without those of the log."""
    done = subprocess.run(SERVE, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert done.stdout == ""
    return "\n".join(line for line in done.stderr.splitlines() if line.startswith("Error") or "[" not in line)


def is_silent(port: int) -> bool:
    return not answers(port)


def test_it_says_where_it_is_and_ends_at_once_when_told_to(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port), UNHURRIED) as running:
        running.process.send_signal(signal.SIGTERM)
        output = running.wait()
    assert running.process.returncode == 0
    assert f"reference  http://127.0.0.1:{port}/docs" in output
    assert "Traceback" not in output
    assert is_silent(port)


@pytest.mark.parametrize(
    ("host", "settings", "base", "is_told"),
    [
        ("0.0.0.0", {}, "http://localhost:{port}", True),
        ("0.0.0.0", {"PUBLIC_BASE_URL": "https://x.example"}, "https://x.example", False),
        ("127.0.0.1", {}, "http://127.0.0.1:{port}", False),
    ],
)
def test_an_open_service_without_a_public_address_is_told_to_have_one(
    tmp_path: Path, host: str, settings: dict[str, str], base: str, is_told: bool
) -> None:
    port = free_port()
    with service(environment(tmp_path, port, HOST=host, **settings)) as running:
        running.process.terminate()
        output = running.wait()
    assert f"is served at {base.format(port=port)}\n" in output
    assert ("PUBLIC_BASE_URL is not set" in output) == is_told


def sent_in_chunks(port: int, body: bytes) -> int:
    """The status of the answer to a body without ``Content-Length``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    parts = [body[start : start + 65536] for start in range(0, len(body), 65536)]
    connection.request("POST", "/api/v1/convert", parts, {"Content-Type": "application/json"}, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_body_in_chunks_is_not_cut(tmp_path: Path) -> None:
    body = b'{"from": "1.0.0", "to": "2.0.0", "items": ["C001"]}'
    port = free_port()
    with service(environment(tmp_path, port)):
        statuses = {
            name: sent_in_chunks(port, sent)
            for name, sent in {
                "small": body,
                "full": body.ljust(2**20),
                "spaces behind": body.ljust(2**20 + 1),
                "spaces before": body.rjust(1_200_000),
            }.items()
        }
    assert statuses == {"small": 200, "full": 200, "spaces behind": 413, "spaces before": 413}


def test_the_first_start_publishes_the_starter_and_the_second_changes_nothing(tmp_path: Path) -> None:
    environ = environment(tmp_path, free_port())
    file = tmp_path / "data" / "test.sqlite"
    with service(environ) as running:
        running.process.terminate()
        first = running.wait()
    content = file.read_bytes()
    with service(environ) as running:
        running.process.terminate()
        second = running.wait()
    assert "Published 2.0.0" in first
    assert "Published" not in second
    assert file.read_bytes() == content


def test_ctrl_c_ends_all_workers_quietly(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port, WORKERS="2"), UNHURRIED) as running:
        # a terminal sends it to the whole group
        os.killpg(running.process.pid, signal.SIGINT)
        output = running.wait()
    assert running.process.returncode == 0
    assert "Traceback" not in output
    assert "[error" not in output


def test_workers_end_when_the_server_was_killed(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port, WORKERS="2")) as running:
        running.process.kill()
        wait_until(is_silent, port, seconds=PATIENCE)
    assert refusal(environment(tmp_path, port, HOST="nowhere.invalid"))


def test_a_port_in_use_is_refused_in_one_line_that_names_another(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port)):
        line = refusal(environment(tmp_path, port))
    assert line == (
        f"Error: 127.0.0.1, port {port} is in use by another program. Stop it, or choose another port: PORT={port + 1}."
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PORT": "eighty"}, "Error: PORT is 'eighty', which is not right: it must be a whole number"),
        ({"HOST": "nowhere.invalid"}, "Error: HOST is 'nowhere.invalid', which is no address of this machine"),
        ({"DATABASE_URL": "mysql://localhost/x"}, "Error: DATABASE_URL is 'mysql://localhost/x', which is not right"),
        ({"DATABASE_URL": f"sqlite:///{__file__}/x.sqlite"}, "Error: The folder of the database"),
        ({"DATABASE_URL": f"sqlite:///{ROOT}"}, "Error: The database file"),
        ({"DATABASE_URL": f"sqlite:///{__file__}"}, "Error: The file"),
        ({"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, "Error: The database"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    line = refusal(environment(tmp_path, free_port(), **settings))
    assert line.startswith(said)
    assert "\n" not in line
