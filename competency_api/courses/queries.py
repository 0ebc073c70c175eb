"""Reads of courses and mappings.

A provider's own reads take its id first; what is public is read without one, and never shows a private course.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import (
    codes_of_organisations,
    find_organisation,
    get_organisation,
    names_of_organisations,
)
from competency_api.accounts.values import COMMAND_LINE, Actor, OrganisationKind
from competency_api.core.errors import NotFound
from competency_api.core.text import fault_of, printable
from competency_api.courses.models import (
    ChangeRow,
    CourseLanguageRow,
    CourseRow,
    CoverageSumRow,
    MappingHistoryRow,
    MappingRow,
    ProviderRow,
)
from competency_api.courses.values import Visibility

#: Concepts in one question: a database takes some 30,000 values.
_AT_ONCE = 10_000


@dataclass(frozen=True)
class Provider:
    """An organisation that may have courses."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Settings:
    """What a provider has set, and how far it has counted: the same ``last_change``, the same courses and mappings.

    The defaults are those of a provider that never wrote anything, as of one that has just begun.
    """

    automatic_migration: bool = False
    revision: int = 1
    last_change: int = 0
    last_course: int = 0


@dataclass(frozen=True)
class Filters:
    """Which courses are meant; several values of one are alternatives. Hours are hundredths.

    ``concept``, ``relations`` and ``levels`` are about one and the same mapping.
    """

    concept: str | None = None
    relations: Sequence[str] = ()
    levels: Sequence[int] = ()
    languages: Sequence[str] = ()
    modalities: Sequence[str] = ()
    provider_id: int | None = None
    least_hours: int | None = None
    most_hours: int | None = None
    visibility: str | None = None


#: What a list of courses is ordered by: the provider's id, and the course's.
Key = tuple[int, int]


def get_provider(session: orm.Session, actor: Actor, code: str) -> Provider:
    """Raises NotFound, also for an organisation that is not the actor's, or has no courses."""
    if own := _own_provider(actor, code):
        return own
    row = get_organisation(session, actor, code)
    if row.kind == OrganisationKind.PARTNER:
        raise NotFound(f'The organisation "{printable(code)}" is no provider of courses.')
    return Provider(row.id, row.code, row.name)


def _own_provider(actor: Actor, code: str) -> Provider | None:
    """The actor's own organisation, where all of it was read with their key."""
    if actor.organisation != code or actor.organisation_kind in (None, OrganisationKind.PARTNER):
        return None
    if actor.organisation_id is None or actor.organisation_name is None:
        return None
    return Provider(actor.organisation_id, code, actor.organisation_name)


def find_provider(session: orm.Session, code: str) -> Provider | None:
    """Any provider, for what is public."""
    row = find_organisation(session, COMMAND_LINE, code)
    return None if row is None or row.kind == OrganisationKind.PARTNER else Provider(row.id, row.code, row.name)


def get_settings(session: orm.Session, provider_id: int) -> Settings:
    row = session.get(ProviderRow, provider_id)
    return (
        Settings() if row is None else Settings(row.automatic_migration, row.revision, row.last_change, row.last_course)
    )


# -- courses -----------------------------------------------------------------------------------------------------------


def find_course(session: orm.Session, provider_id: int, external_id: str) -> CourseRow | None:
    """A course by its provider's own id; None when it was removed."""
    if fault_of(external_id):
        return None
    statement = sa.select(CourseRow).where(
        CourseRow.organisation_id == provider_id, CourseRow.external_id == external_id, CourseRow.removed_at.is_(None)
    )
    return session.scalar(statement.execution_options(populate_existing=True))


def get_course(session: orm.Session, provider_id: int, external_id: str) -> CourseRow:
    """Raises NotFound."""
    row = find_course(session, provider_id, external_id)
    if row is None:
        raise NotFound(f'This provider has no course "{printable(external_id)}".')
    return row


def get_public_course(session: orm.Session, uuid: str) -> CourseRow:
    """Raises NotFound, also for a private one."""
    is_shown = (CourseRow.visibility == Visibility.PUBLIC.value, CourseRow.removed_at.is_(None))
    found = None if fault_of(uuid) else session.scalar(sa.select(CourseRow).where(CourseRow.uuid == uuid, *is_shown))
    if found is None:
        raise NotFound(f'There is no public course "{printable(uuid)}".')
    return found


def course_ids(session: orm.Session, provider_id: int, *, removed: bool = False) -> dict[str, int]:
    """The ids of a provider's courses by the provider's own; of ``removed`` ones too, if that is asked for."""
    statement = sa.select(CourseRow.external_id, CourseRow.id).where(CourseRow.organisation_id == provider_id)
    if not removed:
        statement = statement.where(CourseRow.removed_at.is_(None))
    return dict(session.execute(statement).all())


def contents_of(session: orm.Session, provider_id: int, external_ids: Sequence[str]) -> dict[str, str]:
    """The stored contents of a provider's courses, by the provider's own ids."""
    statement = sa.select(CourseRow.external_id, CourseRow.content).where(
        CourseRow.organisation_id == provider_id,
        CourseRow.removed_at.is_(None),
        CourseRow.external_id.in_(external_ids),
    )
    return dict(session.execute(statement).all())


def held_concepts(session: orm.Session, provider_id: int) -> frozenset[str]:
    """The concepts that a provider's mappings are of, whatever their version."""
    statement = sa.select(CoverageSumRow.concept).where(CoverageSumRow.organisation_id == provider_id).distinct()
    return frozenset(session.scalars(statement))


