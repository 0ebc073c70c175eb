"""Edits in words, for people: on pages, in tables and in the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from competency_api.taxonomy.changes import Edit

Names = Mapping[str, str]


def edit_lines(edit: Edit, names: Names) -> tuple[list[str], list[str]]:
    """What a person sees of an edit: what went and what came. Of lists, only the entries that differ.

    ``names`` are those of linked concepts by code, shown beside the code.
    """
    old, new = _lines(edit.old, names), _lines(edit.new, names)
    return [line for line in old if line not in new], [line for line in new if line not in old]


def _lines(value: Any, names: Names) -> list[str]:
    if isinstance(value, list):
        return [readable(entry, names) for entry in value]
    return [] if value is None else [readable(value, names)]


def readable(value: Any, names: Names) -> str:
    """One value in a row.

    A link begins with the code and name of its concept; of sources and alignments the values say enough, and members
    that hold several things are named.
    """
    if isinstance(value, list):
        return "; ".join(readable(entry, names) for entry in value)
    if not isinstance(value, dict):
        return cell(value)
    if isinstance(code := value.get("code"), str):
        rest = [f"{name} {readable(inner, names)}" for name, inner in value.items() if name != "code" and inner]
        return ", ".join([f"{code} {names.get(code, '')}".rstrip(), *rest])
    if any(isinstance(inner, list | dict) for inner in value.values()):
        return " · ".join(f"{name}: {readable(inner, names)}" for name, inner in value.items())
    return " · ".join(cell(inner) for inner in value.values())


def named_links(edit: Edit, names: Names) -> str:
    """The linked concepts of an edit with their names, for a cell of a table."""
    return "; ".join(f"{code} {names[code]}" for code in edit.links if code in names)


def cell(value: Any) -> str:
    """A value as text without loss: texts as they are, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
