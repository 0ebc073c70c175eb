"""What changes make of a content: each works on its places, so that several on one concept follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from competency_api.curation.changes.actions import (
    Action,
    Add,
    Align,
    Edit,
    Merge,
    Move,
    Resolve,
    Restore,
    Retire,
    Split,
    Translate,
    changed_codes,
)
from competency_api.taxonomy.concept import Combine, Concept, Retirement, Successor, normalised
from competency_api.taxonomy.pointers import as_json, escaped, flattened, rebuilt, with_value

#: A content as values by JSON Pointer.
Places = Mapping[str, Any]
_RETIREMENT = "/retirement"


def outcome(code: str, base: Concept | None, actions: Iterable[Action]) -> Concept | None:
    """What the actions, in their order, make of the content of a concept (None: there is none yet).

    Those that do not touch the concept are passed over. Raises ``msgspec.ValidationError`` when it is none any more.
    """
    places: Places | None = None if base is None else flattened(base)
    for action in actions:
        if code in changed_codes(action):
            places = _after(places or {}, action)
    return None if places is None else normalised(rebuilt(code, places))


def outcomes(bases: Mapping[str, Concept | None], actions: Sequence[Action]) -> dict[str, Concept | None]:
    """The outcome for every concept of ``bases``, which holds all that the actions change."""
    by_code: dict[str, list[Action]] = {code: [] for code in bases}
    for action in actions:
        for code in changed_codes(action):
            by_code[code].append(action)
    return {code: outcome(code, base, by_code[code]) for code, base in bases.items()}


def _after(places: Places, action: Action) -> Places:
    match action:
        case Add():
            return flattened(msgspec.convert(action.concept, Concept))
        case Edit():
            return _edited(places, action)
        case Retire():
            return _retired(places, action, action.successors, action.combine)
        case Merge():
            return _retired(places, action, (Successor(code=action.into, match="equivalent"),), "any")
        case Split():
            successors = tuple(Successor(code=code, match="narrower") for code in action.into)
            return _retired(places, action, successors, action.combine)
        case Move():
            return _moved(places, action)
        case Restore():
            return with_value(places, _RETIREMENT, None)
        case Align():
            return _aligned(places, action)
        case Translate():
            return _translated(places, action)
        case Resolve():
            return _resolved(places, action.values)
    raise AssertionError(action)


def _edited(places: Places, action: Edit) -> Places:
    places = _patched(places, "", action.fields)
    return {**places, "/meaning": places.get("/meaning", 1) + 1} if action.changes_meaning else places


def _patched(places: Places, place: str, patch: Mapping[str, Any]) -> Places:
    for name, value in patch.items():
        below = f"{place}/{escaped(name)}"
        if isinstance(value, dict) and value:
            places = _patched(places, below, value)
        else:
            places = with_value(places, below, None if value == {} else value)
    return places


def _retired(
    places: Places, action: Retire | Merge | Split, successors: tuple[Successor, ...], combine: Combine
) -> Places:
    retirement = Retirement(
        reason=action.reason,
        on=action.on,
        transition_until=action.transition_until,
        successors=successors,
        combine=combine,
    )
    return with_value(places, _RETIREMENT, as_json(retirement))


def _moved(places: Places, action: Move) -> Places:
    for name, codes in (("broader", action.broader), ("part_of", action.part_of)):
        if codes is not None:
            places = with_value(places, f"/relations/{name}", [{"code": code} for code in codes] or None)
    return places


def _aligned(places: Places, action: Align) -> Places:
    gone = {*action.remove, *(alignment.uri for alignment in action.add)}
    kept = [entry for entry in places.get("/alignments", ()) if entry["uri"] not in gone]
    return with_value(places, "/alignments", [*kept, *map(as_json, action.add)] or None)


#: Where a text of one language stands, by its name in the change.
TEXTS = {
    "preferred": "/labels/{}/preferred",
    "alternative": "/labels/{}/alternative",
    "hidden": "/labels/{}/hidden",
    "definition": "/definition/{}",
    "scope_note": "/scope_note/{}",
    "example": "/example/{}",
    "question": "/attributes/question/{}",
}


def translated_fields(action: Translate) -> dict[str, Any]:
    """The same as the values to put at places, for checking and for applying."""
    tag = escaped(action.language)
    values = {TEXTS[name].format(tag): text for name, text in action.texts.items() if name in TEXTS}
    levels = action.texts.get("levels") or {}
    values |= {f"/attributes/levels/{escaped(level)}/{tag}": text for level, text in levels.items()}
    return values | {f"/translations/{tag}": action.review}


def _translated(places: Places, action: Translate) -> Places:
    return _resolved(places, translated_fields(action))


def _resolved(places: Places, values: Mapping[str, Any]) -> Places:
    for place in sorted(values, key=lambda path: values[path] is not None):  # what goes makes room for what comes
        places = with_value(places, place, values[place])
    return places
