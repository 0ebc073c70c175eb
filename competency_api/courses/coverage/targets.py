"""Against what courses are held: the concepts in question, with the level that is expected where one is."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from competency_api.taxonomy.taxonomy import Taxonomy

DEFAULT_KIND = "competency"


class NoProfile(ValueError):
    """The concept expects nothing: it is no profile."""


class NoDiscipline(ValueError):
    """Nothing is part of the concept: it is no discipline."""


class Target(msgspec.Struct, frozen=True):
    """A concept in question; ``expected`` is a level from 1 to 4, None where no level is asked for."""

    code: str
    expected: int | None = None


def of_profile(taxonomy: Taxonomy, code: str) -> tuple[Target, ...]:
    """What the profile expects. Raises NoProfile."""
    if taxonomy[code].kind != "profile":
        raise NoProfile(code)
    links = taxonomy[code].relations.get("expects", ())
    return tuple(Target(link.code, link.level) for link in links if link.code in taxonomy)


def of_kind(taxonomy: Taxonomy, kind: str) -> tuple[Target, ...]:
    """Every active concept of the kind."""
    return _active(taxonomy, taxonomy.kinds.get(kind, ()))


def of_discipline(taxonomy: Taxonomy, code: str) -> tuple[Target, ...]:
    """Every active concept that is part of the discipline or of one below it. Raises NoDiscipline."""
    if taxonomy[code].kind != "discipline":
        raise NoDiscipline(code)
    inside = (code, *taxonomy.below(code))
    return _active(taxonomy, {part for one in inside for part in taxonomy.incoming(one, "part_of")})


def of_codes(codes: Iterable[str]) -> tuple[Target, ...]:
    """Exactly these, which the version has, in the order of their codes."""
    return tuple(Target(code) for code in sorted(set(codes)))


def _active(taxonomy: Taxonomy, codes: Iterable[str]) -> tuple[Target, ...]:
    return tuple(Target(code) for code in sorted(codes) if taxonomy[code].retirement is None)
