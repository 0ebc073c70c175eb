"""What asking for the impact of a proposal costs, on every save of an editor, at the size of ESCO."""

from __future__ import annotations

import random
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from benchmarks import synthetic
from benchmarks.machine import WORK
from benchmarks.samples import Samples, at_most, told
from benchmarks.sections import Effort, Section
from competency_api.accounts.values import COMMAND_LINE
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.migrations import upgrade
from competency_api.curation import service
from competency_api.curation.authoring.editing import create_proposal
from competency_api.curation.draft.store import DraftStore
from competency_api.curation.impact import EmbedUse, MappingUse
from competency_api.curation.models import ProposalRow
from competency_api.curation.sources import UseSources
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.draft import save_draft

CONCEPTS, CHANGES, MAPPINGS = 13_900, 500, 100_000
TARGET = 1.0


@dataclass(frozen=True)
class Mapped:
    """Mappings in memory, by concept: what a table with an index on the concept answers."""

    by_code: dict[str, list[MappingUse]]

    def mappings(self, _session: Any, codes: Collection[str]) -> list[MappingUse]:
        return [use for code in codes for use in self.by_code.get(code, ())]

    def embeds(self, _session: Any, _codes: Collection[str]) -> list[EmbedUse]:
        return []


def mapped(codes: list[str], count: int) -> Mapped:
    """``count`` mappings of 40 providers to these concepts, the same every time."""
    chance = random.Random(1)
    found: dict[str, list[MappingUse]] = {}
    for number in range(count):
        code = chance.choice(codes)
        use = MappingUse(f"provider-{number % 40}", f"course-{number % 4000}", "teaches", code)
        found.setdefault(code, []).append(use)
    return Mapped(found)


def changes_of(state: Taxonomy, count: int) -> list[dict[str, Any]]:
    """As many changes: rewordings, changes of meaning, moves and retirements, each of another concept."""
    codes = list(state.kinds["competency"])[:: max(1, len(state) // (count + 1))][:count]
    made: list[dict[str, Any]] = []
    for number, code in enumerate(codes):
        text = {"definition": {"en": f"Another definition of {code}, in enough words to say what it is about."}}
        kinds: list[dict[str, Any]] = [
            {"type": "edit", "fields": text},
            {"type": "edit", "fields": text, "changes_meaning": True},
            {"type": "move", "broader": [codes[-1]]},
            {"type": "retire", "reason": "Not asked for.", "successors": []},
        ]
        made.append({**kinds[number % len(kinds)], "code": code})
    return made


def prepared(url: str, concepts: int, changes: int) -> tuple[Database, ProposalRow, Taxonomy]:
    """A database with a draft and a proposal in it."""
    database = Database(Settings(database_url=url))
    upgrade(database)
    state = synthetic.taxonomy(concepts)
    with database.transaction() as session:
        save_draft(session, "benchmark", state)
        row = create_proposal(session, COMMAND_LINE, title="Much", changes=changes_of(state, changes))
    return database, row, state


def seconds(database: Database, row: ProposalRow, store: DraftStore, sources: UseSources) -> tuple[float, int]:
    """How long one question takes, from the database to the impact, and how many mappings it touches."""
    began = time.perf_counter()
    with database.reading(fresh=True) as session:
        found = service.seen(session, row, store.draft(session))
        impact = sources.impact_of_proposal(session, found)
    return time.perf_counter() - began, impact.mappings_total


def measure(effort: Effort) -> Section:
    """In one process, once with the draft in memory and once without."""
    file = WORK / "impact.sqlite"
    file.unlink(missing_ok=True)
    database, row, state = prepared(f"sqlite:///{file}", CONCEPTS, CHANGES)
    spread = UseSources(mapped(list(state.kinds["competency"]), MAPPINGS))
    heaped = UseSources(mapped([change["code"] for change in changes_of(state, CHANGES)], MAPPINGS))
    store = DraftStore()
    cold = Samples.of(seconds(database, row, DraftStore(), spread)[0] for _ in range(effort.rounds))
    warm = Samples.of(seconds(database, row, store, spread)[0] for _ in range(effort.rounds + 1))
    worst = Samples.of(seconds(database, row, store, heaped)[0] for _ in range(effort.rounds))
    database.close()
    what = f"{CHANGES} changes, {CONCEPTS:,} concepts, {MAPPINGS:,} mappings"
    return Section(
        "impact",
        [
            at_most(f"impact of a proposal: {what}", warm, TARGET, "s"),
            at_most("the same, all mappings to the concepts that change", worst, TARGET, "s"),
            told("the same, by a worker that has not read the draft yet", cold, "s"),
        ],
    )
