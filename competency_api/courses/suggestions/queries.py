"""Reads of suggestions: what is settled, what was accepted, and lists."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.errors import NotFound
from competency_api.courses.models import CourseRow, MappingRow, ProviderRow
from competency_api.courses.suggestions.models import DecidedRow, ListRow, SuggestionRow, TextRow
from competency_api.courses.values import Course, Visibility, course_of
from competency_api.matching.accepted import Accepted, AcceptedTexts

#: Texts of a concept that are remembered: the newest of each organisation before its second newest.
MOST_TEXTS = 10

_D, _T, _C = DecidedRow, TextRow, CourseRow


# -- what was accepted, for similar texts ------------------------------------------------------------------------------


def marks(session: orm.Session) -> int:
    """The same as long as the same acceptances count for others: whatever changes them is a change of a provider's."""
    return int(session.scalar(sa.select(sa.func.sum(ProviderRow.last_change))) or 0)


def accepted_texts(session: orm.Session, language: str, provider_id: int | None = None) -> AcceptedTexts:
    """What was accepted for texts in the language (a primary subtag), as the provider may know it; None: anybody.

    Of others only what they accepted for courses that were public then, and still are, and mapped so; of its own,
    refusals as well.
    """
    rows = session.execute(_remembered(language, provider_id))
    return AcceptedTexts(
        Accepted(json.loads(words), concept, organisation, organisation == provider_id, verdict == "rejected")
        for organisation, concept, verdict, words in rows
    )


def _remembered(language: str, provider_id: int | None) -> sa.Select[Any]:
    own = _D.organisation_id == provider_id if provider_id is not None else sa.false()
    is_mapped = sa.exists().where(
        MappingRow.organisation_id == _D.organisation_id,
        MappingRow.course_id == _D.course_id,
        MappingRow.concept == _D.concept,
    )
    is_accepted = sa.and_(_D.verdict == "accepted", is_mapped)
    is_public = sa.and_(_C.visibility == Visibility.PUBLIC.value, _D.visibility == Visibility.PUBLIC.value)
    known = sa.or_(sa.and_(is_accepted, sa.or_(own, is_public)),
                   sa.and_(own, _D.verdict == "rejected"))  # fmt: skip
    newest = (_D.decided_at.desc(), _D.course_id.desc())
    each = sa.func.row_number().over(partition_by=(_D.concept, _D.organisation_id), order_by=newest)
    is_own = sa.case((own, 1), else_=0)
    columns = (_D.organisation_id, _D.concept, _D.verdict, _T.words, _D.decided_at, _D.course_id)
    of_text = sa.and_(_T.organisation_id == _D.organisation_id, _T.course_id == _D.course_id, _T.digest == _D.digest)
    of_course = sa.and_(_C.organisation_id == _D.organisation_id, _C.id == _D.course_id, _C.removed_at.is_(None))
    found = (
        sa.select(*columns, is_own.label("own"), each.label("turn"))
        .join(_T, of_text)
        .join(_C, of_course)
        .where(_T.language == language, known)
        .subquery()
    )
    order = (found.c.own.desc(), found.c.turn, found.c.decided_at.desc(), found.c.organisation_id, found.c.course_id)
    placed = sa.select(found, sa.func.row_number().over(partition_by=found.c.concept, order_by=order).label("at"))
    few = placed.subquery()
    names = (few.c.organisation_id, few.c.concept, few.c.verdict, few.c.words)
    return sa.select(*names).where(few.c["at"] <= MOST_TEXTS).order_by(few.c.concept, few.c["at"])


# -- what a provider has settled ---------------------------------------------------------------------------------------


def settled(session: orm.Session, provider_id: int, course_ids: Collection[int]) -> Mapping[int, set[str]]:
    """By course, the concepts that it is mapped to, and those that were rejected for it."""
    found: dict[int, set[str]] = defaultdict(set)
    for table in (MappingRow, _D):
        is_of = (table.organisation_id == provider_id, table.course_id.in_(course_ids))
        statement = sa.select(table.course_id, table.concept).where(*is_of)
        if table is _D:
            statement = statement.where(_D.verdict == "rejected")
        for course_id, concept in session.execute(statement):
            found[course_id].add(concept)
    return found


