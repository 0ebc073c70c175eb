"""Sums against what they are sums of, and rows that refer to nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import lock
from competency_api.courses.ledger import changes
from competency_api.courses.ledger.sums import TOTALS_LOCK
from competency_api.courses.models import CourseRow, CoverageSumRow, CoverageTotalRow, MappingRow
from competency_api.courses.values import NO_LEVEL, Visibility

_M: Any = MappingRow.__table__
_C: Any = CourseRow.__table__
_SUMS: Any = CoverageSumRow.__table__
_TOTALS: Any = CoverageTotalRow.__table__
_NUMBERS = ("courses", "hours")
#: Differences that are listed.
_SHOWN = 20


class Check(msgspec.Struct, frozen=True):
    """What was found: how many mappings and sums there are, and what does not agree, in words; at most a few of it."""

    mappings: int
    sums: int
    differences: tuple[str, ...]
    orphans: int

    @property
    def is_good(self) -> bool:
        return not self.differences and not self.orphans


def check_sums(session: orm.Session) -> Check:
    """Recompute every sum and compare. Reads one state of the database throughout."""
    own, public = _own_sums(), _public_sums()
    found = [
        f"{where}, {side}: {_shown(row)}"
        for where, computed, stored in (("sums", own, sa.select(_SUMS)), ("totals", public, sa.select(_TOTALS)))
        for side, left, right in (("missing", computed, stored), ("wrong", stored, computed))
        for row in session.execute(_minus(left, right).limit(_SHOWN))
    ]
    count = sa.select(sa.func.count())
    return Check(
        mappings=session.scalar(count.select_from(_M)) or 0,
        sums=session.scalar(count.select_from(_SUMS)) or 0,
        differences=tuple(found[:_SHOWN]),
        orphans=session.scalar(count.select_from(_M).where(~sa.exists().where(_its_course()))) or 0,
    )


def repair_sums(session: orm.Session) -> None:
    """Write all sums anew, while nobody else writes courses. Rows that refer to nothing stay: they need a person."""
    for organisation_id in session.scalars(sa.select(_C.c.organisation_id).distinct().order_by(_C.c.organisation_id)):
        changes.lock_provider(session, organisation_id)
    lock(session, TOTALS_LOCK)
    for table, computed in ((_SUMS, _own_sums()), (_TOTALS, _public_sums())):
        session.execute(sa.delete(table))
        session.execute(sa.insert(table).from_select([column.name for column in table.c], computed))


def _its_course() -> sa.ColumnElement[bool]:
    return sa.and_(_C.c.organisation_id == _M.c.organisation_id, _C.c.id == _M.c.course_id, _C.c.removed_at.is_(None))


def _own_sums() -> sa.Select[Any]:
    return _summed(_SUMS)


def _public_sums() -> sa.Select[Any]:
    return _summed(_TOTALS).where(_C.c.visibility == Visibility.PUBLIC.value)


def _summed(table: Any) -> sa.Select[Any]:
    """The rows that the table should have, with its columns in their order."""
    level = sa.func.coalesce(_M.c.level, NO_LEVEL)
    sources = {"level": level, "modality": _C.c.modality, "visibility": _C.c.visibility}
    keys = [sources.get(column.name, _M.c.get(column.name)) for column in table.c if column.name not in _NUMBERS]
    numbers = (sa.func.count(), sa.cast(sa.func.coalesce(sa.func.sum(_M.c.hours), 0), sa.BigInteger))
    return sa.select(*keys, *numbers).select_from(_M.join(_C, _its_course())).group_by(*keys)


def _minus(left: sa.Select[Any], right: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(sa.except_(left, right).subquery())


def _shown(row: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in row._mapping.items())
