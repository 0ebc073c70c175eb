"""Every command that the docs show is run, and prints what they show."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.catalogues import real_catalogue
from tests.support.commands import commands, program
from tests.support.consoles import Step, is_as_shown, printed_by, steps_of
from tests.support.running import environment, free_port, service
from tests.support.sources import ROOT

DOCUMENTED = "http://127.0.0.1:8000"
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "```console" in path.read_text(encoding="utf-8")
)
#: Needs a catalogue of real courses.
STORY = "docs/how-to/from-catalogue-to-coverage.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def started() -> Iterator[str]:
    # not below pytest's folder: addresses of sockets are short
    with TemporaryDirectory() as folder, commands(Path(folder)) as address:
        yield address


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a service that was started from nothing leaves in its folder."""
    folder = tmp_path_factory.mktemp("first")
    with service(environment(folder, free_port())) as running:
        running.process.terminate()
        running.wait()
    return folder / "data"


@pytest.fixture
def running(
    tmp_path_factory: pytest.TempPathFactory, started: str, first: Path
) -> Iterator[tuple[str, dict[str, str]]]:
    """A service over what a first start leaves: its address, and the environment of commands beside it."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copytree(first, folder / "data")
    port = free_port()
    programs = folder / "bin"
    programs.mkdir()
    program(programs / "competency-api", started)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    modules = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    # receivers of webhooks are on this machine here
    environ = environment(folder, port, PATH=path, PYTHONPATH=modules, WEBHOOK_NETWORKS="127.0.0.0/8")
    with service(environ):
        yield f"http://127.0.0.1:{port}", environ


def check_commands(page: str, running: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    address, environ = running
    steps = steps_of((ROOT / page).read_text(encoding="utf-8"))
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    if any("docs/" in step.command for step in steps):
        (tmp_path / "docs").symlink_to(ROOT / "docs")
    for step in steps:
        moved = Step(step.command.replace(DOCUMENTED, address), step.expected.replace(DOCUMENTED, address))
        printed = printed_by(moved, tmp_path, environ)
        assert is_as_shown(moved.expected, printed), f"$ {moved.command}\n{printed}"


@pytest.mark.parametrize("page", [page for page in PAGES if page != STORY])
def test_every_command_prints_what_the_page_shows(
    page: str, running: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    check_commands(page, running, tmp_path)


def test_a_provider_comes_with_fifty_real_courses_from_catalogue_to_coverage_and_through_a_new_version(
    realdata: Path, running: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "catalogue.csv").write_text(real_catalogue(realdata), encoding="utf-8", newline="")
    check_commands(STORY, running, tmp_path)


def test_the_readme_has_a_tour_of_at_least_its_four_questions() -> None:
    assert "README.md" in PAGES
    assert len(steps_of((ROOT / "README.md").read_text(encoding="utf-8"))) >= 5


def test_the_program_that_recomputes_a_digest_agrees(running: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    address, environ = running
    page = (ROOT / "docs/reference/digests.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "check.py").write_text(program)
    command = [sys.executable, "check.py", f"{address}/api/v1/versions/2.0.0/export/ndjson"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert re.fullmatch(r"[0-9a-f]{64} True\n", done.stdout)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a … c", "a b c", True),
        ("a … c", "a b\nc", False),
        ("a\n…\nd", "a\nb\nc\nd", True),
        ("a\n  …\nd", "a\n  b\nc\nd", True),
        ("a.c", "abc", False),
        ("a", "a\nb", False),
    ],
)
def test_an_ellipsis_stands_for_what_may_differ(shown: str, printed: str, same: bool) -> None:
    assert is_as_shown(shown, printed) is same
