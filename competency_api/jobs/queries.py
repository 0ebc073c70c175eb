"""Reads of jobs: whoever belongs to an organisation sees its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core.errors import NotFound
from competency_api.core.text import fault_of, printable
from competency_api.jobs.models import JobRow
from competency_api.jobs.values import Job, State


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.true() if actor.is_outside else JobRow.organisation_id == actor.organisation_id


def get_job(session: orm.Session, actor: Actor, uuid: str) -> Job:
    """Raises NotFound, also for one of another organisation."""
    row = None if fault_of(uuid) else session.scalar(sa.select(JobRow).where(JobRow.uuid == uuid, _own(actor)))
    if row is None:
        raise NotFound(f'There is no job "{printable(uuid)}".')
    return job_of(row)


def list_jobs(
    session: orm.Session, actor: Actor, before: int | None, limit: int, state: str | None
) -> Sequence[tuple[int, Job]]:
    """Jobs with the keys of their order, newest first, one more than ``limit``."""
    statement = sa.select(JobRow).where(_own(actor)).order_by(JobRow.id.desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(JobRow.id < before)
    if state is not None:
        statement = statement.where(JobRow.state == state)
    return [(row.id, job_of(row)) for row in session.scalars(statement)]


def job_of(row: JobRow) -> Job:
    def read(text: str | None) -> Any:
        return None if text is None else json.loads(text)

    return Job(
        row.uuid,
        row.kind,
        State(row.state),
        row.organisation_id,
        row.progress,
        row.total,
        read(row.result),
        read(row.problem),
        row.created_at,
        row.started_at,
        row.finished_at,
    )
