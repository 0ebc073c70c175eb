"""What a new state means for whoever has mapped something to concepts of an old one: one outcome per concept.

The first four need no person: what is mapped moves by itself. The other three wait for one. States are compared in
either order: back to an earlier version, what one concept replaced is found again by who replaced it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property

import msgspec

from competency_api.taxonomy.changes import Bump, ChangeType, ConceptChange, Difference
from competency_api.taxonomy.classify import Context, classified
from competency_api.taxonomy.concept import Combine, Successor, SuccessorMatch
from competency_api.taxonomy.diff import edits_between
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.taxonomy import Taxonomy


class MappingOutcome(StrEnum):
    """What happens to a mapping to a concept."""

    UNCHANGED = "unchanged"
    RENAMED = "renamed"  # the wording changed, the meaning not
    MOVED = "moved"  # its place in the hierarchy changed
    REPLACED = "replaced"  # retired, with one equivalent successor
    REVIEW = "review"  # the meaning or the levels changed
    CHOOSE = "choose"  # retired, with several successors or one that is not equivalent
    RETIRED = "retired"  # ended without a successor

    @property
    def waits(self) -> bool:
        """Whether a person has to decide."""
        return self in (MappingOutcome.REVIEW, MappingOutcome.CHOOSE, MappingOutcome.RETIRED)


class ConceptOutcome(msgspec.Struct, frozen=True):
    """What becomes of the mappings to one concept; ``successors`` are the active concepts that stand in for it.

    ``combine`` says whether they do so each by itself or all together, ``reason`` in a sentence why it came to this.
    """

    code: str
    label: str
    outcome: MappingOutcome
    successors: tuple[Successor, ...] = ()
    combine: Combine = "any"
    reason: str = ""

    @property
    def result(self) -> str | None:
        """The code that a mapping has from now on, where no person is needed to know it."""
        if self.outcome.waits:
            return None
        return self.successors[0].code if self.outcome is MappingOutcome.REPLACED else self.code


_WORDING = {
    ChangeType.RENAMED: "its name",
    ChangeType.REDEFINED: "the wording of its definition",
    ChangeType.RELABELLED: "its other labels",
    ChangeType.TRANSLATED: "its translations",
    ChangeType.LEVELLED: "the wording of its levels",
    ChangeType.DOCUMENTED: "its notes or sources",
}
_BACKWARDS: dict[SuccessorMatch, SuccessorMatch] = {"narrower": "broader", "broader": "narrower"}


def mapping_outcomes(found: Difference, new_state: Taxonomy) -> Mapping[str, ConceptOutcome]:
    """The outcome for each concept that was there before and differs, by code; all others are unchanged.

    For who has the difference at hand, and looks forward: what is not in the new state has ended.
    """
    return {entry.code: _outcome(entry, new_state) for entry in found.entries if ChangeType.ADDED not in entry.types}


class Outcomes:
    """The outcomes between two states, each computed when it is first asked for: ``Outcomes(old, new)["C017"]``.

    Raises KeyError for a code that the old state does not have.
    """

    def __init__(self, old_state: Taxonomy, new_state: Taxonomy) -> None:
        self.old, self.new = old_state, new_state
        self._known: dict[str, ConceptOutcome] = {}

    def __getitem__(self, code: str) -> ConceptOutcome:
        found = self._known.get(code)
        if found is None:
            found = self._known[code] = self._found(code)
        return found

    def _found(self, code: str) -> ConceptOutcome:
        old, new = self.old[code], self.new.get(code)
        if new is None:
            return _elsewhere(code, old.name, tuple(self._counterparts(code)))
        if new.retirement is not None:
            return _ended(code, new.name, self.new)
        if self.old.digests[code] == self.new.digests[code]:
            return ConceptOutcome(code, new.name, MappingOutcome.UNCHANGED, reason="Nothing changed.")
        changes = classified(old, new, edits_between(old, new), Context(self.new, frozenset()))
        return _in_use(ConceptChange(code, new.kind, new.name, changes))

    def _counterparts(self, code: str) -> Iterator[Successor]:
        """Active concepts of the new state for one that it does not have: under former codes, or replaced by it."""
        named = (*self.new.by_former_code.get(code, ()), *self.old[code].former_codes)
        pairs = [Successor(code=other, match="equivalent") for other in named] + self._replaced.get(code, [])
        for successor in dict.fromkeys(pairs):
            concept = self.new.get(successor.code)
            if concept is not None and concept.retirement is None:
                yield successor

    @cached_property
    def _replaced(self) -> Mapping[str, list[Successor]]:
        """The concepts that ended in the old state, by what stands in for them there."""
        index: dict[str, list[Successor]] = defaultdict(list)
        for concept in self.old:
            for end in successors_of(self.old, concept.code):
                index[end.code].append(Successor(code=concept.code, match=_BACKWARDS.get(end.match, end.match)))
        return index


def _outcome(entry: ConceptChange, new_state: Taxonomy) -> ConceptOutcome:
    concept = new_state.get(entry.code)
    if concept is None:
        return _elsewhere(entry.code, entry.label, ())
    return _in_use(entry) if concept.retirement is None else _ended(entry.code, entry.label, new_state)


def _elsewhere(code: str, label: str, found: tuple[Successor, ...]) -> ConceptOutcome:
    """For a concept that the new state does not have."""
    if not found:
        return ConceptOutcome(code, label, MappingOutcome.RETIRED, reason="That version does not have it.")
    if _is_certain(found):
        reason = f"There it is {found[0].code}."
        return ConceptOutcome(code, label, MappingOutcome.REPLACED, found, reason=reason)
    reason = f"That version does not have it; {_these(found)} there."
    return ConceptOutcome(code, label, MappingOutcome.CHOOSE, found, reason=reason)


def _ended(code: str, label: str, new_state: Taxonomy) -> ConceptOutcome:
    retirement, ends = new_state[code].retirement, successors_of(new_state, code)
    why, combine = (retirement.reason, retirement.combine) if retirement else ("", "any")
    if not ends:
        return ConceptOutcome(code, label, MappingOutcome.RETIRED, reason=f"Retired without a successor: {why}")
    if _is_certain(ends):
        reason = f"Retired, {ends[0].code} is equivalent: {why}"
        return ConceptOutcome(code, label, MappingOutcome.REPLACED, ends, reason=reason)
    how = " together" if combine == "all" and len(ends) > 1 else ""
    reason = f"Retired, {_these(ends)}{how}: {why}"
    return ConceptOutcome(code, label, MappingOutcome.CHOOSE, ends, combine, reason)


def _is_certain(ends: tuple[Successor, ...]) -> bool:
    return len(ends) == 1 and ends[0].match == "equivalent"


def _these(ends: tuple[Successor, ...]) -> str:
    if len(ends) > 1:
        return f"{len(ends)} concepts stand in for it"
    return f"{ends[0].code} stands in for it and is {ends[0].match}"


def _in_use(entry: ConceptChange) -> ConceptOutcome:
    outcome, reason = _judged(entry)
    return ConceptOutcome(entry.code, entry.label, outcome, reason=reason)


def _judged(entry: ConceptChange) -> tuple[MappingOutcome, str]:
    if ChangeType.REIDENTIFIED in entry.types:
        return MappingOutcome.REVIEW, "Another concept has this code there."
    if any(change.meaning for change in entry.changes):
        return MappingOutcome.REVIEW, "Its meaning was changed on purpose."
    if any(change.type is ChangeType.LEVELLED and change.bump is not Bump.PATCH for change in entry.changes):
        return MappingOutcome.REVIEW, "Descriptors of its levels came or went."
    if ChangeType.MOVED in entry.types:
        return MappingOutcome.MOVED, "Its place in the hierarchy changed, its meaning did not."
    if words := [_WORDING[change.type] for change in entry.changes if change.type in _WORDING]:
        return MappingOutcome.RENAMED, f"Changed: {', '.join(words)}; its meaning did not."
    return MappingOutcome.UNCHANGED, "Nothing changed that a mapping says."
