"""Writing mappings: planned against what is stored, then written with history and sums.

::

    staged = stage(session, organisation_id, rows)       # (line, course id, concept, relation, version, level, …)
    counts = planned(staged)
    write(staged, open_change(…), counts)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.courses.ledger import staging, sums
from competency_api.courses.models import CourseRow, MappingHistoryRow, MappingRow
from competency_api.courses.values import NO_LEVEL, Ending

_M: Any = MappingRow.__table__
_H: Any = MappingHistoryRow.__table__
_C: Any = CourseRow.__table__
_SAID = ("version_id", "level", "hours", "evidence", "span")
_KEY = ("course_id", "concept", "relation")
#: Members of :class:`sums.Key` that are a mapping's; the others are its course's.
Rows = Iterable[tuple[Any, ...]]


class Counts(msgspec.Struct, frozen=True):
    """How many rows are new, say something else than what is stored, or the same; and how many stored ones end."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Staged:
    """Rows that were laid down.

    ``ending`` says which mappings end when no row is about them; None: none do. About the members in ``untold`` the
    rows say nothing: what is stored stays. A row whose version is 0 leaves it as it is stored, or else takes
    ``version_id``.
    """

    session: orm.Session
    organisation_id: int
    table: Any
    ending: sa.ColumnElement[bool] | None = None
    untold: tuple[str, ...] = ()
    version_id: int = 0

    @property
    def own(self) -> sa.ColumnElement[bool]:
        is_own: sa.ColumnElement[bool] = _M.c.organisation_id == self.organisation_id
        return is_own

    @property
    def met(self) -> sa.ColumnElement[bool]:
        """A row is about this mapping."""
        return sa.and_(self.own, *(self.table.c[name] == _M.c[name] for name in _KEY))

    @property
    def same(self) -> sa.ColumnElement[bool]:
        """A row says what is stored already."""
        table = self.table
        is_version = sa.or_(table.c.version_id == 0, table.c.version_id == _M.c.version_id)
        told = [name for name in _SAID[1:] if name not in self.untold]
        return sa.and_(self.met, is_version, *(table.c[name].is_not_distinct_from(_M.c[name]) for name in told))


def of_courses(*course_ids: int) -> sa.ColumnElement[bool]:
    """For :func:`stage`: whatever these courses are mapped to ends when no row is about it."""
    is_of: sa.ColumnElement[bool] = _M.c.course_id.in_(course_ids)
    return is_of


def stage(
    session: orm.Session,
    organisation_id: int,
    rows: Rows,
    *,
    ending: sa.ColumnElement[bool] | None = None,
    untold: Iterable[str] = (),
    version_id: int = 0,
) -> Staged:
    """Lay rows down: line, course id, concept, relation, version id (0: not told), level, hours, evidence, span."""
    table = staging.staged_mappings(session.get_bind().dialect.name)
    staging.clear(session, table)
    staging.lay(session, table, rows)
    staging.weigh(session, table, "course_id")
    return Staged(session, organisation_id, table, ending, tuple(untold), version_id)


def repeated(staged: Staged, limit: int) -> list[tuple[int, int]]:
    """Lines about the same course, concept and relation: the first one, and the last."""
    line, key = staged.table.c.line, [staged.table.c[name] for name in _KEY]
    least = sa.func.min(line)
    twice = sa.select(least, sa.func.max(line)).group_by(*key).having(sa.func.count() > 1)
    return [(first, last) for first, last in staged.session.execute(twice.order_by(least).limit(limit))]


def unmet(staged: Staged, concepts: Collection[str]) -> list[tuple[int, str]]:
    """Rows without a version about one of these concepts that no stored mapping is about: their lines and concepts."""
    line, concept = staged.table.c.line, staged.table.c.concept
    where = (staged.table.c.version_id == 0, concept.in_(concepts), ~sa.exists().where(staged.met))
    return [(row.line, row.concept) for row in staged.session.execute(sa.select(line, concept).where(*where))]


def examples(staged: Staged, limit: int) -> list[tuple[str, int | None, int, str, str]]:
    """Some of what would be added, changed and removed: what, line, course id, concept, relation."""
    table, session = staged.table, staged.session
    keys = [table.c[name] for name in ("line", *_KEY)]
    is_met = sa.exists().where(staged.met)
    added = sa.select(*keys).where(~is_met)
    changed = sa.select(*keys).where(is_met, ~sa.exists().where(staged.same))
    removed = sa.select(sa.null(), *(_M.c[name] for name in _KEY)).where(_unmet(staged))
    kinds = {"added": added, "changed": changed, "removed": removed}
    return [(what, *row) for what, statement in kinds.items() for row in session.execute(statement.limit(limit)).all()]


