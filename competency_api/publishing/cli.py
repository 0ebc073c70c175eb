"""Commands around publishing: publish, withdraw, the signing key, and checking what was published."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from competency_api.accounts.authentication import acting
from competency_api.catalogue import listing
from competency_api.catalogue.cli import version_as_json
from competency_api.core.commands import acting_option, as_json, progress, reading, show, writing
from competency_api.core.config import Settings
from competency_api.core.errors import ConfigurationError
from competency_api.core.signatures import configured_signer, jwk_of, new_private_key, read_public_keys, read_signer
from competency_api.core.text import counted
from competency_api.curation.sources import UseSources
from competency_api.formats.files import read_path
from competency_api.publishing import service
from competency_api.publishing.downloads import Checked, check_download
from competency_api.publishing.presentation import rehearsal_document
from competency_api.publishing.values import Rehearsal, Signing
from competency_api.taxonomy.numbering import Number
from competency_api.versions.obstacles import NotPublishable
from competency_api.versions.values import PublicationRequest
from competency_api.versions.verification import verify_versions

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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


@click.command()
@click.option(
    "--number", type=number_in, metavar="NUMBER", help="Publish under this number; default: the smallest permitted."
)
@click.option("--title", default="", help="What the version is called.")
@click.option("--notes", help="Release notes (Markdown); default: those that the dry run shows.")
@click.option("--notes-file", type=_FILE, help="Release notes.")
@click.option("--publisher", default="", help="Who publishes it; default: the organisation of the key.")
@click.option("--valid-from", type=day_in, metavar="YYYY-MM-DD", help="First day in force; default: today (UTC).")
@click.option("--key", "idempotency_key", help="Idempotency key: repeated with the same key, it publishes once.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@acting_option
@as_json
@click.pass_obj
def publish(
    settings: Settings,
    /,
    notes: str | None,
    notes_file: Path | None,
    valid_from: dt.date | None,
    dry_run: bool,
    api_key: str | None,
    is_json: bool,
    **described: Any,
) -> None:
    """Publish the draft as an immutable version.

    The number follows from what changed: a smaller one than that is refused, with the changes that force it. The
    version is signed where SIGNING_KEY or SIGNING_KEY_FILE is set.
    """
    request = PublicationRequest(
        notes=_text_of(notes_file) if notes_file else notes,
        valid_from=valid_from,
        **described,
    )
    progress("Checking the draft …" if dry_run else "Checking and publishing the draft …")
    if dry_run:
        return _show_rehearsal(settings, api_key, request, is_json)
    signer = configured_signer(settings)
    try:
        with writing(settings) as session:
            version = service.publish(session, acting(session, api_key), request, signer)
    except NotPublishable as error:
        for finding in error.plan.errors:
            click.echo(listing.finding_line(finding), err=True)
        raise
    signed = f"signed with {signer.key_id}" if signer else "not signed: no key is set"
    lines = [f"Published {version.number}, {signed}.", *listing.version_lines([version])]
    show(lines, version_as_json(version), is_json)
    return None


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8, from byte {error.start} on; save it as UTF-8.") from error


def _show_rehearsal(settings: Settings, api_key: str | None, request: PublicationRequest, is_json: bool) -> None:
    """Exit code 1 when the publication would be refused."""
    with reading(settings) as session:
        found = service.rehearse(session, acting(session, api_key), request, UseSources())
    signing = Signing(configured_signer(settings))
    lines = [*listing.plan_lines(found.plan), *_touched_lines(found), *_notes_lines(found), _signing_line(signing)]
    show(lines, rehearsal_document(found, signing), is_json)
    for obstacle in found.obstacles:
        click.echo(f"Error: {obstacle}", err=True)
    if found.obstacles:
        raise click.exceptions.Exit(1)


def _notes_lines(found: Rehearsal) -> list[str]:
    if found.plan.numbering is None or not found.request.notes:
        return []
    return ["Notes:", *(f"  {line}".rstrip() for line in found.request.notes.splitlines())]


def _touched_lines(found: Rehearsal) -> list[str]:
    impact = found.impact
    lines = [f"Proposals: {len(found.contributions)}"] if found.contributions else []
    lines += [f"  {c.account.title}{f' ({c.account.by})' if c.account.by else ''}" for c in found.contributions]
    touched = f"{counted(impact.mappings_total, 'mapping')}, of which {impact.waiting} will wait for their provider"
    lost = len(impact.alignments_lost)
    return [*lines, f"Touches: {touched}; {counted(lost, 'alignment')} {'is' if lost == 1 else 'are'} lost"]


def _signing_line(signing: Signing) -> str:
    return f"Signed with: {signing.key_id}" if signing.key_id else "Not signed: no key is set."


@click.command()
@click.argument("number", type=number_in)
@click.option("--reason", required=True, help="Why it should no longer be used.")
@click.option("--use", type=number_in, metavar="NUMBER", help="The version to use instead.")
@click.option("--use-nothing", is_flag=True, help="There is none to use instead.")
@acting_option
@as_json
@click.pass_obj
def withdraw(
    settings: Settings,
    number: Number,
    reason: str,
    use: Number | None,
    use_nothing: bool,
    api_key: str | None,
    is_json: bool,
) -> None:
    """Say that version NUMBER should no longer be used. This cannot be taken back.

    It stays readable by its exact number; "latest", prefixes and days no longer mean it.
    """
    if (use is None) != use_nothing:
        raise click.UsageError("Say what to use instead: --use NUMBER, or --use-nothing.")
    with writing(settings) as session:
        version = service.withdraw(session, acting(session, api_key), number, reason, use)
    instead = f" Use {use} instead." if use else ""
    show([f"Withdrew {number}.{instead}"], version_as_json(version), is_json)


@click.group()
def signing() -> None:
    """Make the key that versions are signed with, and show what others know of it."""


@signing.command("new")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File of the key.")
def new_key(output: Path) -> None:
    """Make a private key, readable by its owner only, and print the public one (a JWK set).

    An existing file is never overwritten.
    """
    pem = new_private_key()
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be made: {error.strerror}.") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(pem)
    _show_public(read_signer(pem).public_key)
    click.echo(f"Wrote the private key to {output}; set SIGNING_KEY_FILE to it, and keep it safe.", err=True)


@signing.command("public")
@click.pass_obj
def show_public_key(settings: Settings) -> None:
    """Print the public key of the configured private one, as a JWK set."""
    signer = configured_signer(settings)
    if signer is None:
        raise ConfigurationError("No key is set: SIGNING_KEY or SIGNING_KEY_FILE.")
    _show_public(signer.public_key)


def _show_public(public_key: str) -> None:
    click.echo(json.dumps({"keys": [jwk_of(public_key)]}, indent=2))


@click.command()
@click.option("--file", "files", multiple=True, type=_FILE, help="Check this download, not the database.")
@click.option("--key", type=_FILE, help="Public keys that you trust: a JWK set, a JWK or PEM.")
@as_json
@click.pass_obj
def verify(settings: Settings, files: tuple[Path, ...], key: Path | None, is_json: bool) -> None:
    """Recompute the digest and the seal of every version from the database, or check downloads by themselves.

    A download needs neither database nor network: its digest is recomputed, and with --key its signature is checked.
    Exit code 1 when anything is not as it was published.
    """
    if key is not None and not files:
        raise click.UsageError("--key is for --file: in the database every signature is checked with its own key.")
    if files:
        return _verify_files(files, _trusted(key) if key else None, is_json)
    with reading(settings) as session:
        result = verify_versions(session, lambda version: click.echo(f"Verifying {version.number} …", err=True))
    lines = [f"{f.version} {f.code}: {f.message}".replace(" :", ":") for f in result.faults]
    found = counted(len(result.faults), "fault") if result.faults else "all digests are right"
    lines.append(
        f"{result.versions} versions with {result.concepts} contents: {found}; "
        f"{result.signed} of them signed, {result.versions - result.signed} not."
    )
    show(lines, result, is_json)
    if result.faults:
        raise click.exceptions.Exit(1)
    return None


def _trusted(file: Path) -> Mapping[str, str]:
    try:
        return read_public_keys(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{file} is no public key. {error}") from error


def _verify_files(files: tuple[Path, ...], keys: Mapping[str, str] | None, is_json: bool) -> None:
    checked = {str(file): check_download(document, keys) for file in files for document in read_path(file)}
    show([line for name, found in checked.items() for line in _checked_lines(name, found)], checked, is_json)
    if any(found.faults for found in checked.values()):
        raise click.exceptions.Exit(1)


def _checked_lines(name: str, found: Checked) -> list[str]:
    if found.faults:
        return [f"{name}: {fault}" for fault in found.faults]
    how = "not signed"
    if found.is_signed:
        how = "signed by a key that you trust" if found.is_trusted else "signed, but not checked: --key is missing"
    return [f"{name}: version {found.number}, {found.concepts} concepts, the digest is right; {how}."]
