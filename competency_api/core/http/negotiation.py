"""Formats of an answer: by suffix of the path, else by ``Accept`` (RFC 9110 section 12.5.1).

Parameters of media types are passed over (``application/ld+json;profile=…``), a more exact range wins over a wide
one, and among equally wanted formats the first one offered wins. Nothing fits: 406 that lists what there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from competency_api.core.errors import NotAcceptable
from competency_api.core.http.caching import vary_on
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable

_MOST_RANGES = 50
_LONGEST_HEADER = 2000
_RANGE = re.compile(r"\s*([A-Za-z0-9.+*-]+/[A-Za-z0-9.+*-]+)\s*((?:;[^;]*)*)")
_QUALITY = re.compile(r";\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?=;|$)")


@dataclass(frozen=True)
class Format:
    """A format that an operation offers: its suffix (``csv``) and its media type."""

    suffix: str
    media_type: str


def negotiate(offered: Sequence[Format], suffix: str | None = None) -> Format:
    """The format that the present request gets. Raises NotAcceptable."""
    if suffix:
        for candidate in offered:
            if candidate.suffix == suffix:
                return candidate
        known = [candidate.suffix for candidate in offered]
        raise _refusal(f'There is no format "{printable(suffix)}" here.{did_you_mean(suffix, known)}', offered)
    vary_on("Accept")
    header = request.headers.get("Accept", "")
    found = best(header, offered)
    if found is None:
        raise _refusal(f'None of the formats of this answer is accepted by "{printable(header)}".', offered)
    return found


def best(header: str, offered: Sequence[Format]) -> Format | None:
    """The offered format that the ``Accept`` header wants most; the first one without a (readable) header."""
    ranges = _ranges(header)
    if not ranges:
        return offered[0]
    qualities = [(_quality(candidate.media_type, ranges), candidate) for candidate in offered]
    quality, winner = max(qualities, key=lambda pair: pair[0])
    return winner if quality > 0 else None


def _ranges(header: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in header[:_LONGEST_HEADER].split(",")[:_MOST_RANGES]:
        match = _RANGE.fullmatch(part)
        if match:
            quality = _QUALITY.search(match[2])
            found[match[1].lower()] = float(quality[1]) if quality else 1.0
    return found


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    wide = media_type.partition("/")[0] + "/*"
    return next((ranges[name] for name in (media_type, wide, "*/*") if name in ranges), 0.0)


def _refusal(message: str, offered: Sequence[Format]) -> NotAcceptable:
    available = [{"suffix": item.suffix, "media_type": item.media_type} for item in offered]
    return NotAcceptable(message, extra={"available": available})
