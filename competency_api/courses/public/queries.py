"""Reads of what everybody may see, for pages and embeds: private and removed courses are in none of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.courses.models import CourseLanguageRow, CourseRow, CoverageTotalRow, ProviderRow
from competency_api.courses.queries import Filters, Provider, course_conditions, providers_of
from competency_api.courses.values import Visibility

#: Languages that are told of: more than any catalogue is held in.
_MOST_LANGUAGES = 60
_IS_SHOWN = (CourseRow.visibility == Visibility.PUBLIC.value, CourseRow.removed_at.is_(None))


def list_shown(session: orm.Session, filters: Filters, offset: int, limit: int) -> Sequence[CourseRow]:
    """Courses behind the first ``offset``, in the order of all lists of courses."""
    statement = sa.select(CourseRow).where(*_IS_SHOWN, *course_conditions(filters))
    return session.scalars(
        statement.order_by(CourseRow.organisation_id, CourseRow.id).offset(offset).limit(limit)
    ).all()


def list_shown_by_id(session: orm.Session, uuids: Sequence[str]) -> Sequence[CourseRow]:
    """Those of these courses that everybody may see, in the order of all lists of courses."""
    statement = sa.select(CourseRow).where(*_IS_SHOWN, CourseRow.uuid.in_(uuids))
    return session.scalars(statement.order_by(CourseRow.organisation_id, CourseRow.id)).all()


def count_shown(session: orm.Session, filters: Filters, most: int) -> int:
    """How many courses there are; ``most`` where there are that many or more, since counting millions takes long."""
    some = sa.select(sa.literal(1)).select_from(CourseRow).where(*_IS_SHOWN, *course_conditions(filters)).limit(most)
    return session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def count_by_relation(session: orm.Session, concept: str) -> dict[str, int]:
    """How many courses teach, assess and require a concept, as of any version."""
    row = CoverageTotalRow
    statement = sa.select(row.relation, sa.func.sum(row.courses)).where(row.concept == concept).group_by(row.relation)
    return {relation: int(count) for relation, count in session.execute(statement) if count}


def list_shown_providers(session: orm.Session) -> list[Provider]:
    """The providers that have a course to show, by name."""
    has_one = sa.exists().where(CourseRow.organisation_id == ProviderRow.organisation_id, *_IS_SHOWN)
    found = session.scalars(sa.select(ProviderRow.organisation_id).where(has_one))
    return sorted(providers_of(session, found).values(), key=lambda provider: (provider.name.casefold(), provider.code))


def list_shown_languages(session: orm.Session) -> list[str]:
    """The languages in which courses are held: one look into the index for each, however many courses there are."""
    row, found = CourseLanguageRow, [""]
    is_of = sa.and_(CourseRow.organisation_id == row.organisation_id, CourseRow.id == row.course_id)
    while len(found) <= _MOST_LANGUAGES:
        statement = sa.select(row.language).join(CourseRow, is_of).where(row.language > found[-1], *_IS_SHOWN)
        tag = session.scalar(statement.order_by(row.language).limit(1))
        if tag is None:
            break
        found.append(tag)
    return found[1:]
