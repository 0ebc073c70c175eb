"""Commands of suggestions: decide about some, keep a list. Whoever writes holds the provider's lock."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.service import record
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import insert_into
from competency_api.core.errors import Conflict
from competency_api.courses.ledger import changes, mappings
from competency_api.courses.models import MappingRow, ProviderRow
from competency_api.courses.queries import Provider
from competency_api.courses.suggestions import queries
from competency_api.courses.suggestions.asking import CourseText
from competency_api.courses.suggestions.models import DecidedRow, ListRow, SuggestionRow, TextRow
from competency_api.courses.suggestions.values import STANDING_AFTER, Decided, Offer, Outcome, Standing, Verdict
from competency_api.courses.values import Course, Reason
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.matching.accepted import bag_of
from competency_api.matching.texts.lexicon import primary
from competency_api.versions.values import VersionInfo

#: Lists that a provider keeps: a new one takes the place of the oldest.
KEPT_LISTS = 5
_ROWS_AT_ONCE = 5_000
_PAST_ORM = {"synchronize_session": False}


def decide(
    session: orm.Session, actor: Actor, provider: Provider, version: VersionInfo, entries: Sequence[Decided]
) -> Outcome:
    """Write what was decided, all of it: mappings as of the version, the decisions, and the words of their texts.

    A mapping that is there already, of the same relation, stays as it is. Raises Conflict when the text of a course is
    no longer the one that the suggestion was made for.
    """
    row = changes.lock_provider(session, provider.id)
    courses = queries.contents(session, provider.id, {entry.course_id for entry in entries})
    texts = _texts(courses, entries)
    known = queries.decided(session, provider.id, {entry.key for entry in entries})
    was_accepted = {key for key, found in known.items() if found.verdict == Standing.ACCEPTED}
    results = [
        (entry.key, _settle(session, actor, row, version, entry, known.get(entry.key), courses.get(entry.course_id)))
        for entry in entries
    ]
    new = _unmapped(session, provider.id, entries)
    # what was accepted counts for others: that is a change as well, by which they know that something is new
    moved = [key for key, what in results if what == Standing.ACCEPTED or (what != "unchanged" and key in was_accepted)]
    if new or moved:
        said = {"version": str(version.number), "decided": len(moved), "added": len(new)}
        _write_mappings(session, row, version, new, changes.open_change(session, actor, row, Reason.SUGGESTION, **said))
    for key, text in texts.items():
        _keep_text(session, provider.id, *key, text)
    session.flush()
    outcome = Outcome(**Counter(what for _, what in results), mappings=len(new))
    _tell(session, actor, provider, version, outcome, sorted({entry.external_id for entry in entries}))
    return outcome


def _texts(courses: Mapping[int, Course], entries: Iterable[Decided]) -> dict[tuple[int, str], CourseText]:
    """The texts that something is accepted or rejected for, by course and digest. Raises Conflict."""
    wanted = {(e.course_id, e.offer.digest): e.offer.language for e in entries if e.offer is not None}
    found: dict[tuple[int, str], CourseText] = {}
    for (course_id, digest), language in wanted.items():
        text = CourseText.of(courses[course_id], language) if course_id in courses else None
        if text is None or text.digest != digest:
            raise Conflict("The text of a course changed a moment ago: ask for its suggestions again.")
        found[course_id, digest] = text
    return found


def _unmapped(session: orm.Session, provider_id: int, entries: Iterable[Decided]) -> list[tuple[int, str, Offer]]:
    """What is accepted and not mapped yet: course id, concept, what to write."""
    accepted = [(e.course_id, e.concept, e.offer) for e in entries if e.verdict is Verdict.ACCEPT and e.offer]
    table, ids = MappingRow, {course_id for course_id, _, _ in accepted}
    mine = (table.organisation_id == provider_id, table.course_id.in_(ids))
    rows = session.execute(sa.select(table.course_id, table.concept, table.relation).where(*mine))
    there = {tuple(row) for row in rows}
    return [each for each in accepted if (each[0], each[1], each[2].relation.value) not in there]


def _write_mappings(
    session: orm.Session, row: ProviderRow, version: VersionInfo, new: Sequence[tuple[int, str, Offer]], change: int
) -> None:
    if new:
        rows = (_row(number, *each, version) for number, each in enumerate(new, 1))
        staged = mappings.stage(session, row.organisation_id, rows)
        mappings.write(staged, change, mappings.planned(staged))


def _row(number: int, course_id: int, concept: str, offer: Offer, version: VersionInfo) -> tuple[Any, ...]:
    said = (version.id, offer.level, offer.hours, offer.evidence, offer.span)
    return (number, course_id, concept, offer.relation.value, *said)


def _settle(
    session: orm.Session,
    actor: Actor,
    row: ProviderRow,
    version: VersionInfo,
    entry: Decided,
    found: DecidedRow | None,
    course: Course | None,
) -> str:
    """Write one decision over what was decided before; gives the member of :class:`Outcome` that it counts in."""
    offer, standing = entry.offer, STANDING_AFTER[entry.verdict].value
    if offer is None or course is None:
        if found is not None:
            session.delete(found)
        return "unchanged" if found is None else "reopened"
    said = (standing, offer.digest, course.visibility.value)
    if found is not None and (found.verdict, found.digest, found.visibility) == said:
        return "unchanged"
    if found is None:
        found = DecidedRow(organisation_id=row.organisation_id, course_id=entry.course_id, concept=entry.concept)
        session.add(found)
    found.verdict, found.digest, found.visibility = said
    found.relation, found.level, found.confidence = offer.relation.value, offer.level, offer.confidence
    found.version_id, found.decided_at = version.id, clock.now()
    found.actor, found.key = actor.name, actor.key
    return standing


def _keep_text(session: orm.Session, provider_id: int, course_id: int, digest: str, text: CourseText) -> None:
    if session.get(TextRow, (provider_id, course_id, digest)) is None:
        language = primary(text.language)
        words = json.dumps(bag_of(text.whole, language), ensure_ascii=False, sort_keys=True)
        key = {"organisation_id": provider_id, "course_id": course_id, "digest": digest}
        session.add(TextRow(**key, language=language, words=words))


def _tell(
    session: orm.Session, actor: Actor, provider: Provider, version: VersionInfo, outcome: Outcome, courses: list[str]
) -> None:
    subject, what = f"provider/{provider.code}", "suggestion.decided"
    data: dict[str, Any] = {"provider": provider.code, "version": str(version.number), "courses": len(courses)}
    data |= msgspec.structs.asdict(outcome) | ({"external_id": courses[0]} if len(courses) == 1 else {})
    record(session, actor, what, subject, provider.id, **data)
    events.record(session, what, subject, actor.name, data, audience=Audience.ORGANISATION, organisation_id=provider.id)


def follow(session: orm.Session, staged: mappings.Staged) -> None:
    """Let acceptances follow mappings that a migration moves to other concepts: ``evidence`` of a row says which one.

    Whoever calls this ends the mappings afterwards. Where something was decided about the other concept already, the
    later of both stays. A refusal stays with the concept that was refused.
    """
    rows, was = staged.table.c, DecidedRow
    is_moved = sa.and_(was.organisation_id == staged.organisation_id, was.verdict == Standing.ACCEPTED.value,
                       was.course_id == rows.course_id, was.concept == rows.concept,
                       was.relation == rows.relation, rows.evidence != "")  # fmt: skip
    columns = [column for column in was.__table__.columns if column.name != "concept"]
    found = session.execute(sa.select(*columns, rows.evidence.label("concept")).where(is_moved)).mappings().all()
    if not found:
        return
    session.execute(sa.delete(was).where(sa.exists().where(is_moved)), execution_options=_PAST_ORM)
    adding = insert_into(session, was)
    later = {column.name: adding.excluded[column.name] for column in columns if not column.primary_key}
    is_later = adding.excluded.decided_at > was.decided_at
    adding = adding.on_conflict_do_update(index_elements=was.__table__.primary_key, set_=later, where=is_later)
    session.execute(adding, [dict(row) for row in found])


# -- lists -------------------------------------------------------------------------------------------------------------


def keep_list(
    session: orm.Session,
    actor: Actor,
    provider: Provider,
    version: VersionInfo,
    asked: dict[str, Any],
    courses: int,
    rows: Iterable[tuple[Any, ...]],
) -> ListRow:
    """Keep suggestions for a catalogue; the provider's oldest list leaves when there are many.

    ``rows``: course id, place, concept, confidence, digest, language, match as JSON.
    """
    changes.lock_provider(session, provider.id)
    last = session.scalar(sa.select(sa.func.max(ListRow.id)).where(ListRow.organisation_id == provider.id)) or 0
    row = ListRow(
        organisation_id=provider.id,
        id=last + 1,
        version_id=version.id,
        asked=json.dumps(asked),
        courses=courses,
        suggestions=0,
        created_at=clock.now(),
        actor=actor.name,
    )
    session.add(row)
    session.flush()
    row.suggestions = _insert(session, row, rows)
    for table, number in ((SuggestionRow, SuggestionRow.list_id), (ListRow, ListRow.id)):
        old = sa.delete(table).where(table.organisation_id == provider.id, number <= row.id - KEPT_LISTS)
        session.execute(old, execution_options=_PAST_ORM)
    session.flush()
    return row


def _insert(session: orm.Session, row: ListRow, rows: Iterable[tuple[Any, ...]]) -> int:
    names = ("course_id", "place", "concept", "confidence", "digest", "language", "found")
    mine = {"organisation_id": row.organisation_id, "list_id": row.id}
    count, waiting = 0, list[dict[str, Any]]()
    for each in rows:
        waiting.append({**mine, **dict(zip(names, each, strict=True))})
        if len(waiting) == _ROWS_AT_ONCE:
            session.execute(sa.insert(SuggestionRow), waiting)
            waiting.clear()
        count += 1
    if waiting:
        session.execute(sa.insert(SuggestionRow), waiting)
    return count
