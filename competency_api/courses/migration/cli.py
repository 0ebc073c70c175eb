"""Commands that bring mappings to another version: plan, look, decide, apply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec
from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core.commands import acting_option, as_json, save, show
from competency_api.core.config import Settings
from competency_api.courses.commands.opening import language_option, opened, provider_for, speaker_in
from competency_api.courses.migration import queries, reading, service
from competency_api.courses.migration.models import PlanRow
from competency_api.courses.migration.presentation import Shown, plan_document
from competency_api.courses.migration.stepping import Asked, listed
from competency_api.courses.pins import Pins
from competency_api.courses.plans.lines import plan_line, plan_lines, result_lines, step_lines
from competency_api.courses.plans.tables import PLAN_COLUMNS, as_csv
from competency_api.courses.queries import Provider, course_ids, get_settings
from competency_api.taxonomy.migration import MappingOutcome

_MOST = 1000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_PLAN = click.IntRange(min=1)


class _Work(NamedTuple):
    """One command on the migrations of one provider."""

    session: orm.Session
    pins: Pins
    actor: Actor
    provider: Provider

    def document(self, plan: PlanRow) -> dict[str, Any]:
        return plan_document(plan, self.provider, self.pins, get_settings(self.session, self.provider.id).last_change)


@contextmanager
def _working(settings: Settings, api_key: str | None, code: str, *, writing: bool) -> Iterator[_Work]:
    with opened(settings) as (database, pins):
        begun = database.transaction() if writing else database.reading(fresh=True)
        with begun as session:
            yield _Work(session, pins, *provider_for(session, api_key, code))


@click.group()
def migrate() -> None:
    """Bring the mappings of a provider to another version of the taxonomy, and back.

    A plan says what becomes of each mapping and writes none. What waits for a person is decided in its table, or stays
    as it is. Applying the plan is one transaction, and refused when courses or mappings changed since.

    \b
    Examples:
      competency-api courses migrate plan gov --to 2.0.0 --output plan.csv
      (fill in the column "decision": keep, drop, or codes with spaces between)
      competency-api courses migrate decide gov 1 plan.csv
      competency-api courses migrate apply gov 1
    """


@migrate.command()
@click.argument("provider")
@click.option("--to", default="latest", show_default=True, metavar="VERSION", help="Also an earlier one.")
@click.option("--from", "from_", metavar="VERSION", help="Only mappings as of it; default: as of any other than --to.")
@click.option("--output", type=_NEW_FILE, help="Write every mapping with what becomes of it to this file (CSV).")
@language_option
@acting_option
@as_json
@click.pass_obj
def plan(
    settings: Settings,
    provider: str,
    to: str,
    from_: str | None,
    output: Path | None,
    lang: str | None,
    api_key: str | None,
    is_json: bool,
) -> None:
    """Plan a migration of PROVIDER; no mapping is written."""
    with _working(settings, api_key, provider, writing=True) as work:
        pins = work.pins
        other = pins.resolve(from_) if from_ else None
        made = service.make_plan(work.session, work.actor, work.provider, pins, pins.resolve(to), other)
        document = work.document(made)
        if output is not None:
            save([_table(work, Asked.of(work.session, work.provider, made, pins, {}), lang, settings)], output)
    show(plan_lines(document), document, is_json)


@migrate.command("list")
@click.argument("provider")
@acting_option
@as_json
@click.pass_obj
def list_migrations(settings: Settings, provider: str, api_key: str | None, is_json: bool) -> None:
    """List the migrations of PROVIDER, newest first."""
    with _working(settings, api_key, provider, writing=False) as work:
        rows = queries.list_plans(work.session, work.provider.id, None, _MOST)[:_MOST]
        documents = [work.document(row) for row in rows]
    show([plan_line(document) for document in documents] or ["There are no migrations."], documents, is_json)


@migrate.command("show")
@click.argument("provider")
@click.argument("migration", type=_PLAN)
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in MappingOutcome]),
    multiple=True,
    help="Only mappings with this outcome; may be repeated.",
)
@click.option("--undecided/--others", default=None, help="Only those that wait for a decision, or only the others.")
@click.option("--format", "name", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--output", type=_NEW_FILE, help="Default: standard output.")
@language_option
@acting_option
@click.pass_obj
def show_migration(
    settings: Settings,
    provider: str,
    migration: int,
    outcome: tuple[str, ...],
    undecided: bool | None,
    name: str,
    output: Path | None,
    lang: str | None,
    api_key: str | None,
) -> None:
    """Show what becomes of each mapping of PROVIDER by a MIGRATION."""
    query = {"outcome": outcome, "undecided": undecided}
    with _working(settings, api_key, provider, writing=False) as work:
        found = queries.get_plan(work.session, work.provider.id, migration)
        asked = Asked.of(work.session, work.provider, found, work.pins, query)
        data = _table(work, asked, lang, settings) if name == "csv" else _steps(work, asked, lang, settings, name)
    save([data], output)


def _shown(work: _Work, asked: Asked, lang: str | None, settings: Settings, *, all_languages: bool) -> Shown:
    speaker = speaker_in(lang, settings, all_languages=all_languages)
    return Shown(work.pins, work.pins.taxonomy(asked.plan.to_version), speaker)


def _table(work: _Work, asked: Asked, lang: str | None, settings: Settings) -> bytes:
    shown = _shown(work, asked, lang, settings, all_languages=False)
    return as_csv([PLAN_COLUMNS, *(shown.row(*entry) for entry in listed(asked, None))])


def _steps(work: _Work, asked: Asked, lang: str | None, settings: Settings, name: str) -> bytes:
    is_json = name == "json"
    shown = _shown(work, asked, lang, settings, all_languages=is_json)
    document = {**work.document(asked.plan), "items": [shown.step(*entry) for entry in listed(asked, None)]}
    if is_json:
        return msgspec.json.format(msgspec.json.encode(document)) + b"\n"
    lines = [*plan_lines(document), *step_lines(document["items"])]
    return "".join(f"{line}\n" for line in lines).encode()


@migrate.command()
@click.argument("provider")
@click.argument("migration", type=_PLAN)
@click.argument("file", type=_FILE)
@acting_option
@as_json
@click.pass_obj
def decide(settings: Settings, provider: str, migration: int, file: Path, api_key: str | None, is_json: bool) -> None:
    """Decide about mappings that wait, by a FILE.

    The table of the plan (CSV) with its column "decision" filled in, rows without one say nothing; or JSON as the API
    takes it: {"items": [{"concept": "C024", "verdict": "keep"}]}. All or nothing.
    """
    data = file.read_bytes()
    with _working(settings, api_key, provider, writing=True) as work:
        found = queries.get_plan(work.session, work.provider.id, migration)
        service.require_open(found, get_settings(work.session, work.provider.id).last_change)
        checked = reading.Checked(work.session, found, work.pins, course_ids(work.session, work.provider.id))
        read = reading.from_json if file.suffix.lower() == ".json" else reading.from_file
        entries = read(data, checked)
        document = work.document(service.decide(work.session, work.actor, work.provider, str(migration), entries))
        still = len(list(listed(Asked.of(work.session, work.provider, found, work.pins, {"undecided": True}), None)))
    lines = [f"Decided: {len(entries):,}. Mappings that still wait: {still:,}."]
    show(lines, document, is_json)


@migrate.command("apply")
@click.argument("provider")
@click.argument("migration", type=_PLAN)
@acting_option
@as_json
@click.pass_obj
def apply_migration(settings: Settings, provider: str, migration: int, api_key: str | None, is_json: bool) -> None:
    """Apply a MIGRATION of PROVIDER: what moves by itself, and what was decided.

    What waits stays as it is. To undo it, plan and apply one back.
    """
    with _working(settings, api_key, provider, writing=True) as work:
        done = service.apply_plan(work.session, work.actor, work.provider, migration, work.pins)
        document = work.document(done)
    show(result_lines(document), document, is_json)
