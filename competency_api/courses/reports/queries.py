"""Reads of the kept sums, and of single mappings where they have to be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.courses.coverage.counting import TEACHES, Sums
from competency_api.courses.models import CourseRow, CoverageSumRow, CoverageTotalRow, MappingRow, ProviderRow
from competency_api.courses.values import NO_LEVEL

_S: Any = CoverageSumRow.__table__
_T: Any = CoverageTotalRow.__table__
_M: Any = MappingRow.__table__
_C: Any = CourseRow.__table__


def sums_of_provider(session: orm.Session, provider_id: int) -> Sums:
    """Of all of the provider's courses, private ones too."""
    return _kept(session, _S, _S.c.organisation_id == provider_id)


def sums_of_everybody(session: orm.Session) -> Sums:
    """Of the public courses of all providers."""
    return _kept(session, _T, sa.true())


def _kept(session: orm.Session, table: Any, whose: sa.ColumnElement[bool]) -> Sums:
    added = (sa.func.sum(table.c.courses), sa.cast(sa.func.sum(table.c.hours), sa.BigInteger))
    # in the order of the table's key, so that SQLite need not sort; NULL hours do not occur in sums
    by_level = (table.c.version_id, table.c.concept, table.c.relation, table.c.level)
    by_modality = (table.c.version_id, table.c.concept, table.c.modality)
    is_there = sa.and_(whose, table.c.courses > 0)
    levels = sa.select(*by_level, *added).where(is_there).group_by(*by_level)
    modalities = sa.select(*by_modality, *added).where(is_there, table.c.relation == TEACHES).group_by(*by_modality)
    return Sums(_rows(session, levels), _rows(session, modalities))


def sums_of_courses(session: orm.Session, provider_id: int, course_ids: Collection[int]) -> Sums:
    """Of these courses, counted from their mappings."""
    level = sa.func.coalesce(_M.c.level, NO_LEVEL)
    added = (sa.func.count(), sa.cast(sa.func.coalesce(sa.func.sum(_M.c.hours), 0), sa.BigInteger))
    where = sa.and_(_M.c.organisation_id == provider_id, _M.c.course_id.in_(course_ids))
    course = sa.and_(_C.c.organisation_id == provider_id, _C.c.id == _M.c.course_id)
    by_level = (_M.c.version_id, _M.c.concept, _M.c.relation, level)
    by_modality = (_M.c.version_id, _M.c.concept, _C.c.modality)
    levels = sa.select(*by_level, *added).where(where).group_by(*by_level)
    modalities = sa.select(*by_modality, *added).select_from(_M.join(_C, course)).where(where)
    taught = modalities.where(_M.c.relation == TEACHES).group_by(*by_modality)
    return Sums(_rows(session, levels), _rows(session, taught))


def _rows(session: orm.Session, statement: sa.Select[Any]) -> Sequence[Any]:
    # the driver's own rows: thousands of them are unpacked, and none is asked for a name
    return session.execute(statement).fetchall()


def state_of_provider(session: orm.Session, provider_id: int) -> tuple[int, ...]:
    """The same as long as the provider's courses and mappings are."""
    statement = sa.select(ProviderRow.last_change).where(ProviderRow.organisation_id == provider_id)
    return (session.scalar(statement) or 0,)


def state_of_everybody(session: orm.Session) -> tuple[int, ...]:
    """The same as long as the courses and mappings of all providers are: each only ever counts up."""
    providers, changes = session.execute(sa.select(sa.func.count(), sa.func.sum(ProviderRow.last_change))).one()
    return (int(providers), int(changes or 0))


def list_shown_courses(
    session: orm.Session, provider_id: int, course_ids: Collection[int] | None, limit: int
) -> Sequence[tuple[int, str, str]]:
    """(id, external id, content) of the first courses that have mappings, in the order in which they were added."""
    statement = (
        sa.select(_C.c.id, _C.c.external_id, _C.c.content)
        .where(*_shown(provider_id, course_ids))
        .order_by(_C.c.id)
        .limit(limit)
    )
    return [(key, external_id, content) for key, external_id, content in session.execute(statement)]


def count_shown_courses(session: orm.Session, provider_id: int, course_ids: Collection[int] | None) -> int:
    """How many courses have mappings."""
    counted = sa.select(sa.func.count()).select_from(_C).where(*_shown(provider_id, course_ids))
    return session.scalar(counted) or 0


def _shown(provider_id: int, course_ids: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    has_mappings = sa.exists().where(_M.c.organisation_id == provider_id, _M.c.course_id == _C.c.id)
    among = [] if course_ids is None else [_C.c.id.in_(course_ids)]
    return [_C.c.organisation_id == provider_id, _C.c.removed_at.is_(None), has_mappings, *among]


def list_cells(session: orm.Session, provider_id: int, course_ids: Collection[int]) -> Iterable[Any]:
    """(course id, version id, concept, relation, level) of every mapping of these courses."""
    statement = sa.select(_M.c.course_id, _M.c.version_id, _M.c.concept, _M.c.relation, _M.c.level).where(
        _M.c.organisation_id == provider_id, _M.c.course_id.in_(course_ids)
    )
    return session.execute(statement).all()


def find_course_ids(session: orm.Session, provider_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """The ids of the courses that there are of these, by the provider's own."""
    statement = sa.select(_C.c.external_id, _C.c.id).where(
        _C.c.organisation_id == provider_id, _C.c.removed_at.is_(None), _C.c.external_id.in_(external_ids)
    )
    return {row.external_id: row.id for row in session.execute(statement)}
