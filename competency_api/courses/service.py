"""Commands of providers on single courses. Each leaves its change, its entry in the audit trail and its event.

Every one writes under the provider's lock, through the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import orm

from competency_api.accounts.service import record
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import require_revision
from competency_api.core.errors import FieldError, InvalidInput, NotFound, PreconditionFailed, PreconditionRequired
from competency_api.courses import queries
from competency_api.courses.entry import WrongCourse, course_from, fault_of_external_id
from competency_api.courses.ledger import changes, courses, mappings
from competency_api.courses.models import CourseRow
from competency_api.courses.naming import Named, NotNamed, candidates_document
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider, Settings
from competency_api.courses.values import MappingRequest, Reason
from competency_api.events import service as events
from competency_api.events.values import Audience


def change_settings(
    session: orm.Session, actor: Actor, provider: Provider, expected: frozenset[int], automatic_migration: bool
) -> Settings:
    """Raises PreconditionFailed."""
    row = changes.lock_provider(session, provider.id)
    require_revision(row.revision, expected)
    if row.automatic_migration != automatic_migration:
        row.automatic_migration = automatic_migration
        record(session, actor, "provider.changed", f"provider/{provider.code}", provider.id,
               automatic_migration=[not automatic_migration, automatic_migration])  # fmt: skip
    session.flush()
    return Settings(row.automatic_migration, row.revision, row.last_change)


# -- courses -----------------------------------------------------------------------------------------------------------


def put_course(
    session: orm.Session,
    actor: Actor,
    provider: Provider,
    external_id: str,
    document: dict[str, Any],
    expected: frozenset[int] | None,
) -> tuple[CourseRow, bool]:
    """Make the course, or change what is there: then ``expected`` holds its revision. Gives whether it is new.

    Raises InvalidInput, PreconditionRequired and PreconditionFailed. What says nothing new changes nothing.
    """
    fault = fault_of_external_id(external_id)
    if fault:
        raise InvalidInput(FieldError(fault, parameter="external_id"))
    try:
        course = course_from(document)
    except WrongCourse as wrong:
        raise InvalidInput(wrong.errors) from None
    row = changes.lock_provider(session, provider.id)
    before = queries.find_course(session, provider.id, external_id)
    _require_expected(before, expected)
    staged = courses.stage(session, provider.id, [courses.row_of(1, external_id, course)])
    counts = courses.planned(staged)
    if not counts.is_nothing:
        change = changes.open_change(session, actor, row, Reason.EDIT, course=external_id)
        courses.write(staged, row, change, counts, clock.now())
    after = queries.get_course(session, provider.id, external_id)
    if not counts.is_nothing:
        _tell(session, actor, provider, "course.created" if before is None else "course.changed", after)
    return after, before is None


def _require_expected(found: CourseRow | None, expected: frozenset[int] | None) -> None:
    if found is None:
        if expected:
            raise PreconditionFailed("There is no such course; leave `If-Match` out to make it.")
    elif expected is None:
        message = "The course exists: send the `ETag` of what you read in `If-Match` to change it."
        raise PreconditionRequired(message, extra={"etag": f'"{found.revision}"'})
    else:
        require_revision(found.revision, expected)


def remove_course(
    session: orm.Session, actor: Actor, provider: Provider, external_id: str, expected: frozenset[int]
) -> None:
    """Remove it; its mappings stay in the history. Raises NotFound and PreconditionFailed."""
    row = changes.lock_provider(session, provider.id)
    found = queries.get_course(session, provider.id, external_id)
    require_revision(found.revision, expected)
    change = changes.open_change(session, actor, row, Reason.EDIT, course=external_id)
    courses.remove(session, provider.id, courses.by_id(found.id), change, clock.now())
    _tell(session, actor, provider, "course.removed", found)


# -- mappings ----------------------------------------------------------------------------------------------------------


def put_mappings(
    session: orm.Session,
    actor: Actor,
    provider: Provider,
    external_id: str,
    expected: frozenset[int],
    requests: Sequence[MappingRequest],
    pins: Pins,
) -> tuple[CourseRow, list[Named]]:
    """Make these the mappings of the course: others of it end. Gives what each named, in the order asked.

    ``expected`` is about the state of its mappings. Raises NotFound, PreconditionFailed and InvalidInput.
    """

    def check(course: CourseRow) -> None:
        require_revision(queries.mappings_state(session, provider.id, course.id), expected)

    return _write_mappings(session, actor, provider, external_id, requests, pins, check=check, is_whole=True)


def add_mapping(
    session: orm.Session, actor: Actor, provider: Provider, external_id: str, request: MappingRequest, pins: Pins
) -> tuple[CourseRow, Named]:
    """Add a mapping to the course, or change that of the same concept and relation. Raises NotFound, InvalidInput."""

    def check(course: CourseRow) -> None:
        """Whatever there is, one more can be added."""

    row, (named,) = _write_mappings(session, actor, provider, external_id, [request], pins, check=check, is_whole=False)
    return row, named


def _write_mappings(
    session: orm.Session,
    actor: Actor,
    provider: Provider,
    external_id: str,
    requests: Sequence[MappingRequest],
    pins: Pins,
    *,
    check: Callable[[CourseRow], None],
    is_whole: bool,
) -> tuple[CourseRow, list[Named]]:
    row = changes.lock_provider(session, provider.id)
    course = queries.get_course(session, provider.id, external_id)
    check(course)
    named, rows = _resolved(course.id, requests, pins, is_whole)
    ending = mappings.of_courses(course.id) if is_whole else None
    staged = mappings.stage(session, provider.id, rows, ending=ending)
    counts = mappings.planned(staged)
    if not counts.is_nothing:
        details = {"added": counts.added, "changed": counts.changed, "removed": counts.removed}
        change = changes.open_change(session, actor, row, Reason.EDIT, course=external_id, **details)
        mappings.write(staged, change, counts)
        _tell(session, actor, provider, "mapping.changed", course, **details)
    return queries.get_course(session, provider.id, external_id), named


def _resolved(
    course_id: int, requests: Sequence[MappingRequest], pins: Pins, is_whole: bool
) -> tuple[list[Named], list[tuple[Any, ...]]]:
    """What the requests name, and their rows. Raises InvalidInput with all that is wrong."""
    named: list[Named] = []
    rows: dict[tuple[str, str], tuple[Any, ...]] = {}
    errors: list[FieldError] = []
    candidates: dict[str, Any] = {}
    for place, request in enumerate(requests):
        pointer = f"/items/{place}" if is_whole else ""
        try:
            version = pins.resolve(request.version)
            concepts = pins.concepts(version)
            found = concepts.find(request.concept)
        except NotFound as error:
            errors.append(FieldError(error.message, pointer=f"{pointer}/version"))
            continue
        except NotNamed as error:
            errors.append(FieldError(error.message, pointer=f"{pointer}/concept"))
            candidates[f"{pointer}/concept"] = candidates_document(error.candidates, concepts.taxonomy)
            continue
        if request.level is not None and not concepts.has_levels(found.code):
            errors.append(FieldError(f"{found.code} is no competency and has no levels.", pointer=f"{pointer}/level"))
        if (found.code, request.relation) in rows:
            errors.append(FieldError(f"The course {request.relation} {found.code} already.", pointer=pointer))
        named.append(found)
        said = (version.id, request.level, request.hours, request.evidence, request.span)
        rows[found.code, request.relation] = (place, course_id, found.code, request.relation.value, *said)
    if errors:
        raise InvalidInput(errors, extra={"candidates": {key: each for key, each in candidates.items() if each}})
    return named, list(rows.values())


def _tell(session: orm.Session, actor: Actor, provider: Provider, what: str, course: CourseRow, **details: Any) -> None:
    subject, data = f"course/{course.uuid}", {"provider": provider.code, "external_id": course.external_id, **details}
    record(session, actor, what, subject, provider.id, **data)
    events.record(session, what, subject, actor.name, data, audience=Audience.ORGANISATION, organisation_id=provider.id)