def list_courses(session: orm.Session, filters: Filters, after: Key | None, limit: int) -> Sequence[CourseRow]:
    """Courses in one order, one more than ``limit``."""
    statement = sa.select(CourseRow).where(CourseRow.removed_at.is_(None), *course_conditions(filters))
    if after is not None:
        statement = statement.where(sa.tuple_(CourseRow.organisation_id, CourseRow.id) > sa.tuple_(*after))
    return session.scalars(statement.order_by(CourseRow.organisation_id, CourseRow.id).limit(limit + 1)).all()


def course_conditions(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    """Which courses are meant."""
    if filters.provider_id is not None:
        yield CourseRow.organisation_id == filters.provider_id
    if filters.visibility is not None:
        yield CourseRow.visibility == filters.visibility
    if filters.modalities:
        yield CourseRow.modality.in_(filters.modalities)
    if filters.least_hours is not None:
        yield CourseRow.hours >= filters.least_hours
    if filters.most_hours is not None:
        yield CourseRow.hours <= filters.most_hours
    if filters.languages:
        yield _among(CourseLanguageRow, CourseLanguageRow.language.in_(filters.languages))
    if filters.concept is not None or filters.relations or filters.levels:
        yield _among(MappingRow, *mapping_conditions(filters))


def mapping_conditions(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    """Which mappings are meant."""
    if filters.concept is not None:
        yield MappingRow.concept == filters.concept
    if filters.relations:
        yield MappingRow.relation.in_(filters.relations)
    if filters.levels:
        yield MappingRow.level.in_(filters.levels)


def _among(table: type[Any], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    is_of = (table.organisation_id == CourseRow.organisation_id, table.course_id == CourseRow.id)
    return sa.exists().where(*is_of, *conditions)


def names_of(session: orm.Session, rows: Iterable[CourseRow]) -> dict[int, Provider]:
    """The providers of these courses by their ids."""
    return providers_of(session, {row.organisation_id for row in rows})


def providers_of(session: orm.Session, ids: Iterable[int]) -> dict[int, Provider]:
    """Providers by their ids."""
    return {key: Provider(key, code, name) for key, (code, name) in names_of_organisations(session, ids).items()}


# -- mappings ----------------------------------------------------------------------------------------------------------


def list_mappings(
    session: orm.Session, provider_id: int, course_ids: Iterable[int], filters: Filters | None = None
) -> Sequence[tuple[MappingRow, dt.datetime]]:
    """The mappings of these courses, each with when it was written."""
    statement = (
        sa.select(MappingRow, ChangeRow.at)
        .join(ChangeRow, sa.and_(ChangeRow.organisation_id == provider_id, ChangeRow.id == MappingRow.since))
        .where(MappingRow.organisation_id == provider_id, MappingRow.course_id.in_(set(course_ids)))
        .where(*mapping_conditions(filters or Filters()))
        .order_by(MappingRow.course_id, MappingRow.concept, MappingRow.relation)
        .execution_options(populate_existing=True)
    )
    return [(row, at) for row, at in session.execute(statement)]


def mappings_state(session: orm.Session, provider_id: int, course_id: int) -> int:
    """The newest change that made or ended a mapping of the course, 0 without any: says whether they are the same."""

    def newest(table: Any, change: Any) -> int:
        where = (table.organisation_id == provider_id, table.course_id == course_id)
        return session.scalar(sa.select(sa.func.max(change)).where(*where)) or 0

    return max(newest(MappingRow, MappingRow.since), newest(MappingHistoryRow, MappingHistoryRow.until))


def list_history(
    session: orm.Session, provider_id: int, course_id: int, before: tuple[int, str, str] | None, limit: int
) -> Sequence[tuple[MappingHistoryRow, ChangeRow, dt.datetime]]:
    """Mappings as they were, newest first: each with the change that ended it, and when it was written."""
    began = orm.aliased(ChangeRow)
    row = MappingHistoryRow
    statement = (
        sa.select(row, ChangeRow, began.at)
        .join(ChangeRow, sa.and_(ChangeRow.organisation_id == provider_id, ChangeRow.id == row.until))
        .join(began, sa.and_(began.organisation_id == provider_id, began.id == row.since))
        .where(row.organisation_id == provider_id, row.course_id == course_id)
        .order_by(row.until.desc(), row.concept.desc(), row.relation.desc())
    )
    if before is not None:
        statement = statement.where(sa.tuple_(row.until, row.concept, row.relation) < sa.tuple_(*before))
    return [(ended, by, at) for ended, by, at in session.execute(statement.limit(limit + 1))]


# -- whom a change of concepts touches ---------------------------------------------------------------------------------


def list_uses(session: orm.Session, concepts: Iterable[str]) -> Iterator[tuple[str, str, str, str, bool]]:
    """Everybody's mappings to these concepts: provider's code, its id of the course, relation, concept, is public.

    Private ones too, since they are touched as well: whoever shows them to others must not name them.
    """
    columns = (
        *(MappingRow.organisation_id, CourseRow.external_id, MappingRow.relation, MappingRow.concept),
        CourseRow.visibility == Visibility.PUBLIC.value,
    )
    is_of = sa.and_(CourseRow.organisation_id == MappingRow.organisation_id, CourseRow.id == MappingRow.course_id)
    codes: dict[int, str] = {}
    asked = list(concepts)
    for some in (asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)):
        statement = sa.select(*columns).join(CourseRow, is_of).where(MappingRow.concept.in_(some))
        rows = session.execute(statement).all()
        codes |= codes_of_organisations(session, {row[0] for row in rows} - codes.keys())
        for organisation, course, relation, concept, is_public in rows:
            yield codes[organisation], course, relation, concept, is_public
