"""Imports: what the files say is planned against what is stored, and written with it in one transaction.

::

    reading = Reader(database, …).read(files)
    plan = import_reading(session, …, reading, …)     # one that writes; nothing is written by a dry run
"""

from __future__ import annotations

from collections.abc import Iterable
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
from competency_api.courses.ledger import changes, courses, filling, mappings
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
    """What an import does. ``examples`` are some of its changes, ``resolved`` what was named otherwise than by code;
    ``version`` is the one of new mappings that say none.
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
    is_whole = options.whole and reading.courses_given
    staged = courses.stage(session, provider.id, reading.courses, whole=is_whole)
    course_counts = courses.planned(staged)
    arriving = _arriving(session, provider, reading, options)
    lost = 0 if arriving.says_what_ends or not is_whole else courses.count_mappings_of_removed(staged)
    counts = msgspec.structs.replace(arriving.counts, removed=arriving.counts.removed + lost)
    if not options.dry_run and not (course_counts.is_nothing and counts.is_nothing):
        said = {"courses": msgspec.to_builtins(course_counts), "mappings": msgspec.to_builtins(counts)}
        change = changes.open_change(session, actor, row, Reason.IMPORT, **said)
        courses.write(staged, row, change, course_counts, clock.now())
        arriving.write(change)
        _tell(session, actor, provider, said)
    return Plan(
        courses=course_counts,
        mappings=counts,
        version=pins.number(reading.default),
        written=not options.dry_run,
        examples=tuple(arriving.examples()) if options.dry_run else (),
        resolved=tuple(
            {"asked": asked, "concept": found.code, "by": found.by, "match": found.match or None}
            for asked, found in sorted(reading.resolved.items())
        ),
    )


class _First:
    """The first mappings of a provider: there is nothing to compare with."""

    says_what_ends = False

    def __init__(self, session: orm.Session, provider: Provider, reading: Reading) -> None:
        self._session, self._provider, self._reading = session, provider, reading
        self.counts = Counts(added=reading.mappings.count)

    def write(self, change: int) -> None:
        if self.counts.added:
            try:
                filling.fill(self._session, self._provider.id, self._reading.mappings, change)
            except filling.Repeated as error:
                raise _refusal(self._reading, error.lines) from None

    def examples(self) -> Iterable[dict[str, Any]]:
        return ()


class _Compared:
    """Mappings that are compared with the stored ones."""

    def __init__(self, session: orm.Session, provider: Provider, reading: Reading, options: Options) -> None:
        self.says_what_ends = options.whole and reading.mappings_given
        self._own = reading.own_ids
        self._staged = mappings.stage(
            session,
            provider.id,
            reading.mappings,
            ending=sa.true() if self.says_what_ends else None,
            untold=reading.untold,
            version_id=reading.default,
        )
        _require_met(self._staged, reading)
        if lines := mappings.repeated(self._staged, limit=100):
            raise _refusal(reading, lines)
        self.counts = mappings.planned(self._staged)

    def write(self, change: int) -> None:
        mappings.write(self._staged, change, self.counts)

    def examples(self) -> Iterable[dict[str, Any]]:
        for what, line, course_id, concept, relation in mappings.examples(self._staged, _SHOWN):
            course = self._own.get(course_id, "")
            yield {"what": what, "line": line, "course": course, "concept": concept, "relation": relation}


def _arriving(session: orm.Session, provider: Provider, reading: Reading, options: Options) -> _First | _Compared:
    if options.dry_run or filling.has_mappings(session, provider.id):
        return _Compared(session, provider, reading, options)
    return _First(session, provider, reading)


def _require_met(staged: mappings.Staged, reading: Reading) -> None:
    """Refuse rows that rely on the version of a stored mapping that is not there."""
    problems = Problems()
    for line, concept in mappings.unmet(staged, reading.relied) if reading.relied else ():
        message = f"{concept} is not active in the present version, and the course has no mapping of before to it."
        problems.add(Place(reading.sources.get("mappings", ""), line, 0, "concept"), message, concept)
    if problems.found:
        raise FilesRefused(problems)


def _refusal(reading: Reading, lines: Iterable[tuple[int, int]]) -> FilesRefused:
    problems = Problems()
    for first, last in lines:
        message = f"The same course, concept and relation stand in line {first} already."
        problems.add(Place(reading.sources.get("mappings", ""), last), message)
    return FilesRefused(problems)


def _tell(session: orm.Session, actor: Actor, provider: Provider, said: dict[str, Any]) -> None:
    subject, data = f"provider/{provider.code}", {"provider": provider.code, **said}
    record(session, actor, IMPORTED, subject, provider.id, **said)
    events.record(session, IMPORTED, subject, actor.name, data, audience=Audience.ORGANISATION,
                  organisation_id=provider.id)  # fmt: skip
