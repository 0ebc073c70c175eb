"""Commands of those who run the service."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from competency_api.core import migrations
from competency_api.core.config import Settings
from competency_api.core.db import Database


@click.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Migrate the database, publish the starter taxonomy if it is empty, and serve, until Ctrl-C."""
    # the server's library is of no use to the other commands
    from competency_api.operations import server

    address = server.free_address(settings)
    with _database(settings) as database:
        _prepare(database)
    server.run(settings, address, lambda: click.echo(_welcome(settings)))


@click.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to the revision that this program works with."""
    with _database(settings) as database:
        migrations.upgrade(database)
    click.echo(f"The database is at revision {migrations.head()}.")


def _prepare(database: Database) -> None:
    """Whatever a database needs before it is served; each step is without effect when it was done before."""
    # reading files is of no use to the other commands
    from competency_api.interchange.cli import seed_if_empty

    migrations.upgrade(database)
    seed_if_empty(database, migrations.shipped_folder("seeds"), report=lambda line: click.echo(line, err=True))


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """A database whose connections are closed at the end: the workers that follow must not share them."""
    database = Database(settings)
    try:
        yield database
    finally:
        database.close()


def _welcome(settings: Settings) -> str:
    base = settings.base_url
    return f"""
The Smart City Competency Framework is served at {base}

  pages      {base}/
  API        {base}/api/v1
  reference  {base}/docs
  concepts   {base}/api/v1/versions/latest/concepts

Ctrl-C ends it.
{_ADVICE.format(base=base) if settings.is_address_guessed else ""}"""


_ADVICE = """
PUBLIC_BASE_URL is not set: concepts are named {base}/id/…, which means nothing on other machines.
"""


@click.command()
@click.option("--once", is_flag=True, help="Do and deliver what is due now, and end.")
@click.pass_obj
def worker(settings: Settings, once: bool) -> None:
    """Deliver webhooks and do jobs, until Ctrl-C or SIGTERM.

    Any number of workers may run at once. One that is told to stop finishes what it is doing; one that is killed
    loses nothing.
    """
    # what only this command needs
    from competency_api.operations import worker as work

    database = Database(settings)
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    try:
        database.ping()
        if once:
            done, sent = work.run_once(database, settings)
            click.echo(f"{done} {'job' if done == 1 else 'jobs'} done." if done else f"{sent} sent.")
            if done and sent:
                click.echo(f"{sent} sent.")
        else:
            click.echo("Delivering webhooks.", err=True)
            work.run(database, settings, stop)
    finally:
        database.close()
