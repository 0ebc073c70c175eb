"""The nearest known names, for messages that help: "did you mean …?"."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

_LONGEST = 100  # what is longer was no typing slip, and comparing costs its length


def nearest(name: str, known: Iterable[str], *, limit: int = 3, cutoff: float = 60.0) -> list[str]:
    """Known names like ``name``, best first, at most ``limit``; equal scores in alphabetical order."""
    if len(name) > _LONGEST:
        return []
    found = process.extract(
        name, sorted(set(known)), scorer=fuzz.ratio, processor=utils.default_process, limit=None, score_cutoff=cutoff
    )
    return [candidate for candidate, _score, _index in sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` Did you mean "…"?`` with the nearest one, or else all known ones when they are few; may be empty."""
    names = sorted(set(known))
    near = nearest(name, names, limit=1)
    if near:
        return f' Did you mean "{near[0]}"?'
    if not names:
        return ""
    if len(names) <= 12:
        return f" Known are: {', '.join(names)}."
    return f" Known are {', '.join(names[:8])} and {len(names) - 8} more."
