"""Reads for migrations: plans, decisions, the mappings that a plan is about, and what they were before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.errors import NotFound
from competency_api.courses.migration.models import DecisionRow, NoticeRow, PlanRow
from competency_api.courses.models import (
    CourseRow,
    CoverageSumRow,
    MappingHistoryRow,
    MappingRow,
    ProviderRow,
)
from competency_api.courses.plans.decisions import Decision, Decisions, Verdict
from competency_api.courses.plans.steps import Held
from competency_api.courses.values import Ending

_M: Any = MappingRow.__table__
_H: Any = MappingHistoryRow.__table__
_S: Any = CoverageSumRow.__table__

Key = tuple[int, str, str]


def get_plan(session: orm.Session, provider_id: int, plan_id: str | int) -> PlanRow:
    """Raises NotFound."""
    text = str(plan_id)
    known = text.isascii() and text.isdigit() and len(text) < 10
    row = session.get(PlanRow, (provider_id, int(text)), populate_existing=True) if known else None
    if row is None:
        raise NotFound("This provider has no such migration.")
    return row


def list_plans(session: orm.Session, provider_id: int, before: int | None, limit: int) -> Sequence[PlanRow]:
    """Newest first, one more than ``limit``."""
    statement = sa.select(PlanRow).where(PlanRow.organisation_id == provider_id).order_by(PlanRow.id.desc())
    if before is not None:
        statement = statement.where(PlanRow.id < before)
    return session.scalars(statement.limit(limit + 1)).all()


def last_plan_id(session: orm.Session, provider_id: int) -> int:
    return session.scalar(sa.select(sa.func.max(PlanRow.id)).where(PlanRow.organisation_id == provider_id)) or 0


def get_decisions(session: orm.Session, plan: PlanRow) -> Decisions:
    rows = session.scalars(
        sa.select(DecisionRow).where(
            DecisionRow.organisation_id == plan.organisation_id, DecisionRow.plan_id == plan.id
        )
    )
    return Decisions(
        {
            (row.course_id, row.concept, row.relation): Decision(Verdict(row.verdict), tuple(row.codes.split()))
            for row in rows
        }
    )


# -- mappings ----------------------------------------------------------------------------------------------------------


def count_by_concept(session: orm.Session, provider_id: int) -> list[tuple[int, str, int]]:
    """(version id, concept, mappings) of a provider, from its sums."""
    key = (_S.c.version_id, _S.c.concept)
    added = sa.select(*key, sa.func.sum(_S.c.courses)).where(_S.c.organisation_id == provider_id, _S.c.courses > 0)
    return [(version, concept, int(count)) for version, concept, count in session.execute(added.group_by(*key))]


def list_held(
    session: orm.Session,
    provider_id: int,
    *,
    from_version: int | None = None,
    not_version: int | None = None,
    after: Key | None = None,
    limit: int | None = None,
    course_ids: Collection[int] | None = None,
) -> list[Held]:
    """A provider's mappings in the order of their keys."""
    columns = [_M.c[name] for name in Held._fields]
    statement = sa.select(*columns).where(_M.c.organisation_id == provider_id).order_by(*columns[:3])
    if from_version is not None:
        statement = statement.where(_M.c.version_id == from_version)
    if not_version is not None:
        statement = statement.where(_M.c.version_id != not_version)
    if after is not None:
        statement = statement.where(sa.tuple_(*columns[:3]) > sa.tuple_(*after))
    if course_ids is not None:
        statement = statement.where(_M.c.course_id.in_(course_ids))
    return list(map(Held._make, session.execute(statement.limit(limit))))


def list_migrated(session: orm.Session, provider_id: int, change: int) -> list[tuple[Held, str]]:
    """The mappings that a change migrated or dropped, as they were, each with what it became."""
    columns = [_H.c[name] for name in Held._fields]
    rows = sa.select(*columns, _H.c.ending, _H.c.became).where(
        _H.c.organisation_id == provider_id, _H.c.until == change
    )
    return [
        (Held._make(held), "" if ending == Ending.REMOVED else became or held[1])
        for *held, ending, became in session.execute(rows.order_by(*columns[:3]))
    ]


def list_former(session: orm.Session, provider_id: int, version_id: int) -> dict[Key, tuple[Held, ...]]:
    """What mappings were as of a version before a migration made them what they still are, by the key of today."""
    columns = [_H.c[name] for name in Held._fields]
    became = sa.case((_H.c.became == "", _H.c.concept), else_=_H.c.became)
    is_left_by = (
        _M.c.organisation_id == provider_id,
        _H.c.organisation_id == provider_id,
        _H.c.course_id == _M.c.course_id,
        _H.c.relation == _M.c.relation,
        _H.c.until == _M.c.since,
        _H.c.ending == Ending.MIGRATED.value,
        became == _M.c.concept,
    )
    statement = sa.select(_M.c.concept, *columns).where(*is_left_by).order_by(*columns[:3])
    found: dict[Key, list[Held]] = {}
    for concept, *row in session.execute(statement):
        held = Held._make(row)
        found.setdefault((held.course_id, concept, held.relation), []).append(held)
    return {key: tuple(rows) for key, rows in found.items() if any(row.version_id == version_id for row in rows)}


def names_of_courses(session: orm.Session, provider_id: int, ids: Iterable[int]) -> dict[int, str]:
    """The provider's own ids of courses, removed ones too."""
    statement = sa.select(CourseRow.id, CourseRow.external_id).where(
        CourseRow.organisation_id == provider_id, CourseRow.id.in_(set(ids))
    )
    return {row.id: row.external_id for row in session.execute(statement)}


# -- who has to be told ------------------------------------------------------------------------------------------------


def list_untold(session: orm.Session, version_id: int, limit: int) -> list[int]:
    """Providers with mappings that were not told of this version yet, by id."""
    told = sa.exists().where(
        NoticeRow.organisation_id == ProviderRow.organisation_id, NoticeRow.version_id == version_id
    )
    mapped = sa.exists().where(_S.c.organisation_id == ProviderRow.organisation_id, _S.c.version_id != version_id)
    statement = sa.select(ProviderRow.organisation_id).where(~told, mapped).order_by(ProviderRow.organisation_id)
    return list(session.scalars(statement.limit(limit)))


def has_notice(session: orm.Session, provider_id: int, version_id: int) -> bool:
    return session.get(NoticeRow, (provider_id, version_id)) is not None