def planned(staged: Staged) -> Counts:
    """What writing the rows would do."""
    session, table = staged.session, staged.table
    total = session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    found = sa.select(sa.func.count(), sa.func.sum(sa.case((staged.same, 1), else_=0)))
    met, same = session.execute(found.select_from(table.join(_M, staged.met))).one()
    removed = 0
    if staged.ending is not None:
        removed = session.scalar(sa.select(sa.func.count()).select_from(_M).where(_unmet(staged))) or 0
    return Counts(added=total - met, changed=met - (same or 0), unchanged=same or 0, removed=removed)


def write(staged: Staged, change: int, counts: Counts) -> None:
    """Write what was planned, with history and sums. The rows that are laid down are used up by it."""
    session, table = staged.session, staged.table
    if counts.removed:
        end(session, staged.organisation_id, _unmet(staged), change, Ending.REMOVED)
    if counts.unchanged:
        session.execute(sa.delete(table).where(sa.exists().where(staged.same)))
    _settle(staged)
    if counts.changed:
        end(session, staged.organisation_id, sa.exists().where(staged.met), change, Ending.CHANGED)
    if counts.added or counts.changed:
        _add(staged, change)


def _settle(staged: Staged) -> None:
    """Fill in what rows leave as it is stored."""
    session, table = staged.session, staged.table
    stored = {name: sa.select(_M.c[name]).where(staged.met).scalar_subquery() for name in staged.untold}
    version = sa.case((table.c.version_id == 0, _M.c.version_id), else_=table.c.version_id)
    stored["version_id"] = sa.select(version).where(staged.met).scalar_subquery()
    session.execute(sa.update(table).where(sa.exists().where(staged.met)).values(stored))
    session.execute(sa.update(table).where(table.c.version_id == 0).values(version_id=staged.version_id))


def end(
    session: orm.Session,
    organisation_id: int,
    condition: sa.ColumnElement[bool],
    change: int,
    ending: Ending,
    became: sa.ColumnElement[str] | str = "",
) -> None:
    """Move the provider's mappings of which ``condition`` holds into the history.

    ``became`` is the concept that each is of afterwards, where it is another one.
    """
    where = sa.and_(_M.c.organisation_id == organisation_id, condition)
    add_up(session, organisation_id, _M, where, -1)
    names = ("organisation_id", *_KEY, *_SAID, "since")
    last = (sa.literal(change), sa.literal(ending.value), became if not isinstance(became, str) else sa.literal(became))
    rows = sa.select(*(_M.c[name] for name in names), *last).where(where)
    session.execute(sa.insert(_H).from_select([*names, "until", "ending", "became"], rows))
    session.execute(sa.delete(_M).where(where))


def _add(staged: Staged, change: int) -> None:
    session, organisation_id, table = staged.session, staged.organisation_id, staged.table
    add_up(session, organisation_id, table, sa.true(), 1)
    names = (*_KEY, *_SAID)
    ours = (sa.literal(organisation_id), sa.literal(change))
    rows = sa.select(*ours, *(table.c[name] for name in names)).order_by(*(table.c[name] for name in _KEY))
    session.execute(sa.insert(_M).from_select(["organisation_id", "since", *names], rows))


def _unmet(staged: Staged) -> sa.ColumnElement[bool]:
    ending = sa.false() if staged.ending is None else staged.ending
    return sa.and_(staged.own, ending, ~sa.exists().where(staged.met))


def add_up(session: orm.Session, organisation_id: int, rows: Any, where: sa.ColumnElement[bool], sign: int) -> None:
    """Add rows of mappings (of a table with their columns) to the sums, or take them away: ``sign`` is 1 or -1."""
    level = sa.func.coalesce(rows.c.level, NO_LEVEL)
    keys = (rows.c.version_id, rows.c.concept, rows.c.relation, level, _C.c.modality, _C.c.visibility)
    course = sa.and_(_C.c.organisation_id == organisation_id, _C.c.id == rows.c.course_id)
    statement = (
        sa.select(*keys, sa.func.count(), sa.func.coalesce(sa.func.sum(rows.c.hours), 0))
        .select_from(rows.join(_C, course))
        .where(where)
        .group_by(*keys)
    )
    deltas = sums.Deltas()
    deltas.add(session.execute(statement).all(), sign)
    sums.apply(session, organisation_id, deltas)
