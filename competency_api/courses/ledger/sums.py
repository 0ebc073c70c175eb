"""The sums of coverage: what mappings add to them and take away, written in the same transaction.

A provider's sums are written under the provider's lock. Those over the public courses of all providers are rows that
every import has to write; if each did so where it stands, two of them would wait for each other until the longer one
ends, or for ever. So they are written when the transaction ends, under a lock that is held for its commit alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from competency_api.core.db import lock
from competency_api.courses.models import CoverageSumRow, CoverageTotalRow
from competency_api.courses.values import Visibility

#: Held by whoever writes the totals, from there to the end of its transaction.
TOTALS_LOCK = "courses.totals"
_PENDING = "competency-api.courses.totals"
_SUMS: Any = CoverageSumRow.__table__
_TOTALS: Any = CoverageTotalRow.__table__


class Key(NamedTuple):
    """What mappings are summed by; ``level`` 0 is none, ``modality`` empty not told."""

    version_id: int
    concept: str
    relation: str
    level: int
    modality: str
    visibility: str


class Deltas:
    """By how much sums change."""

    def __init__(self) -> None:
        self.courses: Counter[Key] = Counter()
        self.hours: Counter[Key] = Counter()

    def add(self, rows: Iterable[Any], sign: int = 1) -> None:
        """Add rows of the members of a key, a number of mappings and their hours."""
        for *members, courses, hours in rows:
            key = Key(*members)
            self.courses[key] += sign * courses
            self.hours[key] += sign * hours

    def rows(self) -> dict[Key, tuple[int, int]]:
        """Courses and hours by key, without what stays as it is; in one order, which is that of the locks."""
        keys = sorted(key for key in self.courses if self.courses[key] or self.hours[key])
        return {key: (self.courses[key], self.hours[key]) for key in keys}


def apply(session: orm.Session, organisation_id: int, deltas: Deltas) -> None:
    """Change the provider's sums now, and the totals at the end of the transaction."""
    changed = deltas.rows()
    rows = [
        {"organisation_id": organisation_id, **key._asdict(), "courses": courses, "hours": hours}
        for key, (courses, hours) in changed.items()
    ]
    _upsert(session, _SUMS, rows, _SUMS.c.organisation_id == organisation_id)
    pending: Deltas = session.info.setdefault(_PENDING, Deltas())
    pending.add((*key, *both) for key, both in changed.items() if key.visibility == Visibility.PUBLIC)


def _upsert(session: orm.Session, table: Any, rows: list[dict[str, Any]], whose: sa.ColumnElement[bool]) -> None:
    if not rows:
        return
    insert: Any
    if session.get_bind().dialect.name == "postgresql":
        insert, given = postgresql.insert(table).from_select(list(rows[0]), _unnested(table, rows)), None
    else:
        insert, given = sqlite.insert(table), rows
    added = {name: table.c[name] + insert.excluded[name] for name in ("courses", "hours")}
    session.execute(insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=added), given)
    if any(row["courses"] < 0 for row in rows):
        session.execute(sa.delete(table).where(whose, table.c.courses == 0))


def _unnested(table: Any, rows: list[dict[str, Any]]) -> sa.Select[Any]:
    """The rows in their order, as one array for each column: one statement, however many they are."""
    arrays = {name: postgresql.ARRAY(table.c[name].type) for name in rows[0]}
    return sa.select(
        *(sa.func.unnest(sa.literal([row[name] for row in rows], type_)) for name, type_ in arrays.items())
    )


# Before the hook of events: whoever holds their lock must not have to wait for this one.
@sa.event.listens_for(orm.Session, "before_commit", insert=True)
def _write_totals(session: orm.Session) -> None:
    # the end of a savepoint is not the end of the transaction
    if session.in_nested_transaction():
        return
    pending: Deltas | None = session.info.pop(_PENDING, None)
    rows = pending.rows() if pending else {}
    if rows:
        lock(session, TOTALS_LOCK)
        _upsert(session, _TOTALS, [_total(key, *both) for key, both in rows.items()], sa.true())


def _total(key: Key, courses: int, hours: int) -> dict[str, Any]:
    members = key._asdict()
    del members["visibility"]
    return {**members, "courses": courses, "hours": hours}
