"""The types of change, each as what the author sends: only what it is about.

One change is an object with its ``type`` and the members of the struct of that type. ``seen`` is the digest of the
content that the author made the change from, where that was not the draft as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import msgspec

from competency_api.taxonomy.concept import Alignment, Combine, ReviewState, Successor


class Action(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all types."""

    type_name: ClassVar[str]


class _Single(Action, frozen=True, kw_only=True):
    """Base of those that change one concept."""

    code: str
    seen: str = ""


class Add(Action, frozen=True, kw_only=True):
    """A new concept. Its code is the next free one of its kind unless given; its uuid is made."""

    type_name = "add"
    concept: dict[str, Any]


class Edit(_Single, frozen=True, kw_only=True):
    """Some fields of a concept: a merge patch (RFC 7396) of its JSON, in which null takes away and a list is a whole.

    ``changes_meaning`` says that it means something else afterwards, so that mappings to it need a person.
    """

    type_name = "edit"
    fields: dict[str, Any]
    changes_meaning: bool = False


class Retire(_Single, frozen=True, kw_only=True):
    """A concept is no longer used; of one that is retired already, it states the retirement anew."""

    type_name = "retire"
    reason: str
    on: str = ""
    transition_until: str = ""
    successors: tuple[Successor, ...] = ()
    combine: Combine = "any"


class Merge(Action, frozen=True, kw_only=True):
    """Concepts that are retired because another one, or a new one, means the same."""

    type_name = "merge"
    codes: tuple[str, ...]
    into: str
    reason: str
    on: str = ""
    transition_until: str = ""


class Split(_Single, frozen=True, kw_only=True):
    """A concept that is retired because several narrower ones stand for it."""

    type_name = "split"
    into: tuple[str, ...]
    reason: str
    on: str = ""
    transition_until: str = ""
    combine: Combine = "any"


class Move(_Single, frozen=True, kw_only=True):
    """Another place in the hierarchy, or in the disciplines; what is not given stays."""

    type_name = "move"
    broader: tuple[str, ...] | None = None
    part_of: tuple[str, ...] | None = None


class Restore(_Single, frozen=True, kw_only=True):
    """A retired concept is used again."""

    type_name = "restore"


class Align(_Single, frozen=True, kw_only=True):
    """Links to concepts of other schemes: what comes, and the URIs of what goes. An added URI replaces its old link."""

    type_name = "align"
    add: tuple[Alignment, ...] = ()
    remove: tuple[str, ...] = ()


class Translate(_Single, frozen=True, kw_only=True):
    """The texts of one language; null takes one away. ``levels`` holds descriptors by level."""

    type_name = "translate"
    language: str
    texts: dict[str, Any]
    review: ReviewState = "draft"


class Resolve(_Single, frozen=True, kw_only=True):
    """What was decided where others changed the same: values by JSON Pointer, null for nothing. Made by a rebase."""

    type_name = "resolve"
    values: dict[str, Any]


#: Every type by its name; ``resolve`` is not among those that an author sends.
ACTIONS: Mapping[str, type[Action]] = MappingProxyType(
    {kind.type_name: kind for kind in (Add, Edit, Retire, Merge, Split, Move, Restore, Align, Translate, Resolve)}
)
#: Members that are days.
DAYS = ("on", "transition_until")
SENDABLE = tuple(name for name in ACTIONS if name != Resolve.type_name)


def as_document(action: Action) -> dict[str, Any]:
    """The change as it is stored and answered; a day that was not said is left out, as whoever sends it must."""
    content: dict[str, Any] = msgspec.to_builtins(action)
    said = {name: value for name, value in content.items() if value or name not in DAYS}
    return {"type": action.type_name, **said}


def from_document(document: Mapping[str, Any]) -> Action:
    """The change that :func:`as_document` wrote."""
    content = {name: value for name, value in document.items() if name != "type"}
    return msgspec.convert(content, ACTIONS[document["type"]])


def changed_codes(action: Action) -> tuple[str, ...]:
    """The concepts whose content the change touches."""
    match action:
        case Add():
            return (action.concept["code"],)
        case Merge():
            return action.codes
        case _Single():
            return (action.code,)
    raise AssertionError(action)


def named_codes(action: Action) -> tuple[tuple[str, str], ...]:
    """The other concepts that the change leads to, each with its JSON Pointer in the change."""
    match action:
        case Retire():
            return tuple((f"/successors/{n}/code", s.code) for n, s in enumerate(action.successors))
        case Merge():
            return (("/into", action.into),)
        case Split():
            return tuple((f"/into/{n}", code) for n, code in enumerate(action.into))
        case Move():
            pairs = (("broader", action.broader or ()), ("part_of", action.part_of or ()))
            return tuple((f"/{name}/{n}", code) for name, codes in pairs for n, code in enumerate(codes))
    return ()


def seen_digests(action: Action) -> dict[str, str]:
    """By code, the digest of the content that the author saw, where it was told."""
    return {action.code: action.seen} if isinstance(action, _Single) and action.seen else {}
