"""Commands on providers' catalogues: import, export, check the sums."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from competency_api.core.commands import acting_option, as_json, progress, reading, save, show, writing
from competency_api.core.config import Settings
from competency_api.core.errors import UnsupportedMediaType
from competency_api.courses.bulk.files.inputs import FORMATS as READABLE
from competency_api.courses.bulk.files.inputs import Input, format_of
from competency_api.courses.bulk.importing import Options, Plan
from competency_api.courses.bulk.worker import run_import
from competency_api.courses.commands.opening import actor_for, opened, provider_for
from competency_api.courses.exports.catalogue import Catalogue
from competency_api.courses.exports.formats import FORMATS
from competency_api.courses.ledger.checking import check_sums, repair_sums
from competency_api.courses.ledger.mappings import Counts


@click.command("import")
@click.argument("provider")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would be written.")
@click.option("--whole", is_flag=True, help="The files are all there is: remove what is missing in them.")
@click.option("--version", default="latest", show_default=True, help="Version of new mappings that say none.")
@acting_option
@as_json
@click.pass_obj
def import_(
    settings: Settings,
    provider: str,
    files: tuple[Path, ...],
    dry_run: bool,
    whole: bool,
    version: str,
    api_key: str | None,
    is_json: bool,
) -> None:
    """Import courses and mappings of PROVIDER from FILES (CSV, NDJSON, JSON or XLSX).

    All of it is written or nothing.
    """
    options = Options(whole=whole, dry_run=dry_run, version=version)
    with opened(settings) as (database, pins), ExitStack() as stack:
        with database.reading(fresh=True) as session:
            actor = actor_for(session, api_key)
        inputs = [Input(file.name, _format_of(file), stack.enter_context(file.open("rb"))) for file in files]
        plan: Plan = run_import(
            database,
            actor,
            provider,
            inputs,
            options,
            pins,
            report=lambda count: progress(f"{count:,} rows read"),
        )
    show(_told(plan), msgspec.to_builtins(plan), is_json)


def _format_of(file: Path) -> str:
    try:
        return format_of("", file.name)
    except UnsupportedMediaType as error:
        raise click.BadParameter(f"{file} ends in none of: {', '.join('.' + name for name in READABLE)}") from error


def _told(plan: Plan) -> list[str]:
    begin = "Imported" if plan.written else "It would be imported"
    lines = [f"{begin}: courses {_counts(plan.courses)}; mappings {_counts(plan.mappings)}."]
    return lines + [f"  {each['asked']} is {each['concept']} ({each['by']})" for each in plan.resolved]


def _counts(counts: Counts) -> str:
    said = [f"{count:,} {name}" for name, count in msgspec.to_builtins(counts).items() if count]
    return ", ".join(said) or "none"


@click.command()
@click.argument("provider")
@click.argument("name", type=click.Choice(list(FORMATS)), metavar="FORMAT")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@acting_option
@click.pass_obj
def export(settings: Settings, provider: str, name: str, output: Path | None, api_key: str | None) -> None:
    """Write the catalogue of PROVIDER.

    FORMAT is json, ndjson, courses-csv, mappings-csv or xlsx, which are complete, or schema-org, elm or moodle.
    """
    with opened(settings) as (database, pins), database.reading(fresh=True) as session:
        _, found = provider_for(session, api_key, provider)
        save(FORMATS[name].dump(Catalogue(session, found, pins)), output)


@click.command("check-sums")
@click.option("--repair", is_flag=True, help="Write the sums anew where they do not agree.")
@as_json
@click.pass_obj
@click.pass_context
def check(context: click.Context, settings: Settings, is_json: bool, repair: bool) -> None:
    """Recompute the sums of coverage from the mappings, and compare. Ends with 1 when they do not agree."""
    with reading(settings) as session:
        found = check_sums(session)
    if repair and found.differences:
        with writing(settings) as session:
            repair_sums(session)
        with reading(settings) as session:
            found = check_sums(session)
    lines = [f"The sums agree: {found.sums:,} of {found.mappings:,} mappings."] if not found.differences else []
    lines += [f"The sums do not agree: {each}" for each in found.differences]
    lines += [f"{found.orphans:,} mappings are of courses that are not there."] if found.orphans else []
    show(lines, msgspec.to_builtins(found), is_json)
    if not found.is_good:
        context.exit(1)
