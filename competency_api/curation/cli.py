"""Commands of curators: propose, look, decide. With ``--api-key`` in the name of its owner."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import orm

from competency_api.accounts.authentication import acting
from competency_api.catalogue.listing import difference_lines, finding_line
from competency_api.core.commands import acting_option, as_json, reading, show, writing
from competency_api.core.config import Settings
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.text import fault_of, normalised
from competency_api.curation import presentation, queries, service
from competency_api.curation.authoring.editing import create_proposal
from competency_api.curation.lifecycle import LONGEST_TITLE, State, Verb
from competency_api.curation.models import ProposalRow
from competency_api.curation.sources import UseSources
from competency_api.taxonomy.numbering import next_number
from competency_api.taxonomy.rules import Finding, check
from competency_api.versions.queries import list_versions, load_draft

_MOST = 1000


@click.group()
def proposals() -> None:
    """Propose changes, look at them, and decide about them."""


def _text(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """What a person typed, as it is stored."""
    text = normalised(value, multiline=True)
    if fault := fault_of(text, multiline=True):
        raise click.BadParameter(fault)
    return text


def _title(value: str) -> str:
    text = normalised(value)
    fault = "It must not be empty." if not text else fault_of(text)
    if fault or len(text) > LONGEST_TITLE:
        raise click.BadParameter(fault or f"It must have at most {LONGEST_TITLE} characters.")
    return text


def _line(document: dict[str, Any]) -> str:
    whose = document["organisation"] or "deployment"
    where = f"{document['state']}{' in ' + document['version'] if document['version'] else ''}"
    changes = f"{document['changes']:5} {'change' if document['changes'] == 1 else 'changes'}"
    return f"{document['id']}  {where:18}  {changes}  {whose}: {document['title']}"


def _document(session: orm.Session, row: ProposalRow) -> dict[str, Any]:
    return presentation.proposal_document(row, queries.surroundings(session, [row]))


@proposals.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only those in this state.")
@acting_option
@as_json
@click.pass_obj
def list_proposals(settings: Settings, state: str | None, api_key: str | None, is_json: bool) -> None:
    """List the proposals, newest first."""
    with reading(settings) as session:
        wanted = State(state) if state else None
        rows = queries.list_proposals(session, acting(session, api_key), None, _MOST, state=wanted)
        documents = [_document(session, row) for row in rows[:_MOST]]
    show([_line(document) for document in documents] or ["There are no proposals."], documents, is_json)


@proposals.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", type=_title, metavar="TITLE", required=True, help="What it is about.")
@click.option("--rationale", callback=_text, default="", help="Why (Markdown).")
@acting_option
@as_json
@click.pass_obj
def create(settings: Settings, file: Path, title: str, rationale: str, api_key: str | None, is_json: bool) -> None:
    """Propose the changes of FILE: a JSON list of them (docs/reference/changes.md)."""
    changes = _changes_in(file)
    with writing(settings) as session:
        row = create_proposal(session, acting(session, api_key), title=title, rationale=rationale, changes=changes)
        document = _document(session, row)
    show([_line(document)], document, is_json)


def _changes_in(file: Path) -> list[Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(FieldError(f"{file} is not JSON in UTF-8: {error}.", pointer="")) from error
    changes = found.get("changes") if isinstance(found, dict) else found
    if not isinstance(changes, list) or not changes:
        raise InvalidInput(FieldError(f'{file} holds no list of changes, nor an object with "changes".', pointer=""))
    return changes


@proposals.command("show")
@click.argument("proposal")
@acting_option
@as_json
@click.pass_obj
def show_proposal(settings: Settings, proposal: str, api_key: str | None, is_json: bool) -> None:
    """Show what PROPOSAL changes, what that does to the quality, whom it touches, and where it clashes."""
    with reading(settings) as session:
        row = queries.get_proposal(session, acting(session, api_key), proposal)
        document, found = _document(session, row), service.seen(session, row, load_draft(session))
        uses, newest = UseSources(), list_versions(session)[-1:]
        impact, readers = uses.impact_of_proposal(session, found), uses.readers(session)
    numbering = next_number(newest[0].number if newest else None, found.difference)
    becomes = numbering.smallest if numbering else None
    before, after = check(found.old), check(found.new)
    quality = presentation.quality_document(before, after)
    lines = [_line(document), *difference_lines(found.difference), *_quality_lines(quality, after)]
    lines += [f"Mappings that change: {impact.mappings_total}, waiting for their provider: {impact.waiting}"]
    lines += [f"Clashes with the draft: {c.code}{field.path}" for c in found.conflicts for field in c.fields]
    parts = {
        "quality": quality,
        "impact": presentation.impact_document(impact, readers, becomes),
        "difference": found.difference,
    }
    show(lines, {**document, **parts, **presentation.conflicts_document(found)}, is_json)


def _quality_lines(quality: dict[str, Any], after: tuple[Finding, ...]) -> Iterator[str]:
    yield f"Errors added: {quality['errors_added']}, resolved: {quality['errors_resolved']}"
    added = {(entry["rule"], entry["code"], entry["path"]) for entry in quality["added"]}
    yield from (f"  + {finding_line(f)}" for f in after if (f.rule, f.code, f.path) in added)


@proposals.command()
@click.argument("proposal")
@click.option("--decide", multiple=True, nargs=3, metavar="CODE PATH JSON", help="What a place is to be; repeatable.")
@acting_option
@as_json
@click.pass_obj
def rebase(
    settings: Settings, proposal: str, decide: tuple[tuple[str, str, str], ...], api_key: str | None, is_json: bool
) -> None:
    """Make PROPOSAL one of the draft as it is now; places in conflict need a decision."""
    decided: dict[str, dict[str, Any]] = {}
    for code, path, value in decide:
        try:
            decided.setdefault(code, {})[path] = json.loads(value)
        except ValueError as error:
            raise InvalidInput(FieldError(f"{value} is not JSON; a text stands in quotes.", parameter=path)) from error
    with writing(settings) as session:
        actor = acting(session, api_key)
        row = queries.get_proposal(session, actor, proposal)
        row = service.rebase(session, actor, proposal, frozenset({row.revision}), decided)
        document = _document(session, row)
    show([_line(document)], document, is_json)


def _verb(name: str, verb: Verb, meaning: str) -> Callable[..., None]:
    @proposals.command(name, help=meaning)
    @click.argument("proposal")
    @click.option("--note", callback=_text, default="", help="Why, for the author.")
    @acting_option
    @as_json
    @click.pass_obj
    def command(settings: Settings, proposal: str, note: str, api_key: str | None, is_json: bool) -> None:
        with writing(settings) as session:
            actor = acting(session, api_key)
            row = queries.get_proposal(session, actor, proposal)
            expected, allowed = frozenset({row.revision}), settings.accept_own_proposals
            row = service.act(session, actor, proposal, verb, expected, note, own_acceptable=allowed)
            document = _document(session, row)
        show([_line(document)], document, is_json)

    made: Callable[..., None] = command
    return made


submit = _verb("submit", Verb.SUBMISSION, "Submit PROPOSAL for review.")
withdraw = _verb("withdraw", Verb.WITHDRAWAL, "Withdraw PROPOSAL.")
request_changes = _verb("request-changes", Verb.CHANGES_REQUESTED, "Ask the author of PROPOSAL for changes.")
reject = _verb("reject", Verb.REJECTION, "Reject PROPOSAL.")
accept = _verb("accept", Verb.ACCEPTANCE, "Accept PROPOSAL into the draft.")