def contents(session: orm.Session, provider_id: int, course_ids: Collection[int]) -> dict[int, Course]:
    """Courses by their ids, without removed ones."""
    is_there = (_C.organisation_id == provider_id, _C.id.in_(course_ids), _C.removed_at.is_(None))
    rows = session.execute(sa.select(_C.id, _C.content).where(*is_there))
    return {course_id: course_of(content) for course_id, content in rows}


def decided(session: orm.Session, provider_id: int, keys: Collection[tuple[int, str]]) -> dict[Any, DecidedRow]:
    """What was decided about these courses and concepts."""
    courses = {course_id for course_id, _ in keys}
    statement = sa.select(_D).where(_D.organisation_id == provider_id, _D.course_id.in_(courses))
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return {(row.course_id, row.concept): row for row in rows if (row.course_id, row.concept) in keys}


def list_decided(
    session: orm.Session, provider_id: int, course_id: int, after: str | None, limit: int
) -> Sequence[DecidedRow]:
    """What was decided about a course, by concept, one more than ``limit``."""
    statement = sa.select(_D).where(_D.organisation_id == provider_id, _D.course_id == course_id)
    if after is not None:
        statement = statement.where(_D.concept > after)
    return session.scalars(statement.order_by(_D.concept).limit(limit + 1)).all()


# -- lists -------------------------------------------------------------------------------------------------------------


def list_contents(session: orm.Session, provider_id: int, after: int, limit: int) -> list[tuple[int, str]]:
    """The ids and contents of courses behind an id, in the order of their ids."""
    is_there = (_C.organisation_id == provider_id, _C.removed_at.is_(None), _C.id > after)
    rows = session.execute(sa.select(_C.id, _C.content).where(*is_there).order_by(_C.id).limit(limit))
    return [(course_id, content) for course_id, content in rows]


def count_courses(session: orm.Session, provider_id: int) -> int:
    is_there = (_C.organisation_id == provider_id, _C.removed_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).select_from(_C).where(*is_there)) or 0


def get_list(session: orm.Session, provider_id: int, list_id: str) -> ListRow:
    """Raises NotFound."""
    known = list_id.isascii() and list_id.isdigit() and len(list_id) < 10
    row = session.get(ListRow, (provider_id, int(list_id))) if known else None
    if row is None:
        raise NotFound("This provider has no such list of suggestions.")
    return row


def list_lists(session: orm.Session, provider_id: int, before: int | None, limit: int) -> Sequence[ListRow]:
    """Newest first, one more than ``limit``."""
    statement = sa.select(ListRow).where(ListRow.organisation_id == provider_id).order_by(ListRow.id.desc())
    if before is not None:
        statement = statement.where(ListRow.id < before)
    return session.scalars(statement.limit(limit + 1)).all()


@dataclass(frozen=True)
class Filters:
    """Which suggestions of a list: of these courses (the provider's own ids), so decided (``open``: not), so sure."""

    courses: Collection[str] = ()
    decision: str | None = None
    min_confidence: float = 0.0


Suggested = tuple[SuggestionRow, CourseRow, str | None]


def list_suggestions(
    session: orm.Session, row: ListRow, filters: Filters, after: tuple[int, int] | None = None, limit: int | None = None
) -> Sequence[Suggested]:
    """Suggestions of a list with their courses and what was decided, by course, best first; one more than ``limit``."""
    one = SuggestionRow
    of_course = sa.and_(_C.organisation_id == one.organisation_id, _C.id == one.course_id, _C.removed_at.is_(None))
    of_decision = sa.and_(
        _D.organisation_id == one.organisation_id, _D.course_id == one.course_id, _D.concept == one.concept
    )
    statement = sa.select(one, _C, _D.verdict).join(_C, of_course).outerjoin(_D, of_decision)
    statement = statement.where(one.organisation_id == row.organisation_id, one.list_id == row.id)
    statement = statement.where(one.confidence >= filters.min_confidence)
    if filters.courses:
        statement = statement.where(_C.external_id.in_(filters.courses))
    if filters.decision is not None:
        is_open = filters.decision == "open"
        statement = statement.where(_D.verdict.is_(None) if is_open else _D.verdict == filters.decision)
    if after is not None:
        statement = statement.where(sa.tuple_(one.course_id, one.place) > sa.tuple_(*after))
    statement = statement.order_by(one.course_id, one.place)
    rows = session.execute(statement if limit is None else statement.limit(limit + 1))
    return [(found, course, verdict) for found, course, verdict in rows]
