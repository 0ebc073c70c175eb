"""Coverage as it is answered: every count of a whole says of which whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from competency_api.concepts.presentation import Presenter
from competency_api.courses.coverage.comparison import Compared, Comparison
from competency_api.courses.coverage.counting import Waiting
from competency_api.courses.coverage.report import ConceptCoverage, Group, Report, Share, State
from competency_api.courses.entry import number
from competency_api.courses.pins import Pins
from competency_api.courses.reports.measuring import Question
from competency_api.versions.values import VersionInfo


def part(count: float, of: float) -> dict[str, Any]:
    """A share with its denominator; of nothing it has no percentage."""
    return {"count": count, "of": of, "percent": round(100 * count / of, 1) if of else None}


class Shown:
    """Shows reports of one version."""

    def __init__(self, presenter: Presenter, pins: Pins, question: Question) -> None:
        self._presenter, self._pins, self._question = presenter, pins, question

    def report(self, report: Report) -> dict[str, Any]:
        return {
            **self._head(),
            "summary": self._group(report.total),
            "disciplines": [self._named_group(group) for group in report.disciplines],
            "kinds": [{"kind": group.name, **self._group(group)} for group in report.kinds],
            "phases": [{"phase": group.name, **self._group(group)} for group in report.phases],
            "modalities": _shares(report.modalities),
            "concepts": [self._concept(concept) for concept in report.concepts],
            "redundancies": [
                {**self._reference(entry.code), "level": entry.level, "courses": entry.courses}
                for entry in report.redundancies
            ],
            "prerequisites": [
                {
                    **self._reference(entry.code),
                    "courses": entry.courses,
                    "required_by": [self._reference(code) for code in entry.concepts],
                }
                for entry in report.prerequisites
            ],
            "in_transition": [self._ending(concept) for concept in report.in_transition],
            "waiting": self._waiting(report.waiting),
        }

    def comparison(self, comparison: Comparison, older: VersionInfo) -> dict[str, Any]:
        return {
            **self._head(),
            "older": str(older.number),
            "before": self._group(comparison.before.total),
            "after": self._group(comparison.after.total),
            "developments": {kind.value: count for kind, count in comparison.developments.items()},
            "concepts": [self._compared(row, older) for row in comparison.concepts],
            "waiting": self._waiting(comparison.after.waiting),
        }

    def _head(self) -> dict[str, Any]:
        question = self._question
        return {
            "version": str(question.version.number),
            "provider": question.provider.code if question.provider else None,
            "courses": None if question.courses is None else [name for name, _ in question.courses],
            "against": {"by": question.against.by, "values": list(question.against.values)},
            "on": question.today,
        }

    def _reference(self, code: str) -> dict[str, Any]:
        return self._presenter.reference(code)

    def _group(self, group: Group) -> dict[str, Any]:
        states = {state.value: part(group.states[state], group.concepts) for state in State}
        return {
            "concepts": group.concepts,
            "states": states,
            "teaching": group.teaching,
            "hours": number(group.hours),
            "gap": group.gap,
        }

    def _named_group(self, group: Group) -> dict[str, Any]:
        return {**self._reference(group.name), **self._group(group)}

    def _concept(self, found: ConceptCoverage) -> dict[str, Any]:
        return {
            **self._reference(found.code),
            "kind": self._presenter.taxonomy[found.code].kind,
            **measures(found),
            "merged": list(found.merged),
        }

    def _ending(self, found: ConceptCoverage) -> dict[str, Any]:
        retirement = self._presenter.taxonomy[found.code].retirement
        return {**self._concept(found), "transition_until": retirement.transition_until if retirement else None}

    def _compared(self, row: Compared, older: VersionInfo) -> dict[str, Any]:
        presenter = self._presenter
        if row.code not in presenter.taxonomy:  # compared with a later version, which has it
            presenter = replace(presenter, taxonomy=self._pins.taxonomy(older.id), number=str(older.number))
        return {
            **presenter.reference(row.code),
            "development": row.development.value,
            "before": measures(row.before) if row.before else None,
            "after": measures(row.after) if row.after else None,
            "successors": [self._reference(code) for code in row.successors],
            "waiting": row.waiting,
        }

    def _waiting(self, waiting: Iterable[Waiting]) -> dict[str, Any]:
        entries = [
            {
                "version": self._pins.number(entry.version_id),
                "concept": entry.concept,
                "name": self._pins.taxonomy(entry.version_id)[entry.concept].name,
                "outcome": entry.outcome.value,
                "mappings": entry.mappings,
                "reason": entry.reason,
            }
            for entry in waiting
        ]
        return {"mappings": sum(entry["mappings"] for entry in entries), "items": entries}


def measures(found: ConceptCoverage) -> dict[str, Any]:
    """What is measured of one concept."""
    return {
        "state": found.state.value,
        "expected": found.expected,
        "taught": found.taught,
        "assessed": found.assessed,
        "gap": found.gap,
        "courses": {"teaching": found.teaching, "assessing": found.assessing, "requiring": found.requiring},
        "levels": {str(level) if level else "not-told": courses for level, courses in found.by_level.items()},
        "hours": number(found.hours),
    }


def _shares(shares: Iterable[Share]) -> list[dict[str, Any]]:
    every = list(shares)
    mappings, hours = sum(share.mappings for share in every), sum(share.hours for share in every)
    return [
        {
            "modality": share.modality or None,
            "mappings": part(share.mappings, mappings),
            "hours": part(number(share.hours) or 0, number(hours) or 0),
        }
        for share in every
    ]
