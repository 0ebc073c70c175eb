"""What does jobs: takes one that is due, does it by its kind's handler, until it is told to stop."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.errors import InvalidInput, ServiceError, Unavailable
from competency_api.jobs import service
from competency_api.jobs.values import Claim

log = structlog.get_logger(__name__)

#: Seconds between two looks while there is nothing to do.
POLL = 1.0
_KEPT = dt.timedelta(days=30)
_RETRY = dt.timedelta(seconds=10)
#: Seconds between two reports that are written.
_REPORTS = 1.0


class Task:
    """One job, for the handler that does it."""

    def __init__(self, database: Database, settings: Settings, claim: Claim) -> None:
        self.database, self.settings, self.claim = database, settings, claim
        self._lease = dt.timedelta(seconds=settings.job_takeover_seconds)
        self._reported = time.monotonic()

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file of the job."""
        with self.database.reading(fresh=True) as session:
            yield from service.files_of(session, self.claim, name)

    def report(self, progress: int, total: int | None = None) -> None:
        """Tell how far it is; never inside a transaction that writes. Raises Lost."""
        if time.monotonic() - self._reported >= min(_REPORTS, self._lease.total_seconds() / 4):
            self._reported = time.monotonic()
            with self.database.transaction() as session:
                service.report(session, self.claim, progress, total, clock.now() + self._lease)

    def keep(self, session: orm.Session) -> None:
        """Hold the job until the end of the transaction. Raises Lost."""
        service.keep(session, self.claim)

    def finish(self, session: orm.Session, result: Mapping[str, Any]) -> None:
        """Done, together with what this transaction writes. Raises Lost."""
        service.finish(session, self.claim, result)


#: Does a job, and finishes it in the transaction that writes.
Handler = Callable[[Task], None]


class Worker:
    """One worker, which does one job at a time."""

    def __init__(self, database: Database, settings: Settings, handlers: Mapping[str, Handler]) -> None:
        self._database, self._settings, self._handlers = database, settings, handlers
        self._lease = dt.timedelta(seconds=settings.job_takeover_seconds)

    def run(self, stop: threading.Event) -> None:
        """Do jobs until ``stop`` is set; the one that is being done then is finished first."""
        while not stop.is_set():
            try:
                is_done = self._turn()
            except Exception:  # a database that is away comes back, and one defect must not end every job
                log.exception("jobs.waiting")
                is_done = False
            if not is_done:
                stop.wait(POLL)

    def run_once(self) -> int:
        """Do what is due now, and give the number of jobs."""
        count = 0
        while self._turn():
            count += 1
        return count

    def _turn(self) -> bool:
        now = clock.now()
        with self._database.reading(fresh=True) as session:
            if not service.has_work(session, now):
                return False
        with self._database.transaction() as session:
            service.prune(session, now - _KEPT)
            claim = service.take(session, now, now + self._lease)
        if claim is not None:
            self._do(claim)
        return claim is not None

    def _do(self, claim: Claim) -> None:
        log.info("job.begun", kind=claim.kind, attempt=claim.attempts)
        try:
            self._handlers[claim.kind](Task(self._database, self._settings, claim))
        except service.Lost:
            log.warning("job.lost", kind=claim.kind)
        except Unavailable:
            self._settle(lambda session: service.release(session, claim, clock.now() + _RETRY))
        except ServiceError as error:
            problem = problem_of(error)
            self._settle(lambda session: service.fail(session, claim, problem))
        except Exception:  # it is tried again when its lease has ended, until it is given up
            log.exception("job.broken", kind=claim.kind)

    def _settle(self, write: Callable[[orm.Session], None]) -> None:
        try:
            with self._database.transaction() as session:
                write(session)
        except service.Lost:
            log.warning("job.lost")


def problem_of(error: ServiceError) -> dict[str, Any]:
    """What is wrong, as a problem would say it in an answer."""
    errors = [str(each) for each in error.errors] if isinstance(error, InvalidInput) else []
    return {"code": error.code, "detail": error.message, **({"errors": errors} if errors else {}), **error.extra}
