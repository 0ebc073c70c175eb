"""Commands on versions: publish, list, compare, export, verify, judge."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Any

import click
import msgspec
from sqlalchemy import orm

from competency_api.catalogue import listing
from competency_api.catalogue.addressing import resolve
from competency_api.catalogue.presentation import file_header
from competency_api.core.commands import as_json, progress, reading, show, writing
from competency_api.core.config import Settings
from competency_api.core.errors import ServiceError
from competency_api.formats import FORMATS
from competency_api.formats.document import Header
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import Number
from competency_api.taxonomy.rules import Finding, check
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.service import NotPublishable, plan_publication, publish_version
from competency_api.versions.values import PublicationPlan, PublicationRequest, VersionInfo
from competency_api.versions.verification import verify_versions

DRAFT = "draft"
ACTOR = "command line"


def _version(session: orm.Session, reference: str) -> VersionInfo:
    return resolve(reference, queries.list_versions(session)).version


def _state(session: orm.Session, reference: str) -> Taxonomy:
    """The concepts of a version, or of the draft."""
    if reference == DRAFT:
        return queries.load_draft(session)
    return queries.load_taxonomy(session, _version(session, reference))


def number_in(text: str) -> Number:
    number = Number.parse(text)
    if number is None:
        raise click.BadParameter(f"{text!r} is no version number; one looks like 1.2.0")
    return number


def day_in(text: str) -> dt.date:
    """click's own type shows people the codes of ``strptime``; ``fromisoformat`` alone also takes weeks."""
    try:
        return dt.date.fromisoformat(text if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "")
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no day; one looks like 2026-11-23") from error


def _plan_as_json(plan: PublicationPlan) -> dict[str, Any]:
    return {
        "parent": str(plan.parent) if plan.parent else None,
        "smallest": str(plan.numbering.smallest) if plan.numbering else None,
        "bump": plan.numbering.bump if plan.numbering else None,
        "reasons": plan.numbering.reasons if plan.numbering else (),
        "changes": plan.difference.counts(),
        "findings": plan.findings,
        "digest": plan.digest,
    }


def version_as_json(version: VersionInfo) -> dict[str, Any]:
    """A version with its numbers as people write them."""
    numbers = {"number": str(version.number), "parent": str(version.parent) if version.parent else None}
    return {name: said for name, said in msgspec.to_builtins(version).items() if name != "id"} | numbers


@click.command()
@click.option(
    "--number", type=number_in, metavar="NUMBER", help="Publish under this number; default: the smallest permitted."
)
@click.option("--title", default="", help="What the version is called.")
@click.option("--notes", default="", help="Release notes (Markdown).")
@click.option("--notes-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Release notes.")
@click.option("--publisher", default="", help="Who publishes it.")
@click.option("--valid-from", type=day_in, metavar="YYYY-MM-DD", help="First day in force; default: today (UTC).")
@click.option("--key", help="Idempotency key: repeated with the same key, the command publishes once.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@as_json
@click.pass_obj
def publish(
    settings: Settings,
    /,
    number: Number | None,
    notes: str,
    notes_file: Path | None,
    valid_from: dt.date | None,
    key: str | None,
    dry_run: bool,
    is_json: bool,
    **described: str,
) -> None:
    """Publish the draft as an immutable version.

    The number follows from what changed: a smaller one than that is refused, with the changes that force it.
    """
    if dry_run:
        return _show_plan(settings, number, is_json)
    request = PublicationRequest(
        number=number,
        notes=_text_of(notes_file) if notes_file else notes,
        valid_from=valid_from,
        idempotency_key=key,
        **described,
    )
    progress("Checking and publishing the draft …")
    try:
        with writing(settings) as session:
            version = publish_version(session, ACTOR, request)
    except NotPublishable as error:
        for finding in error.plan.errors:
            click.echo(listing.finding_line(finding), err=True)
        raise
    show([f"Published {version.number}.", *listing.version_lines([version])], version_as_json(version), is_json)
    return None


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8, from byte {error.start} on; save it as UTF-8.") from error


def _show_plan(settings: Settings, number: Number | None, is_json: bool) -> None:
    """Exit code 1 when the publication would be refused."""
    progress("Checking the draft …")
    with reading(settings) as session:
        plan = plan_publication(session)
    show(listing.plan_lines(plan), _plan_as_json(plan), is_json)
    if plan.numbering is None or plan.errors:
        raise click.exceptions.Exit(1)
    if number and not plan.numbering.permits(number):
        raise ServiceError(f"{number} is too small; the smallest permitted number is {plan.numbering.smallest}.")


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
    chunks = FORMATS[name].dump(taxonomy, header)
    if output is None:
        for chunk in chunks:
            click.echo(chunk, nl=False)
        return
    # Beside its target first: a reader never sees half a file, nor loses the last one when writing fails.
    partial = output.with_name(output.name + ".partial")
    try:
        partial.write_bytes(b"".join(chunks))
        os.replace(partial, output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"Wrote {len(taxonomy)} concepts to {output}.", err=True)


@click.command()
@as_json
@click.pass_obj
def verify(settings: Settings, is_json: bool) -> None:
    """Recompute the digest of every concept of every version from the database.

    Exit code 1 when anything is not as it was published.
    """
    with reading(settings) as session:
        result = verify_versions(session, lambda version: click.echo(f"Verifying {version.number} …", err=True))
    lines = [f"{f.version} {f.code}: {f.message}".replace(" :", ":") for f in result.faults]
    lines.append(
        f"{result.versions} versions with {result.concepts} contents: "
        + (f"{len(result.faults)} faults." if result.faults else "all digests are right.")
    )
    show(lines, result, is_json)
    if result.faults:
        raise click.exceptions.Exit(1)


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
    lines = [*map(listing.finding_line, findings), f"{errors} errors, {len(findings) - errors} warnings"]
    show(lines, findings, is_json)
    if errors:
        raise click.exceptions.Exit(1)
