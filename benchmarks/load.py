"""Load from the other core, by wrk, alternating between those that are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.machine import CLIENT, program, run
from benchmarks.samples import Samples

CONNECTIONS = 32
#: Fewer answers than this are counted again over a longer time, up to so many seconds, and with few connections: who
#: needs a second for an answer and has many in hand at once would finish none of them in time.
_TOO_FEW, _LONGEST, _FEW_CONNECTIONS = 20, 16, 2
#: Slow competitors are slow, and not failures.
_PATIENCE = 60
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_FAILED = re.compile(r"(Non-2xx or 3xx responses|Socket errors): *(.+)")

#: Asks for the paths of a file one after the other, from a given line on.
_PATHS_SCRIPT = """
local paths = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
local at = tonumber(os.getenv("BENCH_FIRST"))
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def rate(url: str, seconds: int, fields: Mapping[str, str] | None = None) -> float:
    """Answers a second to one request repeated over and over. Raises RuntimeError when any of them failed."""
    return _wrk(url, seconds, [f"{name}: {value}" for name, value in (fields or {}).items()])


def rate_of_paths(base: str, paths: Path, first: int, seconds: int) -> float:
    """The same over the paths in a file, one a line, beginning at line ``first``."""
    script = paths.with_suffix(".lua")
    script.write_text(_PATHS_SCRIPT, "utf-8")
    return _wrk(base, seconds, [], script, {"BENCH_PATHS": str(paths), "BENCH_FIRST": str(first)})


def alternately(rounds: int, targets: Mapping[str, Callable[[int], float]]) -> dict[str, Samples]:
    """Measure each target once a round, in turn, so that what disturbs the machine disturbs all alike.

    The functions are given the number of the round.
    """
    measured: dict[str, list[float]] = {name: [] for name in targets}
    for number in range(rounds):
        for name, measure in targets.items():
            measured[name].append(measure(number))
    return {name: Samples.of(values) for name, values in measured.items()}


def _wrk(
    url: str,
    seconds: int,
    fields: list[str],
    script: Path | None = None,
    environ: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> float:
    command = [program("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={_PATIENCE}s"]
    command += [f"-H{field}" for field in fields]
    command += ["-s", str(script)] if script else []
    done = run(*command, url, core=CLIENT, environ=environ)
    failed, found = _FAILED.search(done.stdout), _RATE.search(done.stdout)
    if failed or not found:
        raise RuntimeError(f"{url}: {failed[0] if failed else done.stderr or done.stdout}")
    answers_a_second = float(found[1])
    if answers_a_second * seconds < _TOO_FEW and seconds < _LONGEST:
        return _wrk(url, seconds * 4, fields, script, environ, _FEW_CONNECTIONS)
    return answers_a_second
