"""The checkers that `make lint` runs, so that the suite cannot pass without them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.sources import ROOT


def check(*command: str) -> None:
    """Run a Python module as a command; its output is the message of a failure."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    check("ruff", "check", "--no-cache")


def test_the_code_is_formatted() -> None:
    check("ruff", "format", "--check", "--no-cache")


@pytest.mark.slow
def test_mypy_finds_nothing() -> None:
    check("mypy")
