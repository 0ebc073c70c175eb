"""Two changes of one concept, made from the same content without knowing of each other, joined place by place.

Three contents come in: the ``base`` that the author saw, ``theirs`` that stands there now, and ``yours``, which the
author made of the base. Where only one side changed a place, its value holds; where both wrote the same, that; where
they wrote different things, it is a conflict, and a person decides. Places are those of
:mod:`competency_api.taxonomy.pointers`.

Laws: changes of different places always both succeed; without a conflict the order of the two does not matter; and a
side that changed nothing leaves the other as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from competency_api.taxonomy.concept import Concept, normalised
from competency_api.taxonomy.pointers import (
    as_json,
    escaped,
    flattened,
    lies_within,
    rebuilt,
    tokens,
    value_at,
    with_value,
)

#: The pointer of the whole concept: in conflict when one side made it or took it away while the other wrote it.
WHOLE = ""
_MEANING = "/meaning"
_FIRST_MEANING = 1


class FieldConflict(msgspec.Struct, frozen=True):
    """One place that both sides changed, each in its own way; None where there is nothing."""

    path: str
    base: Any
    theirs: Any
    yours: Any


class Merged(msgspec.Struct, frozen=True):
    """The joined content (None: no concept), with ``yours`` in the places that are in conflict."""

    concept: Concept | None
    conflicts: tuple[FieldConflict, ...] = ()


def merged(
    base: Concept | None,
    theirs: Concept | None,
    yours: Concept | None,
    decided: Mapping[str, Any] | None = None,
) -> Merged:
    """Join both sides. ``decided`` settles conflicts: what is to stand at their ``path``, None for nothing.

    Raises ``msgspec.ValidationError`` when what was decided makes no concept.
    """
    decided = decided or {}
    if yours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(yours)
    if base is None or theirs is None or yours is None:
        return _whole(base, theirs, yours, decided)
    return _by_place(base, theirs, yours, decided)


def _whole(base: Concept | None, theirs: Concept | None, yours: Concept | None, decided: Mapping[str, Any]) -> Merged:
    if WHOLE in decided:
        value = decided[WHOLE]
        return Merged(None if value is None else normalised(msgspec.convert(value, Concept)))
    shown = [None if side is None else as_json(side) for side in (base, theirs, yours)]
    return Merged(yours, (FieldConflict(WHOLE, *shown),))


def _by_place(base: Concept, theirs: Concept, yours: Concept, decided: Mapping[str, Any]) -> Merged:
    sides = [_without_meaning(side) for side in (base, theirs, yours)]
    before, there, here = sides
    joined: dict[str, Any] = {}
    places: list[str] = []
    for path in dict.fromkeys((*before, *there, *here)):
        old, their, your = before.get(path), there.get(path), here.get(path)
        value = their if your == old else your
        if value is not None:
            joined[path] = value
        if their not in (old, your) and your != old:
            places.append(path)
    clashes = list(dict.fromkeys(_clashes(joined)))
    for place in clashes:  # halves of two wholes make no whole: there one side must give way
        joined = with_value(joined, place, value_at(here, place))
    open_places = [p for p in places if not any(lies_within(p, clash) for clash in clashes)] + clashes
    for place, value in decided.items():
        joined = with_value(joined, place, value)
    conflicts = tuple(
        FieldConflict(place, *(value_at(side, place) for side in sides))
        for place in sorted(open_places)
        if place not in decided
    )
    if (meaning := _meaning(base, theirs, yours, joined)) != _FIRST_MEANING:
        joined[_MEANING] = meaning
    return Merged(normalised(rebuilt(base.code, joined)), conflicts)


def _without_meaning(concept: Concept) -> dict[str, Any]:
    return {path: value for path, value in flattened(concept).items() if path != _MEANING}


def _clashes(flat: Mapping[str, Any]) -> Iterator[str]:
    """Places of which the two sides left parts that do not stand together.

    A value where the other side put a place below it; labels of a language without the preferred one.
    """
    for path in flat:
        around = path.rpartition("/")[0]
        while around:
            if around in flat:
                yield around
            around = around.rpartition("/")[0]
        if path.startswith("/labels/"):
            language = f"/labels/{escaped(tokens(path)[1])}"
            if f"{language}/preferred" not in flat:
                yield language


def _meaning(base: Concept, theirs: Concept, yours: Concept, joined: Mapping[str, Any]) -> int:
    """Both changes of meaning count, as long as each side brings something: the counter must rise for either."""
    if base.meaning in (theirs.meaning, yours.meaning):
        return yours.meaning if theirs.meaning == base.meaning else theirs.meaning
    if dict(joined) in (_without_meaning(theirs), _without_meaning(yours)):
        return max(theirs.meaning, yours.meaning)
    return base.meaning + max(0, theirs.meaning - base.meaning) + max(0, yours.meaning - base.meaning)


def edits_as_values(old: Concept, new: Concept) -> dict[str, Any]:
    """What to put at which places of ``old`` so that it becomes ``new``; None takes away."""
    before, after = flattened(old), flattened(new)
    gone = {path: None for path in before if path not in after}
    return gone | {path: value for path, value in after.items() if before.get(path) != value}
