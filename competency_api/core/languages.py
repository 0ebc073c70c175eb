"""Languages: valid tags, and which of the available ones an asker gets.

Tags are BCP 47, checked against the IANA registry and kept in their canonical form (``pt_br`` → ``pt-BR``, ``iw`` →
``he``). Choosing follows the lookup of RFC 4647 section 3.4: the asked tag, shortened from its end until something
is available; then the deployment's declared order in the same way. A text is never taken from a random language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from langcodes import standardize_tag, tag_is_valid

#: RFC 5646 section 4.4.1: 35 characters hold any tag that is not made of extensions.
LONGEST_TAG = 35
_SHAPE = re.compile(r"[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*")
# More wishes than this no person has; the rest of a hostile header is not looked at.
_MOST_RANGES = 20
_LONGEST_HEADER = 1000
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")


@lru_cache(maxsize=4096)
def find_tag(tag: str) -> str | None:
    """The canonical form of a language tag, or None when it is not a valid one. Takes any text."""
    if len(tag) > LONGEST_TAG or not _SHAPE.fullmatch(tag) or not tag_is_valid(tag):
        return None
    return str(standardize_tag(tag))


@dataclass(frozen=True)
class Choice:
    """The language that was chosen; ``fallback`` when it is not the asked one or one of its parents."""

    tag: str
    fallback: bool


def _shortened(tag: str) -> Iterator[str]:
    """The tag and its parents, longest first: a subtag of one letter goes with the one behind it (RFC 4647 3.4)."""
    subtags = tag.split("-")
    while subtags:
        yield "-".join(subtags).lower()
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()


def choose(asked: Iterable[str], available: Collection[str], fallback: Iterable[str]) -> Choice | None:
    """The best available language for what is asked, most wanted first, else by the declared fallback order.

    None when neither gives one: the caller then says that there is no text, and never picks another language.
    """
    by_lower = {tag.lower(): tag for tag in available}
    for is_fallback, wanted in ((False, asked), (True, fallback)):
        for tag in wanted:
            for candidate in _shortened(tag):
                if candidate in by_lower:
                    return Choice(by_lower[candidate], is_fallback)
    return None


def accepted(header: str | None) -> tuple[str, ...]:
    """The tags of an ``Accept-Language`` header, most wanted first; without ``*`` and what has quality 0.

    Never raises: what cannot be read is passed over, as RFC 9110 lets a server do.
    """
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate((header or "")[:_LONGEST_HEADER].split(",")[:_MOST_RANGES]):
        match = _RANGE.fullmatch(part)
        quality = float(match[2] or 1) if match else 0.0
        if match and 0 < quality <= 1:
            wishes.append((-quality, place, match[1]))
    tags = (find_tag(tag) or tag for _quality, _place, tag in sorted(wishes))
    return tuple(dict.fromkeys(tags))
