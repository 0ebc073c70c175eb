"""``python -m benchmarks [ONLY]``: measure, print the tables, and write them into RESULTS.md. See README.md."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from benchmarks import beside, courses, coverage, impact, ranking, reads, report, rooms, sizes, starts
from benchmarks.machine import WORK, Missing, described, moment
from benchmarks.sections import Effort, Section

SECTIONS: Mapping[str, Callable[[Effort], Section]] = MappingProxyType(
    {
        "reads": reads.measure_reads,
        "embeds": reads.measure_embeds,
        "esco": sizes.measure_esco,
        "starts": starts.measure,
        "sizes": sizes.measure_sizes,
        "courses": courses.measure,
        "beside": beside.measure,
        "ranking": ranking.measure,
        "impact": impact.measure,
        "coverage": coverage.measure,
        "rooms": rooms.measure,
    }
)


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(SECTIONS)}.", file=sys.stderr)
        return 2
    WORK.mkdir(parents=True, exist_ok=True)
    machine, missed = described(), 0
    print(f"{machine}\n{moment()}")
    for name in names or SECTIONS:
        when, began = moment(), time.perf_counter()
        try:
            section = SECTIONS[name](Effort())
        except Missing as missing:
            print(f"\n{name}: left out. {missing}.")
            continue
        print(report.plain(section), f"\n  ({time.perf_counter() - began:.0f} s)", flush=True)
        report.write(section, report.chapter(section, when, machine))
        _put_plot_beside_results()
        missed += sum(figure.met is False for figure in section.figures)
    print(
        f"\nWritten to {report.RESULTS.name}. "
        + (f"{missed} figures are missed." if missed else "Every target is met.")
    )
    return 0


def _put_plot_beside_results() -> None:
    """With the chapter that shows it: a run that is ended later must not leave a page without its picture."""
    plot = WORK / "sizes.svg"
    if plot.is_file():
        shutil.copy(plot, report.RESULTS.with_name(plot.name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
