"""Imports: at once, or as a job. Where their transactions begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.catalogue.store import VersionStore
from competency_api.core.db import Database
from competency_api.courses.bulk.files.inputs import MEDIA_TYPES, Input
from competency_api.courses.bulk.files.receiving import received
from competency_api.courses.bulk.importing import Options, Outdated, Plan, import_reading
from competency_api.courses.bulk.reading import Reader, Reading, Report
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider, get_provider
from competency_api.jobs.service import actor_of
from competency_api.jobs.worker import Task

KIND = "courses.import"
#: How often files are read again when others write at the same time.
_TRIES = 3
_MEDIA_TYPES = {written: media_type for media_type, written in MEDIA_TYPES.items()}

Write = Callable[[orm.Session, Callable[[], Plan]], Any]


def run_import(
    database: Database,
    actor: Actor,
    code: str,
    files: Iterable[Input],
    options: Options,
    pins: Pins,
    *,
    report: Report = lambda _count: None,
    write: Write = lambda _session, make: make(),
) -> Any:
    """Read the files, and write what they say in one transaction; gives what ``write`` gives.

    ``write`` gets the session of that transaction and what makes the plan. Raises NotFound, FilesRefused, Conflict.
    """
    files = list(files)
    for last in range(_TRIES):
        provider, reading = _read(database, actor, code, files, options, pins, report)
        try:
            with database.transaction() as session:
                return write(session, partial(import_reading, session, actor, provider, reading, options, pins))
        except Outdated:
            if last == _TRIES - 1:
                raise
        finally:
            reading.close()
    raise AssertionError


def _read(
    database: Database,
    actor: Actor,
    code: str,
    files: list[Input],
    options: Options,
    pins: Pins,
    report: Report,
) -> tuple[Provider, Reading]:
    with database.reading(fresh=True) as session:
        provider = get_provider(session, actor, code)
    reader = Reader(database, provider.id, pins, options.version, whole=options.whole, report=report)
    return provider, reader.read(files)


def import_job(task: Task) -> None:
    """Do an import that was too large to be done at once."""
    asked = task.claim.request
    store = VersionStore(task.database, max_bytes=task.settings.version_cache_bytes, refresh_seconds=0)
    pins = Pins(store, task.settings.base_url)

    def write(session: orm.Session, make: Callable[[], Plan]) -> None:
        task.keep(session)
        task.finish(session, msgspec.to_builtins(make()))

    sent = [(file["name"], _MEDIA_TYPES[file["format"]], task.pieces(file["name"])) for file in asked["files"]]
    with ExitStack() as stack:
        files = stack.enter_context(received(sent)).files
        options = Options(**asked["options"])
        actor = actor_of(task.claim)
        run_import(task.database, actor, asked["provider"], files, options, pins, report=task.report, write=write)
