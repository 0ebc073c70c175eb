"""Migrations as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from competency_api.core.text import counted
from competency_api.taxonomy.migration import MappingOutcome


def plan_line(document: dict[str, Any]) -> str:
    """One migration of several."""
    state = "stale" if document["stale"] else document["state"]
    return f"{document['id']:4}  {state:8}  {_way(document)}: {counted(document['mappings'], 'mapping')}"


def plan_lines(document: dict[str, Any]) -> Iterator[str]:
    """What a plan comes to, and what to do with it."""
    name = f"{document['provider']} {document['id']}"
    mappings = counted(document["mappings"], "mapping")
    yield f"Migration {document['id']} of {document['provider']} {_way(document)}: {mappings}."
    for outcome, count in document["outcomes"].items():
        if count:
            yield f"  {count:6,} {outcome}{', waiting for a decision' if MappingOutcome(outcome).waits else ''}"
    if document["stale"]:
        yield "Courses or mappings changed since: it cannot be applied any more."
    elif document["state"] == "open":
        yield f"No mapping is written yet: competency-api courses migrate apply {name}"


def step_lines(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What becomes of each mapping."""
    for step in items:
        yield f"{step['course']}: {step['relation']} {step['concept']}{_label(step['before'])}, {step['outcome']}"
        yield f"  {step['reason']}{_decided(step) or _candidates(step)}"


def result_lines(document: dict[str, Any]) -> Iterator[str]:
    """What applying it did."""
    result = document["result"]
    moved = counted(sum(result["moved"].values()), "mapping")
    yield (
        f"Migrated {moved} to {document['to']}, dropped {result['dropped']:,}; "
        f"{result['waiting']:,} still wait for a decision."
    )


def _way(document: dict[str, Any]) -> str:
    return f"from {document['from'] or 'every other version'} to {document['to']}"


def _label(side: dict[str, Any] | None) -> str:
    return f" ({side['label']['text']})" if side and side["label"] else ""


def _decided(step: dict[str, Any]) -> str:
    decision = step["decision"]
    return f" Decided: {' '.join(decision['codes']) or decision['verdict']}." if decision else ""


def _candidates(step: dict[str, Any]) -> str:
    ends = ", ".join(f"{end['code']} ({end['match']})" for end in step["candidates"])
    return f" Candidates: {ends}." if ends and step["waits"] else ""
