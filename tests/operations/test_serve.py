"""`competency-api serve` as its users meet it: a process that starts, refuses in one line, and ends."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.running import SERVE, answers, environment, free_port, service, wait_until
from tests.support.sources import ROOT

pytestmark = pytest.mark.slow


def refusal(environ: dict[str, str]) -> str:
    """What a start that is refused says: its lines without those of the log."""
    done = subprocess.run(SERVE, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    return "\n".join(line for line in done.stderr.splitlines() if line.startswith("Error") or "[" not in line)


def is_silent(port: int) -> bool:
    return not answers(port)


def test_it_says_where_it_is_and_ends_at_once_when_told_to(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port)) as process:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=4)
    assert process.returncode == 0
    assert f"reference  http://127.0.0.1:{port}/docs" in output
    assert "Traceback" not in output
    assert is_silent(port)


def test_the_first_start_publishes_the_starter_and_the_second_changes_nothing(tmp_path: Path) -> None:
    environ = environment(tmp_path, free_port())
    file = tmp_path / "data" / "test.sqlite"
    with service(environ) as process:
        process.terminate()
        first, _ = process.communicate(timeout=10)
    content = file.read_bytes()
    with service(environ) as process:
        process.terminate()
        second, _ = process.communicate(timeout=10)
    assert "Published 2.0.0" in first
    assert "Published" not in second
    assert file.read_bytes() == content


def test_ctrl_c_ends_all_workers_quietly(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port, WORKERS="2")) as process:
        # a terminal sends it to the whole group
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=4)
    assert process.returncode == 0
    assert "Traceback" not in output
    assert "[error" not in output


def test_workers_end_when_the_server_was_killed(tmp_path: Path) -> None:
    port = free_port()
    with service(environment(tmp_path, port, WORKERS="2")) as process:
        process.kill()
        wait_until(is_silent, port, seconds=5)
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
