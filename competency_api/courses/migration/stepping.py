"""The mappings of a stored migration one by one, with what becomes of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from competency_api.courses.migration import queries
from competency_api.courses.migration.models import PlanRow
from competency_api.courses.migration.service import Steps, held_of, require_open
from competency_api.courses.pins import Pins
from competency_api.courses.plans.decisions import Decision, Decisions
from competency_api.courses.plans.steps import Held, Step
from competency_api.courses.queries import Provider, get_settings

#: Mappings that are read at a time.
_BATCH = 2_000

Listed = tuple[Step, str, Decision | None]


@dataclass(frozen=True)
class Asked:
    """Which mappings of a plan: with these outcomes (none: all), and undecided ones or others (None: both)."""

    session: orm.Session
    plan: PlanRow
    steps: Steps
    decisions: Decisions
    outcomes: Collection[str] = ()
    undecided: bool | None = None

    @classmethod
    def of(cls, session: orm.Session, provider: Provider, plan: PlanRow, pins: Pins, query: Mapping[str, Any]) -> Asked:
        """Raises Conflict for an open plan that is stale: what it would do is no longer known."""
        if plan.applied_change is None:
            require_open(plan, get_settings(session, provider.id).last_change)
        decisions = queries.get_decisions(session, plan)
        steps = Steps(session, pins, plan)
        return cls(session, plan, steps, decisions, query.get("outcome", ()), query.get("undecided"))

    def has(self, step: Step) -> bool:
        if self.outcomes and step.found.outcome not in self.outcomes:
            return False
        waits = step.found.outcome.waits and self.decisions.for_step(step) is None
        return self.undecided is None or waits == self.undecided


def listed(asked: Asked, after: queries.Key | None) -> Iterator[Listed]:
    """Each step behind a key, with the provider's own id of its course and what was decided."""
    for batch in _batches(asked, after):
        steps = [step for step in map(asked.steps.of, batch) if asked.has(step)]
        ids = {step.held.course_id for step in steps}
        names = queries.names_of_courses(asked.session, asked.plan.organisation_id, ids)
        for step in steps:
            yield step, names.get(step.held.course_id, ""), asked.decisions.for_step(step)


def _batches(asked: Asked, after: queries.Key | None) -> Iterator[list[Held]]:
    if asked.plan.applied_change is not None:
        migrated = queries.list_migrated(asked.session, asked.plan.organisation_id, asked.plan.applied_change)
        yield [held for held, _ in migrated if after is None or held.key > after]
        return
    while batch := held_of(asked.session, asked.plan, after=after, limit=_BATCH):
        yield batch
        after = batch[-1].key
