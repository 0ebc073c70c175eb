"""The machine that is measured on: its cores, its programs, what it calls itself."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Everything that a run makes lies here; it may be deleted at any time. BENCH_DIR names another place.
WORK = Path(os.environ.get("BENCH_DIR", ROOT / "build" / "bench"))

_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
_CAN_PIN = hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1
_CORES = sorted(os.sched_getaffinity(0)) if _CAN_PIN else []
#: The core of whatever is measured, and that of whatever asks it; None where processes cannot be bound to cores.
SERVER = _CORES[-1] if _CAN_PIN else None
CLIENT = _CORES[0] if _CAN_PIN else None


class Missing(Exception):
    """A program that a figure needs is not here; the message says which, and how to get it."""


def run(
    *command: str, core: int | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program in the checkout until it ends, however it ends."""
    return subprocess.run(
        command,
        env={**os.environ, **(environ or {})},
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        preexec_fn=bound_to(core),
    )


def bound_to(core: int | None) -> Callable[[], None] | None:
    """For ``preexec_fn``: keeps a process and its children on one core."""
    return None if core is None else lambda: os.sched_setaffinity(0, {core})


def find_program(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


def program(name: str) -> str:
    """Where it is, installed from Debian's packages if need be. Raises Missing."""
    found = find_program(name)
    if found is None:
        print(run("sh", str(ROOT / ".ci" / "debian-packages"), name).stdout, end="")
        found = find_program(name)
    if found is None:
        raise Missing(f"{name} is not here and cannot be installed by this user: apt-get install {name}")
    return found


def described() -> str:
    """One paragraph: processor, systems, versions, date, commit."""
    pinned = "server on one core, load on another" if _CAN_PIN else "**processes are not bound to cores here**"
    parts = [
        f"{_processor()}, {os.cpu_count()} cores ({pinned}), {_memory()}",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("granian", "flask", "tantivy")),
        f"SQLite {sqlite3.sqlite_version}",
        *(f"{name} {_version_of(name)}" for name in ("wrk", "nginx") if find_program(name)),
    ]
    return "; ".join(parts)


def moment() -> str:
    """When, at which commit, and what else the machine was doing."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    commit = run("git", "describe", "--always", "--dirty").stdout
    load = f", load average {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{now}{f', commit {commit.strip()}' if commit else ''}{load}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _version_of(name: str) -> str:
    done = run(program(name), "-v")
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return found[0] if found else ""
