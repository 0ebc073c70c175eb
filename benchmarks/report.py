"""The results as text: on the terminal, and as chapters of RESULTS.md, each replaced when it is measured again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sections import TITLES, Section

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = """# Results

What each figure means, and the commands that make them: [README](README.md). This page is written by `make bench`; a
chapter says when and where it was measured.
"""
_CHAPTER = re.compile(r"^## (?P<title>.+)\n(?P<text>(?:(?!## ).*\n?)*)", re.MULTILINE)


def chapter(section: Section, moment: str, machine: str) -> str:
    """A section as Markdown, below its heading."""
    parts = []
    if section.figures:
        rows = [(f.name, f.measured, f.target, f.verdict) for f in section.figures]
        parts.append(markdown_table([("figure", "measured", "target", ""), *rows]))
    parts += map(markdown_table, section.tables)
    parts += section.remarks
    parts.append(f"<sub>{moment}. {machine}.</sub>")
    return "\n\n".join(parts) + "\n"


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *others))


def plain(section: Section) -> str:
    """The same for a terminal, in columns."""
    lines = [f"\n{section.title}"]
    if section.figures:
        lines += _columns([(f.name, f.measured, f.target, f.verdict.replace("**", "")) for f in section.figures])
    for table in section.tables:
        lines += ["", *_columns(table)]
    return "\n".join([*lines, *(f"  {remark}" for remark in section.remarks if not remark.startswith("!"))])


def write(section: Section, text: str, file: Path = RESULTS) -> None:
    """Put one chapter into the file, in the place of what it said before."""
    old = file.read_text("utf-8") if file.is_file() else ""
    chapters = {match["title"]: match["text"].strip("\n") + "\n" for match in _CHAPTER.finditer(old)}
    chapters[section.title] = text
    ordered = [f"## {title}\n\n{chapters[title]}" for title in TITLES.values() if title in chapters]
    file.write_text("\n".join([_HEAD, *ordered]), "utf-8")


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
