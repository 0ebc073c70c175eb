"""The nearest known names, for messages that help: "did you mean …?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

_CODE = re.compile("[A-Z][0-9]+")
_LONGEST = 100  # what is longer was no typing slip, and comparing costs its length


def nearest(name: str, known: Iterable[str], *, limit: int = 3, cutoff: float = 60.0) -> list[str]:
    """Known names like ``name``, best first, at most ``limit``; equal scores in alphabetical order."""
    if len(name) > _LONGEST:
        return []
    found = process.extract(
        name, sorted(set(known)), scorer=fuzz.ratio, processor=utils.default_process, limit=None, score_cutoff=cutoff
    )
    return [candidate for candidate, _score, _index in sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]]


def nearest_codes(code: str, known: Iterable[str]) -> list[str]:
    """Codes of the same letter: those written like it, else those with the next numbers; three at most.

    Empty for what is no code, and where no known code has its letter.
    """
    written = code.upper()
    if len(written) > _LONGEST or not _CODE.fullmatch(written):
        return []
    same = [other for other in known if other[:1] == written[0] and _CODE.fullmatch(other)]
    number = int(written[1:])
    return nearest(written, same) or sorted(same, key=lambda other: (abs(int(other[1:]) - number), other))[:3]


def hint_of_codes(code: str, known: Iterable[str]) -> str:
    """`` Nearest: C049, C050.``, or for what has another letter what codes look like; may be empty."""
    codes = sorted(set(known))
    near = nearest_codes(code, codes)
    if near:
        return f" Nearest: {', '.join(near)}."
    firsts = {other[:1]: other for other in reversed(codes)}
    return f" Codes here are like {', '.join(sorted(firsts.values()))}." if firsts else ""


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
