"""Version numbers that follow from the change.

The smallest permitted next number is the parent's, moved at the place that the weightiest change demands. A higher one
may be chosen, a smaller one not.
"""

from __future__ import annotations

import re

import msgspec

from competency_api.taxonomy.changes import Bump, ChangeType, Difference

_NUMBER = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


class Number(msgspec.Struct, frozen=True, order=True):
    """A version number of three parts, each below a million."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @classmethod
    def parse(cls, text: str) -> Number | None:
        """The number that ``text`` spells (``1.2.0``, ASCII digits, no leading zeros), or None."""
        match = _NUMBER.fullmatch(text)
        return cls(*map(int, match.groups())) if match else None

    def after(self, bump: Bump) -> Number:
        """The next number when a change of this weight happens."""
        if bump is Bump.MAJOR:
            return Number(self.major + 1, 0, 0)
        if bump is Bump.MINOR:
            return Number(self.major, self.minor + 1, 0)
        return Number(self.major, self.minor, self.patch + 1)


FIRST = Number(1, 0, 0)


class Reason(msgspec.Struct, frozen=True):
    """One change that forces the bump."""

    code: str
    label: str
    type: ChangeType
    bump: Bump


class Numbering(msgspec.Struct, frozen=True):
    """The smallest permitted number with all the changes that force it; no bump for the first version."""

    smallest: Number
    bump: Bump | None
    reasons: tuple[Reason, ...]

    def permits(self, number: Number) -> bool:
        return number >= self.smallest


def next_number(parent: Number | None, changes: Difference) -> Numbering | None:
    """What may follow ``parent`` (None: nothing published yet); None when nothing changed since."""
    if parent is None:
        return Numbering(FIRST, None, ())
    bump = changes.bump
    if bump is None:
        return None
    reasons = tuple(
        Reason(entry.code, entry.label, change.type, change.bump)
        for entry in changes.entries
        for change in entry.changes
        if change.bump is bump
    )
    return Numbering(parent.after(bump), bump, reasons)
