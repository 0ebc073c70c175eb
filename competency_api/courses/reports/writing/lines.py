"""Coverage as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competency_api.core.text import counted

_STATES = {
    "covered": "covered",
    "below": "below the expected level",
    "level-not-told": "level not told",
    "missing": "not taught",
}


def report_lines(said: dict[str, Any]) -> Iterator[str]:
    """What is covered, first in short, then concept by concept, then what is not counted."""
    yield f"{_whose(said)} at version {said['version']}, {_against(said)}:"
    yield _summary(said["summary"])
    for found in said["concepts"]:
        yield f"  {found['code']:6} {_STATES[found['state']]:24}  {_label(found)}{_measures(found)}"
    for entry in said["prerequisites"]:
        yield f"  {entry['code']:6} is required before and not taught: {_label(entry)}"
    yield from _waiting(said)


def comparison_lines(said: dict[str, Any]) -> Iterator[str]:
    """What the other version did, first in short, then every concept that is not as it was."""
    yield f"{_whose(said)} at version {said['version']} beside {said['older']}, {_against(said)}:"
    yield f"{said['older']}: {_summary(said['before'])}"
    yield f"{said['version']}: {_summary(said['after'])}"
    yield ", ".join(f"{count} {name}" for name, count in said["developments"].items() if count) or "nothing in question"
    for row in said["concepts"]:
        if row["development"] != "same" or row["waiting"]:
            yield f"  {row['code']:6} {row['development']:8}  {_label(row)}: {_side(row['before'])} → {_after(row)}"
    yield from _waiting(said)


def _whose(said: dict[str, Any]) -> str:
    some = "" if said["courses"] is None else f"{counted(len(said['courses']), 'course')} of "
    return f"Coverage of {some}{said['provider']}"


def _against(said: dict[str, Any]) -> str:
    return f"against {said['against']['by']} {', '.join(said['against']['values'])}"


def _summary(group: dict[str, Any]) -> str:
    covered = group["states"]["covered"]
    percent = "" if covered["percent"] is None else f" ({covered['percent']:g} %)"
    others = [f"{found['count']} {_STATES[name]}" for name, found in group["states"].items() if name != "covered"]
    return f"{covered['count']} of {covered['of']} concepts covered{percent}; {', '.join(others)}"


def _label(entry: dict[str, Any]) -> str:
    return entry["label"]["text"] if entry["label"] else ""


def _measures(found: dict[str, Any]) -> str:
    teaching = found["courses"]["teaching"]
    told = [f"level {found['taught']}"] if found["taught"] else []
    told += [f"{found['expected']} expected"] if found["expected"] else []
    told += [counted(teaching, "course")] if teaching else []
    told += [f"{found['hours']:g} h"] if found["hours"] else []
    return f" ({', '.join(told)})" if told else ""


def _side(found: dict[str, Any] | None) -> str:
    return "not in question" if found is None else _STATES[found["state"]] + _measures(found)


def _after(row: dict[str, Any]) -> str:
    successors = ", ".join(entry["code"] for entry in row["successors"])
    waiting = f", {counted(row['waiting'], 'mapping')} waiting" if row["waiting"] else ""
    return (f"in its place {successors}" if successors else _side(row["after"])) + waiting


def _waiting(said: dict[str, Any]) -> Iterator[str]:
    if count := said["waiting"]["mappings"]:
        yield f"Not counted: {counted(count, 'mapping')} to concepts of other versions, until somebody decides."
    for entry in said["waiting"]["items"]:
        yield f"  {entry['concept']:6} {entry['name']} ({entry['version']}, {entry['mappings']}): {entry['reason']}"
