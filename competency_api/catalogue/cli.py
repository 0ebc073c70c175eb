"""Commands on versions: list, compare, export, judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec
from sqlalchemy import orm

from competency_api.catalogue import listing
from competency_api.catalogue.addressing import resolve
from competency_api.catalogue.presentation import file_header, withdrawal_document
from competency_api.core.commands import as_json, reading, save, show
from competency_api.core.config import Settings
from competency_api.core.text import counted
from competency_api.formats import FORMATS
from competency_api.formats.document import Header
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.rules import Finding, check
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.values import VersionInfo

DRAFT = "draft"
ACTOR = "command line"


def _version(session: orm.Session, reference: str) -> VersionInfo:
    return resolve(reference, queries.list_versions(session)).version


def _state(session: orm.Session, reference: str) -> Taxonomy:
    """The concepts of a version, or of the draft."""
    if reference == DRAFT:
        return queries.load_draft(session)
    return queries.load_taxonomy(session, _version(session, reference))


def version_as_json(version: VersionInfo) -> dict[str, Any]:
    """A version with its numbers as people write them."""
    numbers = {"number": str(version.number), "parent": str(version.parent) if version.parent else None}
    said = {name: value for name, value in msgspec.to_builtins(version).items() if name != "id"}
    return said | numbers | {"withdrawal": withdrawal_document(version)}


@click.command()
@as_json
@click.pass_obj
def versions(settings: Settings, is_json: bool) -> None:
    """List the published versions, newest first."""
    with reading(settings) as session:
        known = queries.list_versions(session)
    lines = list(listing.version_lines(known)) or ["Nothing is published yet."]
    show(lines, [version_as_json(version) for version in reversed(known)], is_json)


@click.command()
@click.argument("old")
@click.argument("new")
@as_json
@click.pass_obj
def diff(settings: Settings, old: str, new: str, is_json: bool) -> None:
    """Show what turns version OLD into version NEW, in either order.

    A version is named by number (1.2.0), prefix (1.2), day (2026-11-23), "latest" or "draft".
    """
    with reading(settings) as session:
        changes = difference(_state(session, old), _state(session, new))
    show(listing.difference_lines(changes), changes, is_json)


@click.command()
@click.argument("version", default="latest")
@click.option("--format", "name", type=click.Choice(list(FORMATS)), default="json", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output.")
@click.pass_obj
def export(settings: Settings, version: str, name: str, output: Path | None) -> None:
    """Write a whole version (or "draft") in one of our formats."""
    with reading(settings) as session:
        header = Header() if version == DRAFT else file_header(_version(session, version))
        taxonomy = _state(session, version)
    save(FORMATS[name].dump(taxonomy, header), output)
    if output is not None:
        click.echo(f"Wrote {counted(len(taxonomy), 'concept')} to {output}.", err=True)


@click.command()
@click.argument("version", default=DRAFT)
@as_json
@click.pass_obj
def quality(settings: Settings, version: str, is_json: bool) -> None:
    """Show the findings of the rules of quality, of the draft or as published with VERSION.

    Exit code 1 when there are errors.
    """
    findings: tuple[Finding, ...]
    with reading(settings) as session:
        if version == DRAFT:
            findings = check(queries.load_draft(session))
        else:
            findings = queries.get_findings(session, _version(session, version))
    errors = sum(finding.severity == "error" for finding in findings)
    counts = f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"
    lines = [*map(listing.finding_line, findings), counts]
    show(lines, findings, is_json)
    if errors:
        raise click.exceptions.Exit(1)
