"""What is asked: at which version, and against what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.nearest import hint_of_codes
from competency_api.core.text import printable
from competency_api.courses.coverage import targets
from competency_api.courses.coverage.targets import DEFAULT_KIND, Target
from competency_api.taxonomy.taxonomy import Taxonomy

#: Parameters of which one at most is given.
AGAINST = ("profile", "kind", "discipline", "codes")


class Against(msgspec.Struct, frozen=True):
    """One of :data:`AGAINST` and its values: codes, or the name of a kind."""

    by: str
    values: tuple[str, ...]

    def targets(self, taxonomy: Taxonomy) -> tuple[Target, ...]:
        """The concepts in question at a version. Raises InvalidInput for what the version does not have."""
        if self.by == "kind":
            return targets.of_kind(taxonomy, self.values[0])
        _require_known(self, taxonomy)
        if self.by == "codes":
            return targets.of_codes(self.values)
        try:
            make = targets.of_profile if self.by == "profile" else targets.of_discipline
            return make(taxonomy, self.values[0])
        except (targets.NoProfile, targets.NoDiscipline):
            raise _of_another_kind(self, taxonomy) from None


def against_in(query: Mapping[str, Any]) -> Against:
    """What the query asks; every competency where it does not say. Raises InvalidInput."""
    given = [name for name in AGAINST if name in query]
    if len(given) > 1:
        extra = next(name for name in given if name != "kind")
        raise InvalidInput(FieldError(f"Give one of {', '.join(AGAINST)}, not several.", parameter=extra))
    if not given:
        return Against("kind", (DEFAULT_KIND,))
    value = query[given[0]]
    return Against(given[0], (value,) if isinstance(value, str) else tuple(sorted(value)))


def _require_known(against: Against, taxonomy: Taxonomy) -> None:
    errors = [
        FieldError(
            f'There is no concept "{printable(code)}" in this version.{hint_of_codes(code, taxonomy.concepts)}',
            parameter=against.by,
        )
        for code in against.values
        if code not in taxonomy
    ]
    if errors:
        raise InvalidInput(errors)


def _of_another_kind(against: Against, taxonomy: Taxonomy) -> InvalidInput:
    code = against.values[0]
    known = ", ".join(taxonomy.kinds.get(against.by, ())[:10]) or "none in this version"
    message = f"{code} ({taxonomy[code].name}) is a {taxonomy[code].kind}, no {against.by}: {known}."
    return InvalidInput(FieldError(message, parameter=against.by))
