"""The difference between two states, in either order, and its application.

Law: ``apply(a, difference(a, b)) == b`` for any two states.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from competency_api.taxonomy.changes import (
    Change,
    ChangeType,
    ConceptChange,
    Difference,
    Edit,
    ProbablySame,
    weightiest_first,
)
from competency_api.taxonomy.classify import Context, classified, context_of, whole
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.pointers import FIELDS, flattened, rebuilt
from competency_api.taxonomy.taxonomy import Taxonomy


class DifferenceDoesNotApply(ValueError):
    """The state is not the one that the difference starts from; names the concept and the place."""


def edits_between(old: Concept, new: Concept) -> list[Edit]:
    """Every place in which two contents of one concept differ."""
    fields = [name for name in FIELDS if getattr(old, name) != getattr(new, name)]
    before, after = flattened(old, fields), flattened(new, fields)
    paths = [*before, *(path for path in after if path not in before)]
    return [
        Edit(path, before.get(path), after.get(path))
        for path in paths
        if path not in before or path not in after or before[path] != after[path]
    ]


def _changes(old: Concept | None, new: Concept | None, context: Context) -> tuple[Change, ...]:
    if old is not None and new is not None:
        return classified(old, new, edits_between(old, new), context)
    if new is not None:
        return (whole(new, ChangeType.ADDED),)
    return (whole(old, ChangeType.REMOVED),) if old is not None else ()


def _entry(code: str, old: Concept | None, new: Concept | None, context: Context) -> ConceptChange:
    shown = new or old
    return ConceptChange(
        code=code,
        kind=shown.kind if shown else "",
        label=shown.name if shown else code,
        changes=_changes(old, new, context),
    )


def difference(old_state: Taxonomy, new_state: Taxonomy) -> Difference:
    """Everything that turns ``old_state`` into ``new_state``; empty exactly when they are equal."""
    codes = [
        code
        for code in sorted({*old_state.concepts, *new_state.concepts})
        if old_state.digests.get(code) != new_state.digests.get(code)
    ]
    context = context_of(old_state, new_state, codes)
    entries = tuple(_entry(code, old_state.get(code), new_state.get(code), context) for code in codes)
    return Difference(
        entries=tuple(sorted(entries, key=weightiest_first)),
        probably_same=_probably_same(old_state, new_state, entries),
        names=_names(old_state, new_state, entries),
    )


def _names(old_state: Taxonomy, new_state: Taxonomy, entries: tuple[ConceptChange, ...]) -> dict[str, str]:
    """Names of linked concepts; what neither state has, in a draft that is not finished, has none."""
    edits = (edit for entry in entries for change in entry.changes for edit in change.edits)
    codes = sorted({code for edit in edits for code in edit.links})
    return {code: found.name for code in codes if (found := new_state.get(code) or old_state.get(code))}


def _ended_without_successor(entry: ConceptChange, new_state: Taxonomy) -> bool:
    if ChangeType.REMOVED in entry.types:
        return True
    retirement = new_state[entry.code].retirement if entry.code in new_state else None
    return ChangeType.RETIRED in entry.types and retirement is not None and not retirement.successors


def _place(state: Taxonomy, code: str) -> frozenset[str]:
    """The labels of the broader concepts, folded: comparable between states that share no codes."""
    return frozenset(state[parent].name.casefold() for parent in state[code].targets("broader") if parent in state)


def _probably_same(
    old_state: Taxonomy, new_state: Taxonomy, entries: tuple[ConceptChange, ...]
) -> tuple[ProbablySame, ...]:
    """Pairs of an ended and a begun concept of one kind and label; where several share it, the place decides."""
    begun: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        if ChangeType.ADDED in entry.types:
            begun[entry.kind, entry.label.casefold()].append(entry.code)
    pairs: list[ProbablySame] = []
    taken: set[str] = set()
    for entry in entries:
        if not _ended_without_successor(entry, new_state):
            continue
        old = old_state[entry.code]
        candidates = [c for c in begun.get((old.kind, old.name.casefold()), ()) if c not in taken]
        place = _place(old_state, entry.code)
        same_place = [code for code in candidates if _place(new_state, code) == place]
        best = same_place or (candidates if len(candidates) == 1 else [])
        if best:
            taken.add(best[0])
            pairs.append(ProbablySame(entry.code, best[0], old.kind, old.name, bool(same_place)))
    return tuple(pairs)


def _edited(concept: Concept, entry: ConceptChange) -> Concept:
    flat = flattened(concept)
    for edit in (edit for change in entry.changes for edit in change.edits):
        if flat.get(edit.path) != edit.old:
            raise DifferenceDoesNotApply(f"{entry.code}{edit.path} is not what the difference starts from")
        if edit.new is None:
            flat.pop(edit.path, None)
        else:
            flat[edit.path] = edit.new
    return rebuilt(entry.code, flat)


def apply(state: Taxonomy, changes: Difference) -> Taxonomy:
    """The state that ``changes`` leads to. Raises :class:`DifferenceDoesNotApply` when it starts from another state."""
    concepts = dict(state.concepts)
    for entry in changes.entries:
        only = entry.changes[0]
        if (entry.code in concepts) == (only.type is ChangeType.ADDED):
            raise DifferenceDoesNotApply(f"{entry.code} {'exists already' if entry.code in concepts else 'is missing'}")
        if only.type is ChangeType.ADDED:
            concepts[entry.code] = msgspec.convert(only.edits[0].new, Concept)
        elif only.type is ChangeType.REMOVED:
            del concepts[entry.code]
        else:
            concepts[entry.code] = _edited(concepts[entry.code], entry)
    return Taxonomy(concepts.values())
