"""The words in which two states of the taxonomy differ.

A :class:`Difference` holds one :class:`ConceptChange` per concept that differs; that holds one :class:`Change` per type
of change; and that holds the :class:`Edit` of each place in the concept's JSON that differs. The types say what
happened for a person, the edits say it completely for a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec


class Bump(StrEnum):
    """Which part of the version number a change moves."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def weight(self) -> int:
        return _WEIGHT[self]


_WEIGHT = {Bump.PATCH: 1, Bump.MINOR: 2, Bump.MAJOR: 3}


class ChangeType(StrEnum):
    """What happened to a concept. Reading order: the weightiest for its users first."""

    ADDED = "added"
    REMOVED = "removed"  # only between unrelated states or backwards in time: published concepts never vanish
    REIDENTIFIED = "reidentified"  # kind or uuid under the same code: only between unrelated states
    RETIRED = "retired"
    MERGED = "merged"
    SPLIT = "split"
    REPLACED = "replaced"
    RESTORED = "restored"
    RENAMED = "renamed"
    REDEFINED = "redefined"
    MOVED = "moved"
    RELABELLED = "relabelled"
    TRANSLATED = "translated"
    LINKED = "linked"
    ALIGNED = "aligned"
    LEVELLED = "levelled"
    REATTRIBUTED = "reattributed"
    DOCUMENTED = "documented"


class Edit(msgspec.Struct, frozen=True):
    """One place that differs: a JSON Pointer (RFC 6901) into the concept, the value before and after, None for absent.

    The empty pointer is the whole concept (of ``added`` and ``removed``).
    """

    path: str
    old: Any
    new: Any

    @property
    def links(self) -> tuple[str, ...]:
        """The codes of other concepts that a changed relation or retirement names, before and after."""
        if not self.path.startswith(("/relations/", "/retirement")):
            return ()
        return tuple(dict.fromkeys(code for value in (self.old, self.new) for code in _codes(value)))


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _codes(entry)
    elif isinstance(value, dict):
        if isinstance(value.get("code"), str):
            yield value["code"]
        yield from _codes(value.get("successors"))


class Change(msgspec.Struct, frozen=True):
    """All edits of one type on one concept. ``meaning`` is True where the meaning was changed on purpose."""

    type: ChangeType
    bump: Bump
    edits: tuple[Edit, ...]
    meaning: bool = False


class ConceptChange(msgspec.Struct, frozen=True):
    """Everything that happened to one concept; ``label`` is its name after the change (before it, where removed)."""

    code: str
    kind: str
    label: str
    changes: tuple[Change, ...]

    @property
    def bump(self) -> Bump:
        return max((change.bump for change in self.changes), key=lambda bump: bump.weight)

    @property
    def types(self) -> frozenset[ChangeType]:
        return frozenset(change.type for change in self.changes)


def weightiest_first(entry: ConceptChange) -> tuple[int, str]:
    """The order in which differences are read: major, minor, patch, and by code within."""
    return -entry.bump.weight, entry.code


class ProbablySame(msgspec.Struct, frozen=True):
    """A concept that ended and one that began which look like one re-identified concept.

    Same kind and same preferred label; ``same_place`` when the labels of their broader concepts agree as well.
    A hint for a person, never applied by itself.
    """

    old: str
    new: str
    kind: str
    label: str
    same_place: bool


class Difference(msgspec.Struct, frozen=True):
    """What turns one state into another; entries in the order of :func:`weightiest_first`.

    ``names`` are those of the concepts that edits of relations and retirements name, by code.
    """

    entries: tuple[ConceptChange, ...]
    probably_same: tuple[ProbablySame, ...] = ()
    names: dict[str, str] = {}

    @property
    def bump(self) -> Bump | None:
        """The weightiest bump of all entries; None when the states are equal."""
        return max((entry.bump for entry in self.entries), key=lambda bump: bump.weight, default=None)

    def counts(self) -> dict[str, int]:
        """Number of concepts per type of change, in the order of :class:`ChangeType`."""
        totals = {kind: sum(kind in entry.types for entry in self.entries) for kind in ChangeType}
        return {kind.value: total for kind, total in totals.items() if total}
