"""Imports: what the files say is planned against what is stored, and written with it in one transaction.

::

    reading = Reader(session, …).read(files)          # any reading session
    plan = import_reading(session, …, reading, …)     # one that writes; nothing is written by a dry run
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.service import record
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.errors import Conflict
from competency_api.courses.bulk.reading import FilesRefused, Reading
from competency_api.courses.ledger import changes, courses, mappings
from competency_api.courses.ledger.mappings import Counts
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider
from competency_api.courses.values import Reason
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.formats.document import Place, Problems

IMPORTED = "catalogue.imported"
#: Entries of each kind that a plan shows.
_SHOWN = 20


class Outdated(Conflict):
    """The provider's courses changed between reading the files and writing; they can be read again."""


@dataclass(frozen=True)
class Options:
    """``whole``: the files are all there is, so that what is missing in them is removed."""

    whole: bool = False
    dry_run: bool = False
    version: str = "latest"


class Plan(msgspec.Struct, frozen=True):
    """What an import does. ``examples`` are some of its changes in words, ``resolved`` what was named otherwise than by
    its code; ``version`` is the one of new mappings that say none.
    """

    courses: Counts
    mappings: Counts
    version: str
    written: bool
    examples: tuple[dict[str, Any], ...] = ()
    resolved: tuple[dict[str, Any], ...] = ()


def import_reading(
    session: orm.Session, actor: Actor, provider: Provider, reading: Reading, options: Options, pins: Pins
) -> Plan:
    """Plan it, and unless it is a dry run write it, with its change, its entry in the audit trail and its event.

    Raises Outdated, and FilesRefused for what only the comparison shows.
    """
    row = changes.lock_provider(session, provider.id)
    if row.last_change != reading.state:
        raise Outdated("The provider's courses were changed while the files were read; send them again.")
    staged_courses = courses.stage(session, provider.id, reading.courses, whole=options.whole and reading.courses_given)
    ending = sa.true() if options.whole and reading.mappings_given else None
    staged = mappings.stage(session, provider.id, reading.mappings, ending=ending)
    _settle(staged, reading)
    _require_once(staged, reading)
    course_counts, counts = courses.planned(staged_courses), mappings.planned(staged)
    plan = Plan(
        courses=course_counts,
        mappings=msgspec.structs.replace(counts, removed=counts.removed + _lost(staged_courses, staged)),
        version=pins.number(reading.default),
        written=not options.dry_run,
        examples=tuple(_examples(staged)) if options.dry_run else (),
        resolved=tuple(
            {"asked": asked, "concept": found.code, "by": found.by, "match": found.match or None}
            for asked, found in sorted(reading.resolved.items())
        ),
    )
    if not options.dry_run and not (course_counts.is_nothing and plan.mappings.is_nothing):
        said = {"courses": msgspec.to_builtins(plan.courses), "mappings": msgspec.to_builtins(plan.mappings)}
        change = changes.open_change(session, actor, row, Reason.IMPORT, **said)
        courses.write(staged_courses, row, change, course_counts, clock.now())
        mappings.write(staged, change, counts)
        _tell(session, actor, provider, said)
    return plan


def _settle(staged: mappings.Staged, reading: Reading) -> None:
    """Fill in what rows leave to the stored mappings; refuse those that rely on one that is not there."""
    if reading.relied:
        problems = Problems()
        for line, concept in mappings.unmet(staged, reading.relied):
            message = f"{concept} is not active in the present version, and the course has no mapping of before to it."
            problems.add(Place(reading.sources.get("mappings", ""), line, 0, "concept"), message, concept)
        if problems.found:
            raise FilesRefused(problems)
    mappings.keep_stored(staged, reading.untold)
    mappings.settle_versions(staged, reading.default)


def _require_once(staged: mappings.Staged, reading: Reading) -> None:
    problems = Problems()
    for first, last in mappings.repeated(staged, limit=100):
        message = f"The same course, concept and relation stand in line {first} already."
        problems.add(Place(reading.sources.get("mappings", ""), last), message)
    if problems.found:
        raise FilesRefused(problems)


def _lost(staged_courses: courses.Staged, staged: mappings.Staged) -> int:
    """Mappings that end because their courses are removed, where no file says so itself."""
    if staged.ending is not None or not staged_courses.whole:
        return 0
    return courses.count_mappings_of_removed(staged_courses)


def _examples(staged: mappings.Staged) -> list[dict[str, Any]]:
    return [
        {"what": what, "line": line, "course": course, "concept": concept, "relation": relation}
        for what, line, course, concept, relation in mappings.examples(staged, _SHOWN)
    ]


def _tell(session: orm.Session, actor: Actor, provider: Provider, said: dict[str, Any]) -> None:
    subject, data = f"provider/{provider.code}", {"provider": provider.code, **said}
    record(session, actor, IMPORTED, subject, provider.id, **said)
    events.record(session, IMPORTED, subject, actor.name, data, audience=Audience.ORGANISATION,
                  organisation_id=provider.id)  # fmt: skip
