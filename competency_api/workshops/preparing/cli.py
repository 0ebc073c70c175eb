"""``competency-api workshops``: setting workshops up, and the list of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from competency_api.accounts.authentication import acting
from competency_api.accounts.queries import names_of_organisations
from competency_api.accounts.values import Scope, require_scope
from competency_api.core.commands import acting_option, as_json, show
from competency_api.core.config import Settings
from competency_api.core.http.parser import read_document
from competency_api.courses.commands.opening import Opened, opened
from competency_api.workshops import queries
from competency_api.workshops.preparing.schemas import WorkshopSetUpSchema
from competency_api.workshops.preparing.service import parts_of, set_up
from competency_api.workshops.presentation import workshop_document

_MOST = 1000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def workshops() -> None:
    """Workshops: a room of practitioners ranks what is needed."""


@workshops.command()
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Show what would be made; write nothing.")
@acting_option
@as_json
@click.pass_obj
def create(settings: Settings, file: Path, dry_run: bool, api_key: str | None, is_json: bool) -> None:
    """Set a workshop up from a FILE: JSON as the API takes it, with its rounds, tables and topics.

    All or nothing: each wrong value is a line, with its place in the file. Without a key the file names the
    organisation that holds it; keys of tables are made over HTTP.

    \b
    Examples:
      competency-api workshops create workshop.json --dry-run
    """
    body = read_document(WorkshopSetUpSchema, _json(file))
    with opened(settings) as here, here.database.rehearsal() if dry_run else here.database.transaction() as session:
        actor = acting(session, api_key)
        require_scope(actor, Scope.WORKSHOPS)
        row = set_up(session, actor, body, here.pins)
        document = workshop_document(row, names_of_organisations(session, _holders([row])), here.pins)
        document["parts"] = parts_of(session, row)
        codes = [(table.number, table.join_code) for table in queries.list_tables(session, row.id)]
    begin = "It would be made" if dry_run else "Made"
    counted = ", ".join(f"{number} {what if number != 1 else what[:-1]}" for what, number in document["parts"].items())
    joined = [] if dry_run else [f"Table {number} is joined with {code}." for number, code in codes]
    show([f"{begin}: {row.code}, with {counted}.", *joined], document, is_json)


def _json(file: Path) -> Any:
    try:
        return orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise click.ClickException(f"{file}:{error.lineno}:{error.colno}: it is no JSON: {error.msg}.") from None


def _holders(rows: Any) -> set[int]:
    return {row.organisation_id for row in rows if row.organisation_id}


@workshops.command("list")
@acting_option
@as_json
@click.pass_obj
def list_workshops(settings: Settings, api_key: str | None, is_json: bool) -> None:
    """List workshops, newest first: with a key those of its organisation and those that are reported."""
    with opened(settings) as here, here.database.reading(fresh=True) as session:
        documents = _listed(here, session, api_key)
    lines = [
        f"{each['code']}  {each['state']}  {each['starts_at'][:10]}  {next(iter(each['title'].values()))}"
        for each in documents
    ]
    show(lines or ["There are no workshops."], documents, is_json)


def _listed(here: Opened, session: Any, api_key: str | None) -> list[dict[str, Any]]:
    rows = queries.list_workshops(session, queries.Asked(acting(session, api_key)), None, _MOST)[:_MOST]
    names = names_of_organisations(session, _holders(rows))
    return [workshop_document(row, names, here.pins) for row in rows]
