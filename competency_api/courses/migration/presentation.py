"""Migrations as they are answered, and the rows of their tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from competency_api.core import clock
from competency_api.courses.entry import number
from competency_api.courses.migration.models import PlanRow
from competency_api.courses.pins import Pins
from competency_api.courses.plans.decisions import Decision, candidates_text, written
from competency_api.courses.plans.preview import Previewed
from competency_api.courses.plans.steps import Step
from competency_api.courses.plans.tables import PLAN_COLUMNS, Cell
from competency_api.courses.presentation import BASE
from competency_api.courses.queries import Provider
from competency_api.taxonomy.migration import ConceptOutcome
from competency_api.taxonomy.speaking import Speaker
from competency_api.taxonomy.taxonomy import Taxonomy


def address(provider: Provider, plan: PlanRow) -> str:
    return f"{BASE}/{provider.code}/migrations/{plan.id}"


def plan_document(plan: PlanRow, provider: Provider, pins: Pins, last_change: int) -> dict[str, Any]:
    """A migration; ``stale`` says that it cannot be applied any more."""
    counts = json.loads(plan.counts)
    return {
        "id": plan.id,
        "provider": provider.code,
        "from": pins.number(plan.from_version) if plan.from_version is not None else None,
        "to": pins.number(plan.to_version),
        "state": "applied" if plan.applied_change is not None else "open",
        "stale": plan.applied_change is None and plan.last_change != last_change,
        "automatic": plan.automatic,
        "mappings": sum(counts.values()),
        "outcomes": counts,
        "created_at": clock.iso(plan.created_at),
        "actor": plan.actor,
        "applied_at": clock.iso(plan.applied_at) if plan.applied_at else None,
        "result": json.loads(plan.result) if plan.applied_change is not None else None,
        "links": {"self": address(provider, plan), "mappings": f"{address(provider, plan)}/mappings"},
    }


class Shown:
    """Shows what becomes of mappings on the way to one version."""

    def __init__(self, pins: Pins, target: Taxonomy, speaker: Speaker) -> None:
        self._pins, self._target, self._speaker = pins, target, speaker

    def step(self, step: Step, course: str, decision: Decision | None) -> dict[str, Any]:
        held = step.held
        return {
            "course": course,
            "concept": held.concept,
            "relation": held.relation,
            "level": held.level,
            "hours": number(held.hours),
            "version": self._pins.number(held.version_id),
            **self.outcome(step.found, self._pins.taxonomy(held.version_id), held.concept),
            "decision": {"verdict": decision.verdict.value, "codes": list(decision.codes)} if decision else None,
        }

    def outcome(self, found: ConceptOutcome, source: Taxonomy, concept: str) -> dict[str, Any]:
        """What becomes of a mapping to a concept, with the texts before and after."""
        return {
            "outcome": found.outcome.value,
            "waits": found.outcome.waits,
            "reason": found.reason,
            "candidates": [{**self._reference(end.code), "match": end.match} for end in found.successors],
            "combine": found.combine,
            "result": found.result,
            "before": self._text(source, concept),
            "after": self._text(self._target, found.result or concept),
        }

    def preview(self, entry: Previewed, source: Taxonomy) -> dict[str, Any]:
        said = {"line": entry.line, "asked": str(entry.row.get("concept") or ""), "version": entry.version}
        if entry.found is None:
            nothing = {"waits": True, "candidates": [], "combine": "any", "result": None, "before": None, "after": None}
            return {**said, "concept": None, "outcome": entry.outcome, "reason": entry.message, **nothing}
        return {**said, "concept": entry.found.code, **self.outcome(entry.found, source, entry.found.code)}

    def row(self, step: Step, course: str, decision: Decision | None) -> list[Cell]:
        """A row of :data:`PLAN_COLUMNS`, in one language."""
        said = self.step(step, course, decision)
        texts = [_plain(said[side][name] if said[side] else None) for side in ("before", "after") for name in _TEXTS]
        members = [said[name] for name in PLAN_COLUMNS[:8]]
        return [*members, candidates_text(step.found), said["result"], *texts, written(decision)]

    def _reference(self, code: str) -> dict[str, Any]:
        concept = self._target[code]
        return {"code": code, "label": self._speaker.label(concept.labels, concept.translations)}

    def _text(self, taxonomy: Taxonomy, code: str) -> dict[str, Any] | None:
        concept = taxonomy.get(code)
        if concept is None:
            return None
        return {
            "label": self._speaker.label(concept.labels, concept.translations),
            "definition": self._speaker.text(concept.definition, concept.translations),
        }


_TEXTS = ("label", "definition")


def _plain(said: Any) -> str:
    return said["text"] if said else ""


def preview_rows(rows: Sequence[dict[str, Any]], names: Iterable[str]) -> Iterator[list[Cell]]:
    """The ready-to-save file: its own columns, and the version if it had none."""
    columns = list(dict.fromkeys((*names, "version")))
    yield list(columns)
    for row in rows:
        yield [row.get(name) for name in columns]
