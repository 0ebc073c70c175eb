"""Commands that take taxonomies in: ``import`` and ``seed``."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from competency_api.accounts.authentication import acting
from competency_api.catalogue.cli import ACTOR, version_as_json
from competency_api.core.commands import acting_option, as_json, reading, show, writing
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.migrations import shipped_folder
from competency_api.core.signatures import configured_signer
from competency_api.formats.document import Document
from competency_api.formats.files import read_path
from competency_api.interchange import listing
from competency_api.interchange.plan import ImportPlan
from competency_api.interchange.seeds import list_seeds
from competency_api.interchange.service import (
    ImportRefused,
    import_by_hand,
    list_pending,
    plan_documents,
    publish_next_seed,
)
from competency_api.versions.values import VersionInfo


def seed_if_empty(
    database: Database, folder: Path, actor: str = ACTOR, report: Callable[[str], None] = lambda line: None
) -> list[VersionInfo]:
    """Publish the versions of a seeds folder where nothing else is in the database; gives those published now.

    Each version is imported and published in one transaction, so that a process that dies leaves whole versions and the
    next one goes on from there; several processes at once publish each version once. Where the deployment has a key to
    sign with, they are signed. ``report`` takes lines about it.
    """
    seeds, signer = list_seeds(folder), configured_signer(database.settings)
    with database.reading(fresh=True) as session:
        pending = list_pending(session, seeds)
    published: list[VersionInfo] = []
    for seed in pending:
        report(f"Importing {seed.number} …")
        with database.transaction() as session:
            version = publish_next_seed(session, actor, seeds, signer)
        if version is None:  # another process does the same
            break
        published.append(version)
        report(f"Published {version.number} with {version.summary.concepts} concepts.")
    return published


@click.command("import")
@click.argument("path", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@acting_option
@as_json
@click.pass_obj
def import_(settings: Settings, path: Path, dry_run: bool, api_key: str | None, is_json: bool) -> None:
    """Import concepts from a file, or from all files of a folder, into the draft.

    Reads our JSON, NDJSON, CSV and XLSX (docs/reference/import-format.md). Concepts are added or replaced; what the
    file does not name stays as it is. All or nothing: with any problem nothing is written, every problem is a line
    "file:line:column: message" on standard error, and the exit code is 1. For those who run the deployment: it goes
    past the review of proposals, is recorded, and refuses to overwrite what accepted ones changed.

    \b
    Examples:
      competency-api import concepts.csv --dry-run
      competency-api import seeds/2.0.0
      competency-api export --format csv --output all.csv   (edit it, then)
      competency-api import all.csv
    """
    with _collector_paused():
        documents = _read(path)
        try:
            plan = _plan_only(settings, documents) if dry_run else _import(settings, documents, api_key)
        except ImportRefused as refused:
            plan = refused.plan
    _show(plan, dry_run, is_json)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Without the cycle collector: a large file becomes a million objects that all live, and walking them again and
    again takes a third of the time. A command ends soon after; a server must not do this.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(path: Path) -> list[Document]:
    documents = []
    for document in read_path(path):
        _progress(f"Read {document.source}: {len(document.entries)} concepts")
        documents.append(document)
    return documents


def _plan_only(settings: Settings, documents: list[Document]) -> ImportPlan:
    with reading(settings) as session:
        return plan_documents(session, documents)


def _import(settings: Settings, documents: list[Document], api_key: str | None) -> ImportPlan:
    with writing(settings) as session:
        return import_by_hand(session, acting(session, api_key), documents)


def _show(plan: ImportPlan, dry_run: bool, is_json: bool) -> None:
    for line in listing.problem_lines(plan):
        click.echo(line, err=True)
    if not plan.is_refused or is_json:
        show(listing.plan_lines(plan), plan.as_json(), is_json)
    if plan.is_refused:
        click.echo("Refused: nothing was written.", err=True)
        raise click.exceptions.Exit(1)
    if not is_json:
        written = "The draft holds it now." if plan.concepts else "The draft is so already: nothing was written."
        click.echo("Nothing was written: this was a dry run." if dry_run else written)


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
@click.pass_obj
def seed(settings: Settings, folder: Path | None, is_json: bool) -> None:
    """Publish the starter taxonomy, version by version, where nothing else is in the database.

    FOLDER holds one sub-folder per version, named by its number, with version.json and files of concepts; default: the
    seeds that come with the program. Repeated, it changes nothing; interrupted, it goes on where it stopped.

    \b
    Examples:
      competency-api seed
      competency-api seed my-taxonomy/ --json
    """
    database = Database(settings)
    try:
        published = seed_if_empty(database, folder or shipped_folder("seeds"), ACTOR, _report)
    except ImportRefused as refused:
        for line in listing.problem_lines(refused.plan):
            click.echo(line, err=True)
        raise click.exceptions.Exit(1) from None
    finally:
        database.close()
    numbers = [str(version.number) for version in published]
    show(listing.seeded_lines(numbers), [version_as_json(version) for version in published], is_json)


def _report(line: str) -> None:
    click.echo(line, err=True)


def _progress(line: str) -> None:
    """For whoever waits at a terminal; a log or another program gets only results and problems."""
    if sys.stderr.isatty():
        _report(line)


commands: list[click.Command] = [import_, seed]
