"""Tables of jobs, and of the files that they are about."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

import competency_api.accounts.queries  # noqa: F401  # brings the table that foreign keys here refer to
from competency_api.core.db import Base, UtcDateTime


class JobRow(Base):
    """A job. A worker that takes it sets ``claim`` and moves ``due_at`` to when others may take it over.

    ``actor``, ``request``, ``result`` and ``problem`` are JSON objects.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        sa.Index("ix_job_due", "state", "due_at"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)
    request: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    progress: orm.Mapped[int]
    total: orm.Mapped[int | None]
    result: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    problem: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    attempts: orm.Mapped[int]
    due_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    claim: orm.Mapped[str | None] = orm.mapped_column(sa.String(36))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    started_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    finished_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)


class JobFileRow(Base):
    """A piece of a file that a job is about; gone when it has finished."""

    __tablename__ = "job_file"

    job_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(200), primary_key=True)
    part: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    data: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
