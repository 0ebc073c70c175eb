"""Codes that a version does not contain: what they were meant to be, as far as can be said."""

from __future__ import annotations

from competency_api.core.errors import NotFound
from competency_api.core.nearest import nearest, nearest_codes
from competency_api.core.text import printable
from competency_api.taxonomy.kinds import kind_of
from competency_api.taxonomy.taxonomy import Taxonomy


def current_code(taxonomy: Taxonomy, code: str) -> str | None:
    """The code that a former one became, when that is certain."""
    found = taxonomy.by_former_code.get(code, ())
    return found[0] if len(found) == 1 else None


def absent(code: str, taxonomy: Taxonomy, number: str, since: str | None = None) -> NotFound:
    """Why there is no such concept in version ``number``; ``since`` is the version that first contains it, if any."""
    return absent_from(f"version {number}", code, taxonomy, since)


def absent_from(where: str, code: str, taxonomy: Taxonomy, since: str | None = None) -> NotFound:
    """The same of any state, called as it stands in a sentence."""
    shown = printable(code)
    if since is not None:
        message = f"{shown} exists since version {since}; {where} does not contain it."
        return NotFound(message, extra={"first_version": since})
    several = taxonomy.by_former_code.get(code, ())
    if several:
        message = f"{shown} is the former code of several concepts: {', '.join(several)}."
        return NotFound(message, extra={"nearest": list(several)})
    kind = kind_of(code)
    near = nearest_codes(code, taxonomy.kinds.get(kind.name, ())) if kind else nearest(code, taxonomy.concepts)
    reason = (
        f"{where[0].upper()}{where[1:]} has no concept {shown}."
        if kind
        else f'"{shown}" is not a code; C017 would be one.'
    )
    hint = f" Nearest: {', '.join(near)}." if near else ""
    return NotFound(reason + hint, extra={"nearest": near})
