"""How often a trial is made: a little with every change, much in a campaign; and the page that says what came of it.

``python -m tests.support.campaigns REPORT.xml`` writes what pytest reported of a campaign into docs/reliability.md;
with ``--some``, when only some of the trials were made, what is there of the others stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from tests.support.sources import ROOT

PAGE = ROOT / "docs" / "reliability.md"
_HEAD = ("trial", "database", "rounds", "seconds", "outcome", "made")
BEGIN, END = "<!-- results: written by make campaign -->", "<!-- end of results -->"


def share() -> float:
    """Of a campaign, what is to be run: 0 in the suite, 1 in a whole campaign; from ``CAMPAIGN``."""
    asked = os.environ.get("CAMPAIGN", "0")
    try:
        found = float(asked)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise ValueError(f"CAMPAIGN is the share of a whole campaign, from 0 to 1, not {asked!r}")
    return found


def rounds(with_every_change: int, in_a_campaign: int) -> int:
    """How many rounds a trial has now; never fewer than with every change."""
    return max(with_every_change, round(in_a_campaign * share()))


def results(report: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Of each trial in pytest's report (JUnit XML): what holds, database, rounds, seconds, outcome."""
    for case in ElementTree.fromstring(report).iter("testcase"):
        name, _, database = case.attrib["name"].partition("[")
        properties = {item.attrib["name"]: item.attrib["value"] for item in case.iter("property")}
        outcomes = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
        yield (
            name.removeprefix("test_").replace("_", " "),
            database.rstrip("]") or "–",
            properties.get("rounds", "–"),
            f"{float(case.attrib['time']):.0f}",
            {"failure": "**failed**", "error": "**failed**", "skipped": "not run"}[outcomes[0]] if outcomes else "held",
        )


def written(page: str, report: str, day: str, *, only_some: bool = False) -> str:
    """The page with the results of this report in the place of the former ones, or of those of the same trials."""
    before, _, rest = page.partition(BEGIN)
    former, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"The page has no place for results: {BEGIN} … {END}")
    rows = {row[:2]: row for row in _rows(former)} if only_some else {}
    rows |= {row[:2]: (*row, day) for row in results(report)}
    table = "\n".join(f"| {' | '.join(row)} |" for row in (_HEAD, ("---",) * len(_HEAD), *sorted(rows.values())))
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _rows(table: str) -> Iterator[tuple[str, ...]]:
    """The rows of a table that was written before, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    yield from (tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:])


def main(report: str, *options: str) -> None:
    day = f"{datetime.now(UTC):%Y-%m-%d}: {share():.0%}, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    page = written(PAGE.read_text(), Path(report).read_text(), day, only_some="--some" in options)
    PAGE.write_text(page)


if __name__ == "__main__":
    main(*sys.argv[1:])
