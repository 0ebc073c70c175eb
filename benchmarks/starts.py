"""How soon a process answers that was just started, with the starter taxonomy."""

from __future__ import annotations

from benchmarks import datasets
from benchmarks.machine import WORK
from benchmarks.samples import Samples, at_most, told
from benchmarks.sections import Effort, Section
from benchmarks.servers import the_service

TARGET = 2.0
_ASK = "/api/v1/versions/latest/concepts?limit=1"


def measure(effort: Effort) -> Section:
    """From the start of ``competency-api serve`` to the first answer about a concept, the server on one core."""
    again = Samples.of(_seconds(datasets.starter()) for _ in range(effort.rounds))
    first = Samples.of(_seconds(_empty()) for _ in range(max(1, effort.rounds // 2)))
    return Section(
        "starts",
        [
            at_most("process start to first answer, starter taxonomy", again, TARGET, "s"),
            told("the first start of all: makes the database, publishes the starter", first, "s"),
        ],
    )


def _seconds(database_url: str) -> float:
    with the_service(database_url, ask=_ASK) as service:
        if service.get(_ASK).status != 200:
            raise RuntimeError(f"{_ASK} is not answered")
        return service.seconds_to_first_answer


def _empty() -> str:
    file = WORK / "empty.sqlite"
    file.unlink(missing_ok=True)
    return f"sqlite:///{file}"
