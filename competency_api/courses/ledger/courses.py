"""Writing courses: planned against what is stored, then written together with what it means for sums and mappings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.ids import new_uuid
from competency_api.courses.ledger import changes, mappings, staging, sums
from competency_api.courses.ledger.mappings import Counts
from competency_api.courses.models import CourseLanguageRow, CourseRow, MappingRow, ProviderRow
from competency_api.courses.values import NO_LEVEL, Course, Ending, canonical

_C: Any = CourseRow.__table__
_L: Any = CourseLanguageRow.__table__
_M: Any = MappingRow.__table__
_CONTENT = ("content", "visibility", "modality", "hours")
#: The content of a course that was removed.
_NOTHING = "{}"


@dataclass(frozen=True)
class Staged:
    """Courses that were laid down. With ``whole`` they are all there are: the provider's others are removed."""

    session: orm.Session
    organisation_id: int
    table: Any
    whole: bool = False

    @property
    def own(self) -> sa.ColumnElement[bool]:
        is_own: sa.ColumnElement[bool] = _C.c.organisation_id == self.organisation_id
        return is_own

    @property
    def met(self) -> sa.ColumnElement[bool]:
        """A row is about this course, removed or not."""
        return sa.and_(self.own, _C.c.external_id == self.table.c.external_id)

    @property
    def same(self) -> sa.ColumnElement[bool]:
        """A row says what is stored already."""
        return sa.and_(self.met, _C.c.removed_at.is_(None), _C.c.content == self.table.c.content)

    @property
    def unmet(self) -> sa.ColumnElement[bool]:
        """No row is about this course, which is to be removed therefore."""
        return sa.and_(self.own, _C.c.removed_at.is_(None), ~sa.exists().where(self.met))


def row_of(line: int, external_id: str, course: Course) -> tuple[Any, ...]:
    """A course as :func:`stage` takes it."""
    modality = course.modality.value if course.modality else ""
    content, languages = canonical(course), " ".join(course.languages)
    return (line, external_id, new_uuid(), content, course.visibility.value, modality, course.hours, languages)


def stage(
    session: orm.Session, organisation_id: int, rows: Iterable[tuple[Any, ...]], *, whole: bool = False
) -> Staged:
    """Lay down rows that :func:`row_of` made."""
    table = staging.staged_courses(session.get_bind().dialect.name)
    staging.clear(session, table)
    staging.lay(session, table, rows)
    staging.weigh(session, table, "line")
    return Staged(session, organisation_id, table, whole)


def repeated(staged: Staged, limit: int) -> list[tuple[int, int]]:
    """Lines about the same course: the first one, and the last."""
    line = staged.table.c.line
    least = sa.func.min(line)
    twice = sa.select(least, sa.func.max(line)).group_by(staged.table.c.external_id).having(sa.func.count() > 1)
    return [(first, last) for first, last in staged.session.execute(twice.order_by(least).limit(limit))]


def planned(staged: Staged) -> Counts:
    """What writing the rows would do. A course that was removed and comes back counts as added."""
    session, table = staged.session, staged.table
    total = session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    found = sa.select(sa.func.count(), sa.func.sum(sa.case((staged.same, 1), else_=0)))
    there = sa.and_(staged.met, _C.c.removed_at.is_(None))
    met, same = session.execute(found.select_from(table.join(_C, there))).one()
    removed = session.scalar(sa.select(sa.func.count()).where(staged.unmet)) if staged.whole else 0
    return Counts(added=total - met, changed=met - (same or 0), unchanged=same or 0, removed=removed or 0)


def count_mappings_of_removed(staged: Staged) -> int:
    """How many mappings end because no row is about their course."""
    joined = _M.join(_C, sa.and_(_C.c.organisation_id == _M.c.organisation_id, _C.c.id == _M.c.course_id))
    return staged.session.scalar(sa.select(sa.func.count()).select_from(joined).where(staged.unmet)) or 0


def write(staged: Staged, provider: ProviderRow, change: int, counts: Counts, now: dt.datetime) -> None:
    """Write what was planned. The rows that are laid down are used up by it."""
    session, table = staged.session, staged.table
    if counts.removed:
        remove(session, staged.organisation_id, staged.unmet, change, now)
    if counts.unchanged:
        session.execute(sa.delete(table).where(sa.exists().where(staged.same)))
    if counts.added or counts.changed:
        _move_sums(staged)
        _change(staged, now)
        _add(staged, provider, now)
        _write_languages(staged)


