"""Tables of migrations. A plan stores no mappings: what happens to each follows from the versions, as long as nothing
has changed since, and is in the history once it was applied.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

import competency_api.accounts.queries  # noqa: F401  # brings the table that foreign keys here refer to
from competency_api.core.db import Base, UtcDateTime
from competency_api.courses.models import code_type


def _provider() -> orm.Mapped[int]:
    return orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )


class PlanRow(Base):
    """A plan to bring mappings to the version ``to_version``: those as of ``from_version``, or of any other.

    ``last_change`` is the provider's when it was made: with another one it is stale. ``counts`` is a JSON object of
    mappings by outcome, ``result`` of what applying it did; ``applied_change`` is the change that it was.
    """

    __tablename__ = "migration_plan"
    __table_args__ = (sa.CheckConstraint("from_version <> to_version", name="versions"),)

    organisation_id: orm.Mapped[int] = _provider()
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    from_version: orm.Mapped[int | None]
    to_version: orm.Mapped[int]
    last_change: orm.Mapped[int]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)
    automatic: orm.Mapped[bool]
    counts: orm.Mapped[str] = orm.mapped_column(sa.Text)
    applied_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    applied_change: orm.Mapped[int | None]
    result: orm.Mapped[str] = orm.mapped_column(sa.Text)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class DecisionRow(Base):
    """What was decided about mappings of a plan. Course 0 and an empty relation mean all of them; ``codes`` are
    separated by spaces.
    """

    __tablename__ = "migration_decision"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('keep', 'drop', 'replace')", name="verdict"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "plan_id"], ["migration_plan.organisation_id", "migration_plan.id"], ondelete="CASCADE"
        ),
    )

    organisation_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    plan_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type(), primary_key=True)
    relation: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)
    verdict: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    codes: orm.Mapped[str] = orm.mapped_column(sa.Text)


class NoticeRow(Base):
    """A provider was told what a version means for its mappings: once, however often a worker looks."""

    __tablename__ = "migration_notice"

    organisation_id: orm.Mapped[int] = _provider()
    version_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
