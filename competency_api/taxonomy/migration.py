"""What a new state means for whoever has mapped something to concepts of an old one: one outcome per concept.

The first four need no person: what is mapped moves by itself. The other three wait for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from competency_api.taxonomy.changes import Bump, ChangeType, ConceptChange, Difference
from competency_api.taxonomy.concept import Successor
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
    """What becomes of the mappings to one concept; ``successors`` are the active concepts that stand in for it."""

    code: str
    label: str
    outcome: MappingOutcome
    successors: tuple[Successor, ...] = ()


_WORDING = frozenset(
    {
        ChangeType.RENAMED,
        ChangeType.REDEFINED,
        ChangeType.RELABELLED,
        ChangeType.TRANSLATED,
        ChangeType.LEVELLED,
        ChangeType.DOCUMENTED,
    }
)


def mapping_outcomes(found: Difference, new_state: Taxonomy) -> Mapping[str, ConceptOutcome]:
    """The outcome for each concept that was there before and differs, by code; all others are unchanged."""
    return {entry.code: _outcome(entry, new_state) for entry in found.entries if ChangeType.ADDED not in entry.types}


def _outcome(entry: ConceptChange, new_state: Taxonomy) -> ConceptOutcome:
    concept = new_state.get(entry.code)
    if concept is None:
        return ConceptOutcome(entry.code, entry.label, MappingOutcome.RETIRED)
    if concept.retirement is None:
        return ConceptOutcome(entry.code, entry.label, _in_use(entry))
    ends = successors_of(new_state, entry.code)
    if not ends:
        return ConceptOutcome(entry.code, entry.label, MappingOutcome.RETIRED)
    is_certain = len(ends) == 1 and ends[0].match == "equivalent"
    return ConceptOutcome(
        entry.code, entry.label, MappingOutcome.REPLACED if is_certain else MappingOutcome.CHOOSE, ends
    )


def _in_use(entry: ConceptChange) -> MappingOutcome:
    if any(
        change.meaning or (change.type is ChangeType.LEVELLED and _is_more_than_wording(change.bump))
        for change in entry.changes
    ):
        return MappingOutcome.REVIEW
    if ChangeType.MOVED in entry.types:
        return MappingOutcome.MOVED
    return MappingOutcome.RENAMED if entry.types & _WORDING else MappingOutcome.UNCHANGED


def _is_more_than_wording(bump: Bump) -> bool:
    return bump is not Bump.PATCH
