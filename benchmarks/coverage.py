"""Coverage: 300 concepts against 100,000 mappings of one provider, and 10,000,000 of everybody, on both databases.

The mappings of the one provider are written by the product, row by row of the catalogue. Of the ten million only the
sums are: with every level, relation and way of teaching of every concept, which is as many rows as sums can have, and
ten million mappings in them. What is read does not depend on how many mappings a sum is of.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks import synthetic
from benchmarks.databases import DATABASES
from benchmarks.samples import Figure, Samples, at_most
from benchmarks.sections import Effort, Section
from competency_api.accounts import service as accounts
from competency_api.accounts.keys import new_secret
from competency_api.accounts.values import COMMAND_LINE, KeyRequest
from competency_api.app import FEATURES, build
from competency_api.core import clock
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http import context_of, provide
from competency_api.core.migrations import upgrade
from competency_api.courses.ledger import changes, courses, mappings
from competency_api.courses.models import CoverageTotalRow
from competency_api.courses.queries import course_ids, get_provider
from competency_api.courses.reports.memory import ReportMemory
from competency_api.courses.values import Course, MappingRelation, Modality, Reason
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.draft import save_draft
from competency_api.versions.service import publish_version
from competency_api.versions.values import PublicationRequest

CONCEPTS, COURSES, EACH, EVERYBODY = 300, 2_000, 50, 10_000_000
FIRST, AGAIN = 50.0, 5.0
_PROVIDER = "bench"
_QUIET = {"requests_per_minute_address": 0, "requests_per_minute_key": 0, "invalid_keys_per_minute": 0}
_RELATIONS = tuple(relation.value for relation in MappingRelation)


def measure(effort: Effort) -> Section:
    figures: list[Figure] = []
    for name, made in DATABASES:
        with made("coverage") as url, _served(url) as (app, key):
            own = {"Authorization": f"Bearer {key}"}
            for what, path, headers in (
                ("one provider, 100,000 mappings", f"/api/v1/providers/{_PROVIDER}/coverage", own),
                ("everybody, sums of 10,000,000 mappings", "/api/v1/coverage", {}),
            ):
                figures += _figures(f"{name}: {what}", app, path, headers, effort)
    return Section("coverage", figures, remarks=[(__doc__ or "").split("\n\n", 1)[1].strip()])


def _figures(name: str, app: Flask, path: str, headers: dict[str, str], effort: Effort) -> list[Figure]:
    client = app.test_client()

    def ask() -> float:
        began = time.perf_counter()
        answer = client.get(f"{path}?lang=en", headers=headers)
        assert answer.status_code == 200, answer.text
        return 1000 * (time.perf_counter() - began)

    first, again = [], []
    ask()  # the version is loaded, the statements are known
    for _ in range(max(effort.rounds, 3)):
        with app.app_context():
            provide(app, ReportMemory())
        first.append(ask())
        again.append(min(ask() for _ in range(3)))
    return [
        at_most(f"{name}, first time", Samples.of(first), FIRST, "ms", 1),
        at_most(f"{name}, unchanged", Samples.of(again), AGAIN, "ms", 1),
    ]


@contextmanager
def _served(url: str) -> Iterator[tuple[Flask, str]]:
    database = Database(Settings(database_url=url))
    upgrade(database)
    key = _filled(database, synthetic.taxonomy(CONCEPTS))
    database.close()
    app = build(Settings(database_url=url, **_QUIET), FEATURES)
    try:
        yield app, key
    finally:
        context_of(app).close()


def _filled(database: Database, taxonomy: Taxonomy) -> str:
    """A version, a provider with its catalogue, the sums of everybody; gives the provider's key."""
    key = new_secret()
    with database.transaction() as session:
        save_draft(session, "bench", taxonomy)
        publish_version(session, "bench", PublicationRequest(title="Measured"))
        accounts.create_organisation(session, COMMAND_LINE, _PROVIDER, "Bench", "provider")
        wanted = KeyRequest("bench", frozenset({"courses"}), organisation=_PROVIDER)
        accounts.create_key(session, COMMAND_LINE, wanted, key)
    codes = [concept.code for concept in taxonomy if concept.kind == "competency"]
    with database.transaction() as session:
        _write_catalogue(session, codes)
    with database.transaction() as session:
        session.execute(sa.delete(CoverageTotalRow))
        session.execute(sa.insert(CoverageTotalRow), _totals(codes))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    return key


def _write_catalogue(session: Any, codes: list[str]) -> None:
    chance = random.Random(7)  # the same every time
    provider = get_provider(session, COMMAND_LINE, _PROVIDER)
    row = changes.lock_provider(session, provider.id)
    change = changes.open_change(session, COMMAND_LINE, row, Reason.IMPORT)
    made = [Course(title={"en": f"Course {n}"}, modality=chance.choice([*Modality, None])) for n in range(COURSES)]
    staged = courses.stage(
        session, provider.id, (courses.row_of(n, f"B-{n}", course) for n, course in enumerate(made, 1))
    )
    courses.write(staged, row, change, courses.planned(staged), clock.now())
    ids = sorted(course_ids_of(session, provider.id))
    rows = (
        (n, course, code, chance.choice(_RELATIONS), 1, chance.choice([None, 1, 2, 3, 4]), 150, "", "")
        for n, (course, code) in enumerate(((course, code) for course in ids for code in chance.sample(codes, EACH)), 1)
    )
    laid = mappings.stage(session, provider.id, rows)
    mappings.write(laid, change, mappings.planned(laid))


def course_ids_of(session: Any, provider_id: int) -> list[int]:
    return list(course_ids(session, provider_id).values())


def _totals(codes: list[str]) -> list[dict[str, Any]]:
    cells = list(product(codes, _RELATIONS, range(5), ("", *(modality.value for modality in Modality))))
    each, left = divmod(EVERYBODY, len(cells))
    names = ("concept", "relation", "level", "modality")
    return [
        {"version_id": 1, **dict(zip(names, cell, strict=True)), "courses": each + (n < left), "hours": 150 * each}
        for n, cell in enumerate(cells)
    ]
