"""Suggestions for a whole catalogue, as a job: courses are read in pieces, and the list is written at the end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from competency_api.catalogue.store import VersionStore
from competency_api.courses.bulk.files.spool import Spool
from competency_api.courses.pins import Pins
from competency_api.courses.queries import get_provider
from competency_api.courses.suggestions import queries
from competency_api.courses.suggestions.asking import Suggester
from competency_api.courses.suggestions.presentation import list_document
from competency_api.courses.suggestions.service import keep_list
from competency_api.courses.suggestions.values import Wanted
from competency_api.courses.values import course_of
from competency_api.jobs.service import actor_of
from competency_api.jobs.worker import Task
from competency_api.matching.accepted import AcceptedTexts
from competency_api.matching.matcher import Matcher
from competency_api.matching.texts.lexicon import primary
from competency_api.versions.values import VersionInfo

KIND = "courses.suggestions"
_COURSES_AT_ONCE = 200

Row = tuple[Any, ...]


def suggest_job(task: Task) -> None:
    """Make the list that was asked for."""
    asked, actor = task.claim.request, actor_of(task.claim)
    store = VersionStore(task.database, max_bytes=task.settings.version_cache_bytes, refresh_seconds=0)
    pins, wanted = Pins(store, task.settings.base_url), msgspec.convert(asked["wanted"], Wanted)
    version = pins.resolve(asked["version"])
    with task.database.reading(fresh=True) as session:
        provider = get_provider(session, actor, asked["provider"])
    spool, courses = Spool(), 0
    try:
        for rows, read in _found(task, provider.id, _suggester(task, provider.id, store, version), wanted):
            spool.add(rows)
            courses = read
        with task.database.transaction() as session:
            task.keep(session)
            row = keep_list(session, actor, provider, version, msgspec.to_builtins(wanted), courses, spool)
            task.finish(session, list_document(row, provider.code, pins))
    finally:
        spool.close()


def _suggester(task: Task, provider_id: int, store: VersionStore, version: VersionInfo) -> Suggester:
    matcher = Matcher(store.taxonomy(version))

    @cache
    def accepted(language: str) -> AcceptedTexts:
        with task.database.reading(fresh=True) as session:
            return queries.accepted_texts(session, primary(language), provider_id)

    return Suggester(store.taxonomy(version), lambda: matcher, accepted)


def _found(task: Task, provider_id: int, suggester: Suggester, wanted: Wanted) -> Iterator[tuple[list[Row], int]]:
    """Rows of the list, and how many courses were read by then."""
    read = 0
    with task.database.reading(fresh=True) as session:
        total = queries.count_courses(session, provider_id)
    for batch in _batches(task, provider_id):
        with task.database.reading(fresh=True) as session:
            settled = queries.settled(session, provider_id, [course_id for course_id, _ in batch])
        rows: list[Row] = []
        for course_id, content in batch:
            text, found = suggester.of(course_of(content), wanted, settled.get(course_id, ()))
            for place, match in enumerate(found.matches, 1):
                said = msgspec.json.encode(match).decode()
                rows.append((course_id, place, match.code, match.confidence, text.digest, text.language, said))
            read += 1
            task.report(read, total)
        yield rows, read


def _batches(task: Task, provider_id: int) -> Iterator[list[tuple[int, str]]]:
    """The courses in pieces; no transaction is open while one is worked on."""
    after = 0
    while True:
        with task.database.reading(fresh=True) as session:
            batch = queries.list_contents(session, provider_id, after, _COURSES_AT_ONCE)
        if not batch:
            return
        yield batch
        after = batch[-1][0]
