"""What the features' commands share: sessions for one command, and results for a person or a program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from sqlalchemy import orm

from competency_api.core.config import Settings
from competency_api.core.db import Database

_F = TypeVar("_F", bound=Callable[..., Any])


def as_json(command: _F) -> _F:
    return click.option("--json", "is_json", is_flag=True, help="Answer in JSON on standard output.")(command)


def acting_option(command: _F) -> _F:
    """Give a command ``api_key``: the API key of the person or organisation in whose name it is run, or None."""
    return click.option(
        "--api-key",
        envvar="COMPETENCY_API_KEY",
        show_envvar=True,
        metavar="sck_…",
        help="Run it in the name of the owner of this key; default: of the command line.",
    )(command)


def show(lines: Iterable[str], value: Any, is_json: bool) -> None:
    """The result on standard output: for a program, or for a person."""
    if is_json:
        click.echo(msgspec.json.format(msgspec.json.encode(value, order="deterministic")))
    else:
        for line in lines:
            click.echo(line)


def progress(message: str) -> None:
    """Say what takes a while, to people only: programs find errors on standard error and nothing else."""
    if sys.stderr.isatty():
        click.echo(message, err=True)


def save(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write a file, or standard output without one.

    Beside its target first: a reader never sees half a file, nor loses the last one when writing fails.
    """
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    partial = output.with_name(output.name + ".partial")
    try:
        with partial.open("wb") as target:
            target.writelines(pieces)
        os.replace(partial, output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def reading(settings: Settings) -> Iterator[orm.Session]:
    with closing(Database(settings)) as database, database.reading() as session:
        yield session


@contextmanager
def writing(settings: Settings) -> Iterator[orm.Session]:
    with closing(Database(settings)) as database, database.transaction() as session:
        yield session