def remove(
    session: orm.Session, organisation_id: int, condition: sa.ColumnElement[bool], change: int, now: dt.datetime
) -> None:
    """Remove the provider's courses of which ``condition`` holds: their mappings end, and their content goes."""
    where = sa.and_(_C.c.organisation_id == organisation_id, _C.c.removed_at.is_(None), condition)
    ids = list(session.scalars(sa.select(_C.c.id).where(where)))
    for part in (ids[start : start + 500] for start in range(0, len(ids), 500)):
        mappings.end(session, organisation_id, _M.c.course_id.in_(part), change, Ending.REMOVED)
        mine = sa.and_(_L.c.organisation_id == organisation_id, _L.c.course_id.in_(part))
        session.execute(sa.delete(_L).where(mine))
        gone = sa.update(_C).where(_C.c.organisation_id == organisation_id, _C.c.id.in_(part))
        session.execute(
            gone.values(content=_NOTHING, modality="", hours=None, removed_at=now, revision=_C.c.revision + 1)
        )


def by_id(course_id: int) -> sa.ColumnElement[bool]:
    """For :func:`remove`: this one."""
    is_it: sa.ColumnElement[bool] = _C.c.id == course_id
    return is_it


def _move_sums(staged: Staged) -> None:
    """Mappings of a course that is held in another way now, or seen by others, count elsewhere from now on."""
    table = staged.table
    moved = sa.or_(_C.c.modality != table.c.modality, _C.c.visibility != table.c.visibility)
    joined = table.join(_C, sa.and_(staged.met, moved)).join(
        _M, sa.and_(_M.c.organisation_id == staged.organisation_id, _M.c.course_id == _C.c.id)
    )
    deltas = sums.Deltas()
    for side, sign in ((_C, -1), (table, 1)):
        level = sa.func.coalesce(_M.c.level, NO_LEVEL)
        keys = (_M.c.version_id, _M.c.concept, _M.c.relation, level, side.c.modality, side.c.visibility)
        statement = sa.select(*keys, sa.func.count(), sa.func.coalesce(sa.func.sum(_M.c.hours), 0))
        deltas.add(staged.session.execute(statement.select_from(joined).group_by(*keys)).all(), sign)
    sums.apply(staged.session, staged.organisation_id, deltas)


def _change(staged: Staged, now: dt.datetime) -> None:
    table = staged.table
    values = {name: table.c[name] for name in _CONTENT}
    counted = {"updated_at": now, "removed_at": None, "revision": _C.c.revision + 1}
    staged.session.execute(sa.update(_C).where(staged.met).values(**values, **counted))


def _add(staged: Staged, provider: ProviderRow, now: dt.datetime) -> None:
    session, table = staged.session, staged.table
    new = ~sa.exists().where(staged.met)
    number = sa.func.row_number().over(order_by=table.c.line) + provider.last_course
    fixed = {
        "organisation_id": sa.literal(staged.organisation_id),
        "id": number,
        "created_at": sa.literal(now, _C.c.created_at.type),
        "updated_at": sa.literal(now, _C.c.updated_at.type),
        "revision": sa.literal(1),
    }
    names = ("external_id", "uuid", *_CONTENT)
    rows = sa.select(*fixed.values(), *(table.c[name] for name in names)).where(new)
    count = session.scalar(sa.select(sa.func.count()).select_from(table).where(new)) or 0
    if count:
        session.execute(sa.insert(_C).from_select([*fixed, *names], rows))
        changes.count(session, provider, last_course=provider.last_course + count)


def _write_languages(staged: Staged) -> None:
    session, table = staged.session, staged.table
    said = session.execute(sa.select(_C.c.id, table.c.languages).select_from(table.join(_C, staged.met))).all()
    ours = sa.select(_C.c.id).select_from(table.join(_C, staged.met))
    session.execute(sa.delete(_L).where(_L.c.organisation_id == staged.organisation_id, _L.c.course_id.in_(ours)))
    rows = [
        {"organisation_id": staged.organisation_id, "course_id": course_id, "language": language}
        for course_id, languages in said
        for language in languages.split()
    ]
    if rows:
        session.execute(sa.insert(_L), rows)
