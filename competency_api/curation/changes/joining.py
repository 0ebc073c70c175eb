"""A proposal seen against the draft: what it would make of it, and where it clashes with what others changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from competency_api.curation.changes.actions import Action, Resolve, changed_codes
from competency_api.curation.changes.applying import outcome, outcomes
from competency_api.taxonomy.canonical import concept_digest
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.merge import FieldConflict, edits_as_values, merged
from competency_api.taxonomy.pointers import flattened
from competency_api.taxonomy.taxonomy import Taxonomy

Contents = Mapping[str, Concept | None]


class ConceptConflict(msgspec.Struct, frozen=True):
    """The places of one concept that the proposal and others changed differently."""

    code: str
    label: str
    fields: tuple[FieldConflict, ...]


@dataclass(frozen=True)
class Joined:
    """``old`` is what the proposal is compared with, ``new`` the same with what it does, ``contents`` only that."""

    old: Taxonomy
    new: Taxonomy
    contents: Contents
    conflicts: tuple[ConceptConflict, ...] = ()

    @cached_property
    def difference(self) -> Difference:
        return difference(self.old, self.new)

    @property
    def written(self) -> list[Concept]:
        """The contents that are not in the old state as they are."""
        return [c for code, c in self.contents.items() if c is not None and c != self.old.get(code)]


def with_contents(state: Taxonomy, contents: Contents) -> Taxonomy:
    """The state with these contents instead of its own; None takes the concept out. Only their digests are computed."""
    if all(state.get(code) == concept for code, concept in contents.items()):
        return state
    concepts, digests = dict(state.concepts), dict(state.digests)
    for code, concept in contents.items():
        if concept is None:
            concepts.pop(code, None)
            digests.pop(code, None)
        else:
            concepts[code] = concept
            digests[code] = concept_digest(concept)
    return Taxonomy(concepts.values(), digests)


def joined(
    draft: Taxonomy,
    bases: Contents,
    actions: Sequence[Action],
    decided: Mapping[str, Mapping[str, Any]] | None = None,
) -> Joined:
    """What accepting the changes now would make of the draft; in conflicts the proposal's values are shown.

    ``decided`` settles conflicts by code and pointer. Raises ``msgspec.ValidationError`` when that makes no concept.
    """
    contents: dict[str, Concept | None] = {}
    conflicts: list[ConceptConflict] = []
    for code, yours in outcomes(bases, actions).items():
        found = merged(bases[code], draft.get(code), yours, (decided or {}).get(code))
        contents[code] = found.concept
        if found.conflicts:
            shown = yours or draft.get(code) or bases[code]
            conflicts.append(ConceptConflict(code, shown.name if shown else code, found.conflicts))
    return Joined(draft, with_contents(draft, contents), contents, tuple(conflicts))


def as_it_was(draft: Taxonomy, bases: Contents, actions: Sequence[Action]) -> Joined:
    """What the changes did to the contents that they were made from, for proposals that are decided."""
    contents = outcomes(bases, actions)
    return Joined(with_contents(draft, bases), with_contents(draft, contents), contents)


def rebased(new_bases: Contents, actions: Sequence[Action], wanted: Contents) -> list[Resolve]:
    """What to add to the changes so that they lead from the new bases to what is wanted.

    A change says what a place is to be, so that on another base it leads to the same, except where it was given up.
    """
    found: list[Resolve] = []
    by_code: dict[str, list[Action]] = {code: [] for code in wanted}
    for action in actions:
        for code in changed_codes(action):
            by_code[code].append(action)
    for code, target in wanted.items():
        if target is None:
            continue
        try:
            made = outcome(code, new_bases[code], by_code[code])
        except msgspec.ValidationError:
            made = None
        values = flattened(target) if made is None else edits_as_values(made, target)
        if values:
            found.append(Resolve(code=code, values=values))
    return found
