"""The commands in a page of the docs, and whether they give what the page shows.

A block marked ``console`` holds commands after ``$ `` and below each what it prints. ``…`` stands for anything within a
line, and alone on a line for any number of lines.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One command with the lines it is shown to print; ``\\`` at a line's end continues the command."""

    command: str
    expected: str


def steps_of(page: str) -> list[Step]:
    """Every command of the page, in order."""
    steps = []
    for block in _BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            end = next(i for i, line in enumerate(lines) if not line.endswith("\\")) + 1
            steps.append(Step("\n".join(lines[:end]), "\n".join(lines[end:])))
    return steps


def is_as_shown(shown: str, printed: str) -> bool:
    """Whether what was printed is what the page shows."""
    pattern = re.escape(shown.strip()).replace("\\\n", "\n")
    pattern = re.sub(r"(?m)^[ \\]*…$", "(?s:.*?)", pattern).replace("…", "[^\n]*?")
    return re.fullmatch(pattern, printed.strip()) is not None


def printed_by(step: Step, folder: Path, environ: Mapping[str, str]) -> str:
    """What the command prints on standard output and standard error."""
    done = subprocess.run(
        ["bash", "-c", step.command],
        cwd=folder,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.stdout
