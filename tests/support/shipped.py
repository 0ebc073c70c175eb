"""Files of ``docs/deploy``, with the places that they name moved into a test's folder."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from tests.support.running import COMMAND
from tests.support.sources import ROOT

DEPLOY = ROOT / "docs" / "deploy"
#: Where an installation has its programs.
PROGRAMS = "/opt/competency-api/current/bin"


def moved(name: str, places: dict[str, str]) -> str:
    """The text of a file with each place replaced; every place must be named in it."""
    text = (DEPLOY / name).read_text("utf-8")
    for shipped, here in places.items():
        assert shipped in text, f"{name} does not name {shipped}"
        text = text.replace(shipped, here)
    return text


def script(path: Path, text: str) -> Path:
    """A program made of a text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def programs(folder: Path) -> Path:
    """A folder with what an installation has in its ``bin``: the interpreter and the command."""
    script(folder / "python", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    script(folder / "competency-api", f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    return folder
