"""Commands of migrations: make a plan, decide, apply. Whoever writes holds the provider's lock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.service import record
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.errors import Conflict
from competency_api.courses.ledger import changes, mappings
from competency_api.courses.migration import queries
from competency_api.courses.migration.models import DecisionRow, NoticeRow, PlanRow
from competency_api.courses.models import MappingRow
from competency_api.courses.pins import Pins
from competency_api.courses.plans.decisions import Decision, Decisions, Scope
from competency_api.courses.plans.results import Leaving, Result, result_of
from competency_api.courses.plans.steps import Held, Step, step_of
from competency_api.courses.queries import Provider
from competency_api.courses.suggestions import service as suggestions
from competency_api.courses.values import Ending, Reason
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.taxonomy.migration import MappingOutcome, Outcomes
from competency_api.versions.values import VersionInfo

_M: Any = MappingRow.__table__


class Steps:
    """The steps of a plan's mappings; outcomes between the same versions are found once."""

    def __init__(self, session: orm.Session, pins: Pins, plan: PlanRow) -> None:
        self._pins, self._to = pins, plan.to_version
        self._outcomes: dict[int, Outcomes] = {}
        self._former: Mapping[queries.Key, tuple[Held, ...]] = {}
        if plan.from_version is None or plan.from_version > plan.to_version:
            self._former = queries.list_former(session, plan.organisation_id, plan.to_version)

    def outcomes(self, version_id: int) -> Outcomes:
        if version_id not in self._outcomes:
            self._outcomes[version_id] = Outcomes(self._pins.taxonomy(version_id), self._pins.taxonomy(self._to))
        return self._outcomes[version_id]

    def of(self, held: Held) -> Step:
        return step_of(held, self.outcomes(held.version_id), self._former.get(held.key, ()))


def make_plan(
    session: orm.Session,
    actor: Actor,
    provider: Provider,
    pins: Pins,
    to: VersionInfo,
    from_: VersionInfo | None = None,
    *,
    automatic: bool = False,
) -> PlanRow:
    """A plan for the mappings as of ``from_``, or of every other version, to ``to``. No mapping is written.

    Raises Conflict when both are the same.
    """
    if from_ is not None and from_.id == to.id:
        raise Conflict(f"Both versions are {to.number}: there is nothing to migrate.")
    row = changes.lock_provider(session, provider.id)
    plan = PlanRow(
        organisation_id=provider.id,
        id=queries.last_plan_id(session, provider.id) + 1,
        from_version=from_.id if from_ else None,
        to_version=to.id,
        last_change=row.last_change,
        created_at=clock.now(),
        actor=actor.name,
        automatic=automatic,
        counts="{}",
        result="{}",
    )
    steps = Steps(session, pins, plan)
    plan.counts = json.dumps(counted(session, plan, steps))
    session.add(plan)
    session.flush()
    record(session, actor, "migration.planned", _subject(provider, plan), provider.id, **_versions(plan, pins))
    return plan


def counted(session: orm.Session, plan: PlanRow, steps: Steps) -> dict[str, int]:
    """How many mappings have each outcome: from the sums, or one by one where their history has a say."""
    counts = dict.fromkeys((outcome.value for outcome in MappingOutcome), 0)
    if plan.from_version is not None and plan.from_version < plan.to_version:
        for version_id, concept, number in queries.count_by_concept(session, plan.organisation_id):
            if version_id == plan.from_version:
                counts[steps.outcomes(version_id)[concept].outcome.value] += number
        return counts
    for held in held_of(session, plan):
        counts[steps.of(held).found.outcome.value] += 1
    return counts


def held_of(session: orm.Session, plan: PlanRow, **bounds: Any) -> list[Held]:
    """The mappings that a plan is about."""
    return queries.list_held(
        session, plan.organisation_id, from_version=plan.from_version, not_version=plan.to_version, **bounds
    )


def require_open(plan: PlanRow, last_change: int) -> None:
    """Raises Conflict for a plan that was applied, or made before something changed."""
    if plan.applied_change is not None:
        raise Conflict("This migration is applied already.")
    if plan.last_change != last_change:
        raise Conflict(
            "Courses or mappings changed since this plan was made: make a new one. "
            "A file with decisions fits the new one too.",
            extra={"stale": True},
        )


def decide(
    session: orm.Session, actor: Actor, provider: Provider, plan_id: str, entries: Mapping[Scope, Decision | None]
) -> PlanRow:
    """Write decisions, which were checked, over earlier ones about the same; None takes one back.

    Raises NotFound and Conflict.
    """
    row = changes.lock_provider(session, provider.id)
    plan = queries.get_plan(session, provider.id, plan_id)
    require_open(plan, row.last_change)
    for (course_id, concept, relation), decision in entries.items():
        key = (plan.organisation_id, plan.id, course_id, concept, relation)
        found = session.get(DecisionRow, key)
        if decision is None:
            if found is not None:
                session.delete(found)
            continue
        if found is None:
            names = ("organisation_id", "plan_id", "course_id", "concept", "relation")
            found = DecisionRow(**dict(zip(names, key, strict=True)))
            session.add(found)
        found.verdict, found.codes = decision.verdict.value, " ".join(decision.codes)
    session.flush()
    record(session, actor, "migration.decided", _subject(provider, plan), provider.id, decisions=len(entries))
    return plan


