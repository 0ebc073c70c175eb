"""Which type of change an edit is, and which part of the version number it moves: the policy, in one place.

Explained for people in docs/reference/version-numbers.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from competency_api.taxonomy.changes import Bump, Change, ChangeType, Edit
from competency_api.taxonomy.concept import Concept, Retirement
from competency_api.taxonomy.kinds import KINDS, RELATIONS, Shape
from competency_api.taxonomy.pointers import as_json, tokens
from competency_api.taxonomy.taxonomy import Taxonomy

_TEXTS = {"definition": ChangeType.REDEFINED, "scope_note": ChangeType.DOCUMENTED, "example": ChangeType.DOCUMENTED}
_SIMPLE = {
    "meaning": ChangeType.REDEFINED,
    "alignments": ChangeType.ALIGNED,
    "sources": ChangeType.DOCUMENTED,
    "former_codes": ChangeType.DOCUMENTED,
}
_RETIREMENT_BUMPS = {
    ChangeType.RETIRED: Bump.MAJOR,
    ChangeType.MERGED: Bump.MAJOR,
    ChangeType.SPLIT: Bump.MAJOR,
    ChangeType.REPLACED: Bump.MINOR,
    ChangeType.RESTORED: Bump.MINOR,
    ChangeType.DOCUMENTED: Bump.PATCH,
}


@dataclass(frozen=True)
class Context:
    """What must be known about both states to type the edits of one concept."""

    new_state: Taxonomy
    merged_into: frozenset[str]


def equivalent_successor(retirement: Retirement | None) -> str | None:
    """The code that replaces the concept whole, when exactly one successor does."""
    if retirement is None or len(retirement.successors) != 1:
        return None
    only = retirement.successors[0]
    return only.code if only.match == "equivalent" else None


def context_of(old_state: Taxonomy, new_state: Taxonomy, codes: Iterable[str]) -> Context:
    """``codes`` are those of the concepts that differ."""
    successors = Counter(
        equivalent_successor(new.retirement)
        for code in codes
        if (new := new_state.get(code)) and (old := old_state.get(code)) and not old.retirement
    )
    return Context(new_state, frozenset(code for code, n in successors.items() if code and n > 1))


def _languages(concept: Concept) -> frozenset[str]:
    """Languages in which the concept says anything."""
    by_level = concept.attributes.get("levels")
    levels = (
        [texts for texts in by_level.values() if isinstance(texts, Mapping)] if isinstance(by_level, Mapping) else []
    )
    return frozenset().union(concept.labels, concept.definition, concept.scope_note, concept.example, *levels)


def _retirement_type(old: Retirement | None, new: Retirement | None, context: Context) -> ChangeType:
    if new is None:
        return ChangeType.RESTORED
    if old and (old.successors, old.combine) == (new.successors, new.combine):
        return ChangeType.DOCUMENTED
    if replacement := equivalent_successor(new):
        return ChangeType.MERGED if replacement in context.merged_into else ChangeType.REPLACED
    if len(new.successors) > 1 and all(s.match == "narrower" for s in new.successors):
        return ChangeType.SPLIT
    return ChangeType.RETIRED


def _is_kept(edit: Edit) -> bool:
    return edit.old is not None and edit.new is not None


def _text_type(edit: Edit, language: str, both: frozenset[str], kept: ChangeType) -> ChangeType:
    """A text that came or went is a matter of translation, unless it is a note in a language that stays."""
    if language in both and (_is_kept(edit) or kept in (ChangeType.DOCUMENTED, ChangeType.LEVELLED)):
        return kept
    return ChangeType.TRANSLATED


def _attribute_type(kind: str, path: list[str], edit: Edit, both: frozenset[str]) -> ChangeType:
    attribute = KINDS[kind].attribute(path[1]) if kind in KINDS else None
    if attribute is None or len(path) < 3:
        return ChangeType.LEVELLED if path[1] == "levels" else ChangeType.REATTRIBUTED
    if attribute.shape is Shape.LEVELS:
        return _text_type(edit, path[-1], both, ChangeType.LEVELLED)
    if attribute.shape is Shape.TEXT:
        return _text_type(edit, path[-1], both, ChangeType.REDEFINED)
    return ChangeType.REATTRIBUTED


def _type_of(edit: Edit, old: Concept, new: Concept, both: frozenset[str], context: Context) -> ChangeType:
    path = tokens(edit.path)
    field = path[0]
    if field in _SIMPLE:
        return _SIMPLE[field]
    if field == "retirement":
        return _retirement_type(old.retirement, new.retirement, context)
    if field == "relations":
        return ChangeType.MOVED if path[1] in ("broader", "part_of") else ChangeType.LINKED
    if field == "translations":
        return ChangeType.TRANSLATED
    if field == "attributes":
        return _attribute_type(new.kind, path, edit, both)
    if field in _TEXTS:
        return _text_type(edit, path[1], both, _TEXTS[field])
    if field == "labels":
        if path[1] not in both:
            return ChangeType.TRANSLATED
        return ChangeType.RENAMED if path[2] == "preferred" and _is_kept(edit) else ChangeType.RELABELLED
    return ChangeType.REIDENTIFIED  # kind, uuid


def _links(edit: Edit) -> tuple[set[str], set[str]]:
    return {link["code"] for link in edit.old or ()}, {link["code"] for link in edit.new or ()}


def _takes_away_a_link(edit: Edit, context: Context) -> bool:
    """Whether a link that mappings rely on is gone although the concept it pointed at is still in use.

    A move (``part_of`` changed for another discipline) keeps the concept's place, so only a loss without any
    replacement counts there.
    """
    name = tokens(edit.path)[1]
    relation = RELATIONS.get(name)
    if relation is None or not relation.relied_on:
        return False
    before, after = _links(edit)
    if name == "part_of" and after - before:
        return False
    return any((target := context.new_state.get(code)) and not target.retirement for code in before - after)


def _bump_of(
    kind: ChangeType, edits: list[Edit], old: Concept, new: Concept, both: frozenset[str], context: Context
) -> Bump:
    in_use = old.retirement is None and new.retirement is None
    if kind in _RETIREMENT_BUMPS and any(edit.path == "/retirement" for edit in edits):
        return _RETIREMENT_BUMPS[kind]
    if kind in (ChangeType.MOVED, ChangeType.LINKED):
        return Bump.MAJOR if in_use and any(_takes_away_a_link(edit, context) for edit in edits) else Bump.MINOR
    if kind is ChangeType.LEVELLED:
        return _level_bump(edits, changes_meaning=old.meaning != new.meaning)
    if kind is ChangeType.REDEFINED:
        return Bump.MAJOR if old.meaning != new.meaning else Bump.PATCH
    if kind is ChangeType.TRANSLATED:
        return Bump.PATCH if _languages(old) == both == _languages(new) else Bump.MINOR
    if kind is ChangeType.ALIGNED:
        pairs = [{(a.match, a.uri) for a in concept.alignments} for concept in (old, new)]
        return Bump.PATCH if pairs[0] == pairs[1] else Bump.MINOR
    if kind is ChangeType.REATTRIBUTED:
        return Bump.MINOR
    return Bump.MAJOR if kind is ChangeType.REIDENTIFIED else Bump.PATCH


def _level_bump(edits: list[Edit], *, changes_meaning: bool) -> Bump:
    if changes_meaning or any(edit.new is None for edit in edits):
        return Bump.MAJOR
    return Bump.MINOR if any(edit.old is None for edit in edits) else Bump.PATCH


def classified(old: Concept, new: Concept, edits: Iterable[Edit], context: Context) -> tuple[Change, ...]:
    """The edits between two contents of one concept, gathered by type, in the order of :class:`ChangeType`."""
    both = _languages(old) & _languages(new)
    by_type: dict[ChangeType, list[Edit]] = {}
    for edit in edits:
        by_type.setdefault(_type_of(edit, old, new, both, context), []).append(edit)
    meaning = old.meaning != new.meaning
    return tuple(
        Change(
            type=kind,
            bump=_bump_of(kind, by_type[kind], old, new, both, context),
            edits=tuple(sorted(by_type[kind], key=lambda edit: edit.path)),
            meaning=meaning and kind in (ChangeType.REDEFINED, ChangeType.LEVELLED),
        )
        for kind in ChangeType
        if kind in by_type
    )


def whole(concept: Concept, kind: ChangeType) -> Change:
    """The change that adds or removes a concept altogether."""
    content = as_json(concept)
    added = kind is ChangeType.ADDED
    edit = Edit("", None if added else content, content if added else None)
    return Change(type=kind, bump=Bump.MINOR if added else Bump.MAJOR, edits=(edit,))
