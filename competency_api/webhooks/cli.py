"""The command that delivers."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.webhooks.delivery.worker import Worker


@click.command()
@click.option("--once", is_flag=True, help="Deliver what is due now, and end.")
@click.pass_obj
def worker(settings: Settings, once: bool) -> None:
    """Deliver webhooks, until Ctrl-C or SIGTERM.

    Any number of workers may run at once. One that is told to stop finishes what it is sending; one that is killed
    loses nothing.
    """
    database = Database(settings)
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    try:
        database.ping()
        if once:
            attempts = Worker(database, settings).run_once()
            click.echo(f"{attempts} sent.")
        else:
            click.echo("Delivering webhooks.", err=True)
            Worker(database, settings).run(stop)
    finally:
        database.close()
