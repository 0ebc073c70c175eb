"""From what an author sends to changes: names, types and texts are checked here, each fault with its place.

Whether a change fits the concepts that there are is for :mod:`competency_api.curation.changes.checking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from competency_api.core.languages import find_tag
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.curation.changes.actions import (
    ACTIONS,
    DAYS,
    SENDABLE,
    Action,
    Add,
    Align,
    Edit,
    Merge,
    Move,
    Retire,
    Split,
    Translate,
)
from competency_api.curation.changes.applying import TEXTS
from competency_api.formats.reading.shapes import Fault, faults_of
from competency_api.formats.reading.texts import cleaned_all
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.pointers import escaped
from competency_api.taxonomy.rules.retirement import find_day

#: Where the texts of a member would stand in a concept: that decides whether they may have several lines.
_ANCHORS = {"fields": "", "concept": "", "reason": "/retirement/reason"}
#: What an edit cannot do, and what can.
_NOT_BY_EDIT = {
    "code": "A code never changes.",
    "uuid": "A uuid never changes.",
    "kind": "A concept stays of its kind: retire it, and add one of the other kind as its successor.",
    "meaning": 'Say "changes_meaning": true instead.',
    "retirement": 'Use the types "retire", "merge", "split" and "restore".',
}
_EDITABLE = tuple(name for name in Concept.__struct_fields__ if name not in _NOT_BY_EDIT)
_NO_DAY = "It must be a day, written like 2026-11-23; leave it out where there is none."
_MOST_FAULTS = 100


def read_action(raw: Any, faults: list[Fault]) -> Action | None:
    """The change that an author sent, or None after adding everything that is wrong with it."""
    if not isinstance(raw, dict):
        faults.append(Fault("", "A change is an object."))
        return None
    name = raw.get("type")
    if name not in SENDABLE:
        hint = did_you_mean(str(name), SENDABLE)
        message = f'There is no type of change "{printable(name)}".{hint}' if "type" in raw else f"It is missing.{hint}"
        faults.append(Fault("/type", message, name))
        return None
    own: list[Fault] = []
    content = {member: _cleaned(member, value, own) for member, value in raw.items() if member != "type"}
    own += faults_of(content, ACTIONS[name])
    own += (Fault(f"/{day}", _NO_DAY, "") for day in DAYS if content.get(day) == "")
    if not own:
        action = msgspec.convert(content, ACTIONS[name])
        own += _own_faults(action)
    faults += own[:_MOST_FAULTS]
    return None if own else action


def _cleaned(member: str, value: Any, faults: list[Fault]) -> Any:
    """The value with its texts as they are stored."""
    if member == "texts" and isinstance(value, dict):
        return {
            name: _cleaned_at(TEXTS.get(name, "/attributes/"), f"/texts/{name}", v, faults) for name, v in value.items()
        }
    return _cleaned_at(_ANCHORS.get(member, f"/{member}"), f"/{member}", value, faults)


def _cleaned_at(anchor: str, place: str, value: Any, faults: list[Fault]) -> Any:
    found: list[Fault] = []
    clean = cleaned_all(value, anchor, found)
    faults += [fault._replace(pointer=place + fault.pointer[len(anchor) :]) for fault in found]
    return clean


def _own_faults(action: Action) -> Iterator[Fault]:
    """What is wrong with a change whatever concepts there are."""
    match action:
        case Add():
            yield from _add_faults(action.concept)
        case Edit():
            yield from _edit_faults(action.fields)
        case Retire():
            yield from _retire_faults(action)
        case Merge():
            yield from _merge_faults(action)
        case Split():
            yield from _split_faults(action)
        case Move():
            yield from _move_faults(action)
        case Align():
            if not action.add and not action.remove:
                yield Fault("", 'Nothing changes: name links in "add" or URIs in "remove".')
        case Translate():
            yield from _translate_faults(action)


def _add_faults(concept: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("meaning", "retirement"):
        if name in concept:
            yield Fault(f"/concept/{name}", "A new concept has none.")
    if "code" not in concept and not isinstance(concept.get("kind"), str):
        yield Fault("/concept/kind", "It is missing: give the kind, or a code of it.")


def _edit_faults(fields: Mapping[str, Any]) -> Iterator[Fault]:
    if not fields:
        yield Fault("/fields", "Nothing changes: name the fields that change, with what they are to be.")
    for name in fields:
        if name in _NOT_BY_EDIT:
            yield Fault(f"/fields/{name}", _NOT_BY_EDIT[name])
        elif name not in _EDITABLE:
            hint = did_you_mean(name, _EDITABLE)
            yield Fault(f"/fields/{escaped(name)}", f'There is no field "{printable(name)}".{hint}', name)


def _day_faults(action: Retire | Merge | Split) -> Iterator[Fault]:
    for name in DAYS:
        text = getattr(action, name)
        if text and find_day(text) is None:
            yield Fault(f"/{name}", "It must be a day, written like 2026-11-23.", text)
    if not action.reason:
        yield Fault("/reason", "Say why: whoever uses the concept reads it.")


def _retire_faults(action: Retire) -> Iterator[Fault]:
    yield from _day_faults(action)
    codes = [successor.code for successor in action.successors]
    for number, code in enumerate(codes):
        if code == action.code:
            yield Fault(f"/successors/{number}/code", "What is retired cannot stand in for itself.", code)
        elif code in codes[:number]:
            yield Fault(f"/successors/{number}/code", "It is named twice.", code)
    if action.combine == "all" and len(codes) < 2:
        yield Fault("/combine", '"all" takes at least two successors.')


def _merge_faults(action: Merge) -> Iterator[Fault]:
    yield from _day_faults(action)
    if not action.codes:
        yield Fault("/codes", "Name the concepts that are merged.")
    for number, code in enumerate(action.codes):
        if code == action.into:
            yield Fault(f"/codes/{number}", "A concept cannot be merged into itself.", code)
        elif code in action.codes[:number]:
            yield Fault(f"/codes/{number}", "It is named twice.", code)


def _split_faults(action: Split) -> Iterator[Fault]:
    yield from _day_faults(action)
    if len(action.into) < 2:
        yield Fault("/into", "A split has at least two results; with one, retire the concept with that successor.")
    for number, code in enumerate(action.into):
        if code == action.code:
            yield Fault(f"/into/{number}", "A concept cannot be split into itself.", code)
        elif code in action.into[:number]:
            yield Fault(f"/into/{number}", "It is named twice.", code)


def _move_faults(action: Move) -> Iterator[Fault]:
    if action.broader is None and action.part_of is None:
        yield Fault("", 'Nothing changes: name the place in "broader" or "part_of".')
    for name in ("broader", "part_of"):
        codes = getattr(action, name) or ()
        for number, code in enumerate(codes):
            if code == action.code:
                yield Fault(f"/{name}/{number}", "A concept cannot lie below itself.", code)
            elif code in codes[:number]:
                yield Fault(f"/{name}/{number}", "It is named twice.", code)


def _translate_faults(action: Translate) -> Iterator[Fault]:
    if find_tag(action.language) != action.language:
        yield Fault("/language", 'It must be a language tag of BCP 47, such as "es" or "pt-BR".', action.language)
    elif action.language == REFERENCE_LANGUAGE:
        yield Fault("/language", 'English is what the others are translated from: change it with the type "edit".')
    if not action.texts:
        yield Fault("/texts", "Nothing is translated: name the texts.")
    known = (*TEXTS, "levels")
    for name in action.texts:
        if name not in known:
            yield Fault(f"/texts/{name}", f'There is no text "{printable(name)}".{did_you_mean(name, known)}', name)
    if not isinstance(action.texts.get("levels", {}), (dict, type(None))):
        yield Fault("/texts/levels", "An object is expected here, with a descriptor by level.")
