"""How a version is named: by exact number, prefix, ``latest``, or the day it was in force.

A version that was withdrawn is found by its exact number only: every other name means the newest that may be used.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from competency_api.core.errors import NotFound
from competency_api.core.nearest import nearest
from competency_api.taxonomy.numbering import Number
from competency_api.versions.values import VersionInfo

LATEST = "latest"
_PREFIX = re.compile(r"(0|[1-9][0-9]{0,5})(?:\.(0|[1-9][0-9]{0,5}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Resolved:
    """A version and whether it was named exactly: only then can an answer be kept for ever."""

    version: VersionInfo
    is_exact: bool


def _day(text: str) -> dt.date | None:
    """An ISO calendar day; None for anything else (``date.fromisoformat`` alone also takes week dates)."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _candidates(reference: str, versions: Sequence[VersionInfo]) -> list[VersionInfo]:
    if reference == LATEST:
        return list(versions)
    if day := _day(reference):
        return [version for version in versions if version.valid_from <= day]
    if match := _PREFIX.fullmatch(reference):
        major, minor = match.groups()
        inside = [version for version in versions if version.number.major == int(major)]
        return [v for v in inside if minor is None or v.number.minor == int(minor)]
    return []


def available(versions: Sequence[VersionInfo]) -> list[VersionInfo]:
    """Those that were not withdrawn."""
    return [version for version in versions if version.withdrawal is None]


def newest(versions: Sequence[VersionInfo]) -> VersionInfo | None:
    """What ``latest`` means; None when there is nothing, or all of it is withdrawn."""
    return max(available(versions), key=lambda version: version.number, default=None)


def resolve(reference: str, versions: Sequence[VersionInfo]) -> Resolved:
    """The version that ``reference`` names among the published ones.

    The newest number wins among several. Raises NotFound, naming the nearest existing numbers.
    """
    number = Number.parse(reference)
    if number is not None:
        for version in versions:
            if version.number == number:
                return Resolved(version, is_exact=True)
    elif found := _candidates(reference, available(versions)):
        return Resolved(max(found, key=lambda version: version.number), is_exact=False)
    raise _not_found(reference, number, versions)


def can_mean(reference: str, version: VersionInfo) -> bool:
    """Whether the reference names this version, or did while no newer one was published."""
    return str(version.number) == reference or version in _candidates(reference, [version])


def _not_found(reference: str, number: Number | None, versions: Sequence[VersionInfo]) -> NotFound:
    shown = reference[:40]
    if not versions:
        return NotFound(f"There is no version {shown!r}: nothing is published yet.")
    if withdrawn := _candidates(reference, versions):
        numbers = [str(version.number) for version in withdrawn]
        message = f"Every version that {shown!r} could mean was withdrawn: {', '.join(numbers)}."
        return NotFound(f"{message} Each can still be read by its exact number.", extra={"withdrawn": numbers})
    if (day := _day(reference)) is not None:
        first = min(version.valid_from for version in versions)
        return NotFound(f"No version was in force on {day}; the first one is from {first}.")
    known = [str(version.number) for version in sorted(versions, key=lambda v: v.number)]
    near = _around(number, known) if number else nearest(shown, known)
    near = near or known[-1:]
    return NotFound(
        f"There is no version {shown!r}. Nearest: {', '.join(near)}. "
        "A version is named by number (1.2.0), prefix (1.2), day (2026-11-23) or 'latest'.",
        extra={"nearest": list(near)},
    )


def _around(number: Number, known: list[str]) -> list[str]:
    """The numbers just below and just above one that never was."""
    parsed = [(Number.parse(text), text) for text in known]
    below = [text for n, text in parsed if n is not None and n < number]
    above = [text for n, text in parsed if n is not None and n > number]
    return [*below[-1:], *above[:1]]
