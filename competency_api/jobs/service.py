"""The queue of jobs: submit, take, report, finish. For any number of workers on both databases.

What a job writes and that it is done are one transaction (:func:`finish`): a worker that is killed leaves either all of
it or nothing, and another one takes the job over when its lease has ended.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import lock
from competency_api.core.errors import Conflict
from competency_api.core.ids import new_uuid
from competency_api.jobs.models import JobFileRow, JobRow
from competency_api.jobs.values import MOST_ATTEMPTS, MOST_WAITING, Claim, State

_PART = 2**20
_PAST_ORM = {"synchronize_session": False}
_OPEN = (State.WAITING.value, State.RUNNING.value)


class Lost(Exception):
    """Another worker has taken the job over; what this one did is undone with its transaction."""


def submit(
    session: orm.Session,
    actor: Actor,
    kind: str,
    request: Mapping[str, Any],
    files: Iterable[tuple[str, BinaryIO]] = (),
    *,
    organisation_id: int | None = None,
) -> JobRow:
    """Put a job into the queue, in the caller's transaction. Raises Conflict when too many are waiting."""
    lock(session, f"jobs of {organisation_id}")
    mine = (JobRow.organisation_id.is_not_distinct_from(organisation_id), JobRow.state.in_(_OPEN))
    if (session.scalar(sa.select(sa.func.count()).select_from(JobRow).where(*mine)) or 0) >= MOST_WAITING:
        raise Conflict(f"There are {MOST_WAITING} jobs waiting already; try again when some are done.")
    now = clock.now()
    row = JobRow(
        uuid=new_uuid(),
        kind=kind,
        organisation_id=organisation_id,
        actor=json.dumps(_actor_document(actor)),
        request=json.dumps(request),
        state=State.WAITING.value,
        progress=0,
        attempts=0,
        due_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    for name, stream in files:
        stream.seek(0)
        part = 0
        while data := stream.read(_PART):
            session.execute(sa.insert(JobFileRow).values(job_id=row.id, name=name, part=part, data=data))
            part += 1
    return row


def _actor_document(actor: Actor) -> dict[str, Any]:
    names = ("name", "key", "organisation_id", "organisation", "organisation_kind", "person", "role")
    return {**{name: getattr(actor, name) for name in names}, "scopes": sorted(actor.scopes)}


def actor_of(claim: Claim) -> Actor:
    """Whoever asked for the job."""
    return Actor(**{**claim.actor, "scopes": frozenset(claim.actor["scopes"])})


def _due(now: dt.datetime) -> sa.Select[Any]:
    return sa.select(JobRow).where(JobRow.state.in_(_OPEN), JobRow.due_at <= now).order_by(JobRow.id).limit(1)


def has_work(session: orm.Session, now: dt.datetime) -> bool:
    """Whether a job is due, without taking any lock: workers ask this again and again."""
    return session.scalar(_due(now)) is not None


def take(session: orm.Session, now: dt.datetime, until: dt.datetime) -> Claim | None:
    """Take the oldest job that is due; nobody else gets it before ``until``. One that broke too often is given up."""
    row = session.scalar(_due(now).with_for_update(skip_locked=True))
    if row is None:
        return None
    if row.attempts >= MOST_ATTEMPTS:
        _end(session, row.id, State.FAILED, {"problem": _GIVEN_UP})
        return None
    row.state, row.claim, row.due_at = State.RUNNING.value, new_uuid(), until
    row.attempts, row.progress, row.started_at = row.attempts + 1, 0, row.started_at or now
    session.flush()
    actor, request = json.loads(row.actor), json.loads(row.request)
    return Claim(row.id, row.claim, row.kind, row.organisation_id, actor, request, row.attempts)


_GIVEN_UP = {"code": "internal-error", "detail": f"It broke {MOST_ATTEMPTS} times; the service's log says why."}


def files_of(session: orm.Session, claim: Claim, name: str) -> Iterable[bytes]:
    """The pieces of one of the job's files."""
    is_its = (JobFileRow.job_id == claim.job_id, JobFileRow.name == name)
    parts = session.scalars(sa.select(JobFileRow.part).where(*is_its).order_by(JobFileRow.part)).all()
    for part in parts:
        yield session.scalars(sa.select(JobFileRow.data).where(*is_its, JobFileRow.part == part)).one()


def report(session: orm.Session, claim: Claim, progress: int, total: int | None, until: dt.datetime) -> None:
    """Tell how far it is, and keep it until then. Raises Lost."""
    _own(session, claim, {"progress": progress, "total": total, "due_at": until})


def keep(session: orm.Session, claim: Claim) -> None:
    """Hold the job for the rest of this transaction, before it writes. Raises Lost."""
    where = (JobRow.id == claim.job_id, JobRow.claim == claim.token)
    if session.scalar(sa.select(JobRow.id).where(*where).with_for_update()) is None:
        raise Lost


def finish(session: orm.Session, claim: Claim, result: Mapping[str, Any]) -> None:
    """It is done, if this transaction is committed. Raises Lost."""
    keep(session, claim)
    _end(session, claim.job_id, State.DONE, {"result": result})


def fail(session: orm.Session, claim: Claim, problem: Mapping[str, Any]) -> None:
    """It cannot be done. Raises Lost."""
    keep(session, claim)
    _end(session, claim.job_id, State.FAILED, {"problem": problem})


def release(session: orm.Session, claim: Claim, due_at: dt.datetime) -> None:
    """Give it back, to be tried again from then on. Raises Lost."""
    _own(session, claim, {"state": State.WAITING.value, "claim": None, "due_at": due_at})


def _own(session: orm.Session, claim: Claim, values: Mapping[str, Any]) -> None:
    statement = sa.update(JobRow).where(JobRow.id == claim.job_id, JobRow.claim == claim.token).values(**values)
    done: Any = session.execute(statement, execution_options=_PAST_ORM)
    if done.rowcount != 1:
        raise Lost


def _end(session: orm.Session, job_id: int, state: State, said: Mapping[str, Any]) -> None:
    values = {name: json.dumps(value, ensure_ascii=False) for name, value in said.items()}
    ended = {"state": state.value, "claim": None, "finished_at": clock.now(), **values}
    session.execute(sa.update(JobRow).where(JobRow.id == job_id).values(**ended), execution_options=_PAST_ORM)
    session.execute(sa.delete(JobFileRow).where(JobFileRow.job_id == job_id), execution_options=_PAST_ORM)


def prune(session: orm.Session, before: dt.datetime) -> None:
    """Forget jobs that finished before then."""
    session.execute(sa.delete(JobRow).where(JobRow.finished_at < before), execution_options=_PAST_ORM)