def apply_plan(session: orm.Session, actor: Actor, provider: Provider, plan_id: str | int, pins: Pins) -> PlanRow:
    """Migrate what moves by itself and what was decided; the rest stays as it is and waits.

    Raises NotFound, and Conflict when it is applied already or anything changed since.
    """
    row = changes.lock_provider(session, provider.id)
    plan = queries.get_plan(session, provider.id, plan_id)
    require_open(plan, row.last_change)
    result = result_in(session, plan, pins, queries.get_decisions(session, plan))
    change = changes.open_change(session, actor, row, Reason.MIGRATION, plan=plan.id, **_versions(plan, pins))
    _write(session, provider.id, change, result)
    told = {"moved": result.moved, "dropped": result.dropped, "waiting": result.waiting}
    plan.applied_at, plan.applied_change, plan.result = clock.now(), change, json.dumps(told)
    session.flush()
    _tell(session, actor, provider, plan, {**_versions(plan, pins), **told})
    return plan


def result_in(session: orm.Session, plan: PlanRow, pins: Pins, decisions: Decisions) -> Result:
    """What applying the plan comes to."""
    steps = Steps(session, pins, plan)
    every = queries.list_held(session, plan.organisation_id)
    wanted = plan.from_version
    mine = [h for h in every if h.version_id != plan.to_version and wanted in (None, h.version_id)]
    staying = (h for h in every if h.version_id == plan.to_version or wanted not in (None, h.version_id))
    return result_of(map(steps.of, mine), decisions, plan.to_version, staying)


def _write(session: orm.Session, provider_id: int, change: int, result: Result) -> None:
    """Move what leaves into the history and write what arrives, all at once each."""
    for ending in (Ending.MIGRATED, Ending.REMOVED):
        gone = [leaving for leaving in result.leaving if (leaving.became is None) == (ending is Ending.REMOVED)]
        if gone:
            # the evidence of the rows that are laid down holds what became of them
            staged = mappings.stage(session, provider_id, _rows_leaving(gone))
            became = sa.select(staged.table.c.evidence).where(staged.met).scalar_subquery()
            suggestions.follow(session, staged)
            mappings.end(session, provider_id, sa.exists().where(staged.met), change, ending, became)
    if result.arriving:
        rows = ((n, *held[:8]) for n, held in enumerate(result.arriving, 1))
        staged = mappings.stage(session, provider_id, rows)
        mappings.write(staged, change, mappings.planned(staged))


def _rows_leaving(gone: Iterable[Leaving]) -> Iterable[tuple[Any, ...]]:
    for number, leaving in enumerate(gone, 1):
        yield (number, *leaving.held.key, leaving.held.version_id, None, None, leaving.became or "", "")


def _versions(plan: PlanRow, pins: Pins) -> dict[str, Any]:
    return {
        "from": pins.number(plan.from_version) if plan.from_version is not None else None,
        "to": pins.number(plan.to_version),
    }


def _subject(provider: Provider, plan: PlanRow) -> str:
    return f"migration/{provider.code}/{plan.id}"


def _tell(session: orm.Session, actor: Actor, provider: Provider, plan: PlanRow, data: dict[str, Any]) -> None:
    record(session, actor, "mapping.migrated", _subject(provider, plan), provider.id, **data)
    events.record(
        session,
        "mapping.migrated",
        _subject(provider, plan),
        actor.name,
        {"provider": provider.code, "migration": plan.id, "automatic": plan.automatic, **data},
        audience=Audience.ORGANISATION,
        organisation_id=provider.id,
    )


# -- after a publication -----------------------------------------------------------------------------------------------


def follow_version(session: orm.Session, actor: Actor, provider: Provider, pins: Pins, version: VersionInfo) -> None:
    """Tell the provider what the version means for its mappings; migrate those that move by themselves if it wants.

    Once for each version: a second time nothing happens.
    """
    row = changes.lock_provider(session, provider.id)
    if queries.has_notice(session, provider.id, version.id):
        return
    session.add(NoticeRow(organisation_id=provider.id, version_id=version.id, at=clock.now()))
    outcomes = _affected(session, provider.id, pins, version)
    told = {
        "provider": provider.code,
        "version": str(version.number),
        "outcomes": {outcome.value: number for outcome, number in outcomes.items() if number},
        "waiting": sum(number for outcome, number in outcomes.items() if outcome.waits),
        "automatic": row.automatic_migration,
    }
    events.record(
        session,
        "mapping.affected",
        f"version/{version.number}",
        actor.name,
        told,
        audience=Audience.ORGANISATION,
        organisation_id=provider.id,
    )
    if row.automatic_migration and any(number for outcome, number in outcomes.items() if not outcome.waits):
        plan = make_plan(session, actor, provider, pins, version, automatic=True)
        apply_plan(session, actor, provider, plan.id, pins)


def _affected(session: orm.Session, provider_id: int, pins: Pins, version: VersionInfo) -> dict[MappingOutcome, int]:
    """Mappings as of other versions by their outcome, from the sums."""
    counts = dict.fromkeys(MappingOutcome, 0)
    known: dict[int, Outcomes] = {}
    for version_id, concept, number in queries.count_by_concept(session, provider_id):
        if version_id != version.id:
            if version_id not in known:
                known[version_id] = Outcomes(pins.taxonomy(version_id), pins.taxonomy(version.id))
            counts[known[version_id][concept].outcome] += number
    return counts
