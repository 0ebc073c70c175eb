"""The command that tells what courses cover, and what another version made of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import msgspec

from competency_api.concepts.presentation import Presenter
from competency_api.core.commands import acting_option, save
from competency_api.core.config import Settings
from competency_api.courses.commands.opening import language_option, opened, provider_for, speaker_in
from competency_api.courses.reports.measuring import Measurer
from competency_api.courses.reports.memory import ReportMemory
from competency_api.courses.reports.presentation import Shown
from competency_api.courses.reports.writing.lines import comparison_lines, report_lines
from competency_api.courses.reports.writing.table import as_csv, comparison_rows, report_rows
from competency_api.courses.reports.writing.workbook import as_workbook, group_rows
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.speaking import Speaker

_DEFAULT_FORMAT = "text"


def _codes(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """What is listed with commas between."""
    if value is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    if not names:
        raise click.BadParameter("It names nothing.")
    return names


@click.command()
@click.argument("provider")
@click.option("--version", default="latest", show_default=True, help="At this version: number, prefix, day or latest.")
@click.option("--older", metavar="VERSION", help="Compare with what it is at this version.")
@click.option("--profile", metavar="CODE", help="Against what this profile expects, with its levels.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Against every active concept of a kind.")
@click.option("--discipline", metavar="CODE", help="Against what is part of this discipline.")
@click.option("--codes", callback=_codes, metavar="CODE,…", help="Against exactly these concepts.")
@click.option("--courses", callback=_codes, metavar="ID,…", help="Only these courses, by the provider's own ids.")
@language_option
@click.option(
    "--format", "name", type=click.Choice(["text", "json", "csv", "xlsx"]), default=_DEFAULT_FORMAT, show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output.")
@acting_option
@click.pass_obj
def coverage(
    settings: Settings,
    /,
    provider: str,
    older: str | None,
    lang: str | None,
    name: str,
    output: Path | None,
    api_key: str | None,
    **asked: Any,
) -> None:
    """Tell what the courses of PROVIDER cover, private ones included.

    Against every competency, or what one of --profile, --kind, --discipline and --codes names. Mappings as of other
    versions count as a migration would move them by itself; those that wait for a decision are listed, not counted.

    \b
    Examples:
      competency-api courses coverage gov --profile R001
      competency-api courses coverage gov --version 2.0.0 --older 1.0.0
      competency-api courses coverage gov --discipline D003 --lang es --format xlsx --output coverage.xlsx
    """
    query = {key: value for key, value in asked.items() if value is not None}
    speaker = speaker_in(lang, settings, all_languages=name == "json")
    with opened(settings) as (database, pins), database.reading(fresh=True) as session:
        _, found = provider_for(session, api_key, provider)
        measurer = Measurer(session, pins, ReportMemory())
        said = _said(measurer, measurer.question(query, found), older, speaker)
    save([_WRITERS[name](said)], output)


def _said(measurer: Measurer, question: Any, older: str | None, speaker: Speaker) -> dict[str, Any]:
    pins, version = measurer.pins, question.version
    presenter = Presenter(pins.taxonomy(version.id), str(version.number), pins.base_url, speaker)
    shown = Shown(presenter, pins, question)
    if older is None:
        return shown.report(measurer.report(question))
    other = pins.resolve(older)
    return shown.comparison(measurer.comparison(question, other), other)


def _as_text(said: dict[str, Any]) -> bytes:
    lines: Iterable[str] = (comparison_lines if "older" in said else report_lines)(said)
    return "".join(f"{line}\n" for line in lines).encode()


def _as_json(said: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(said)) + b"\n"


def _as_table(said: dict[str, Any]) -> bytes:
    return as_csv((comparison_rows if "older" in said else report_rows)(said))


def _as_book(said: dict[str, Any]) -> bytes:
    if "older" in said:
        return as_workbook({"comparison": comparison_rows(said)})
    return as_workbook({"concepts": report_rows(said), "sums": group_rows(said)})


_WRITERS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "text": _as_text,
    "json": _as_json,
    "csv": _as_table,
    "xlsx": _as_book,
}
