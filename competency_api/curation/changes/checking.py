"""Whether changes fit the concepts that there are: the faults that no later change could mend.

Everything else that is wrong with a state is a finding of quality: a draft may be unfinished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.curation.changes.actions import (
    Action,
    Add,
    Edit,
    Merge,
    Resolve,
    Restore,
    Retire,
    Translate,
    changed_codes,
    named_codes,
)
from competency_api.curation.changes.applying import outcome
from competency_api.formats.document import Place, Problems
from competency_api.formats.reading.concepts import read_concept
from competency_api.formats.reading.shapes import Fault
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import LEVELS, RELATIONS, kind_of
from competency_api.taxonomy.pointers import as_json
from competency_api.taxonomy.taxonomy import Taxonomy

#: Where in the change the content of the concept is said.
_CONTENT = {Add: "/concept", Edit: "/fields", Translate: "/texts"}
_LEVELS = "/attributes/levels/"


class Checking:
    """Changes of one proposal, one after the other, on the contents that their author saw.

    ``bases`` holds the content of every concept that is changed (None: not yet there), ``draft`` all there is.
    """

    def __init__(self, draft: Taxonomy, bases: Mapping[str, Concept | None], earlier: Iterable[Action] = ()) -> None:
        self._draft = draft
        self._now: dict[str, Concept | None] = dict(bases)
        for action in earlier:
            for code in changed_codes(action):
                self._now[code] = outcome(code, self._now[code], [action])

    @property
    def contents(self) -> Mapping[str, Concept | None]:
        """What the changes that were taken so far lead to."""
        return self._now

    def take(self, action: Action) -> list[Fault]:
        """Apply one more change; with faults it is not applied."""
        faults = [*self._unfit(action), *self._unknown(action)]
        if faults:
            return faults
        made: dict[str, Concept] = {}
        for code in changed_codes(action):
            found = self._made(code, action)
            if isinstance(found, Concept):
                made[code] = found
            else:
                faults += found
        if not faults and (named_codes(action) or isinstance(action, Retire)):
            faults = circle_faults({**self._now, **made}, self._draft, action)
        if not faults:
            self._now.update(made)
        return faults

    def _unfit(self, action: Action) -> Iterator[Fault]:
        for number, code in enumerate(changed_codes(action)):
            pointer = _place_of(action, number)
            concept = self._now.get(code)
            if isinstance(action, Add):
                if concept is not None or code in self._draft:
                    yield Fault(pointer, f"There is a concept {code} already; codes are never used again.", code)
            elif concept is None:
                yield Fault(pointer, self._no_concept(code), code)
            elif isinstance(action, Restore) and concept.retirement is None:
                yield Fault(pointer, f"{code} is in use: there is nothing to restore.", code)
            elif concept.retirement is not None and not isinstance(action, Restore | Retire | Resolve):
                yield Fault(pointer, f"{code} is retired; restore it first, or change what stands in for it.", code)

    def _unknown(self, action: Action) -> Iterator[Fault]:
        for pointer, code in named_codes(action):
            if self._now.get(code) is None and code not in self._draft:
                yield Fault(pointer, self._no_concept(code), code)

    def _no_concept(self, code: str) -> str:
        known = {*self._draft.concepts, *(code for code, concept in self._now.items() if concept)}
        kind = kind_of(code)
        near = [known_code for known_code in known if kind is None or known_code.startswith(kind.letter)]
        return f'There is no concept "{printable(code)}" in the draft.{did_you_mean(code, near)}'

    def _made(self, code: str, action: Action) -> Concept | list[Fault]:
        place = _CONTENT.get(type(action), "")
        try:
            concept = outcome(code, self._now.get(code), [action])
        except msgspec.ValidationError as error:
            return self._misshapen(code, action, place) or [Fault(place, f"This makes no concept: {error}.")]
        assert concept is not None  # it was there, or is added
        if not place:
            return concept
        faults = [*_content_faults(as_json(concept), place), *_level_faults(concept, place)]
        return faults or concept

    def _misshapen(self, code: str, action: Action, place: str) -> list[Fault]:
        """Why an edit makes no concept, at the places of what it says."""
        known = self._now.get(code)
        if isinstance(action, Add):
            return _content_faults(action.concept, place)
        if isinstance(action, Edit) and known is not None:
            return _content_faults(_patched(as_json(known), action.fields), place)
        return []


def _place_of(action: Action, number: int) -> str:
    """Where the change names the concept that it changes."""
    if isinstance(action, Add):
        return "/concept/code"
    return f"/codes/{number}" if isinstance(action, Merge) else "/code"


def _patched(content: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch (RFC 7396) applied to plain JSON, whatever comes of it."""
    result = dict(content)
    for name, value in patch.items():
        below = result.get(name)
        if isinstance(value, dict):
            result[name] = _patched(below if isinstance(below, dict) else {}, value)
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def _content_faults(content: Any, place: str) -> list[Fault]:
    """What the reader of files says of a concept; there is one way to be a readable one."""
    problems = Problems()
    read_concept(content, partial(Place, "change", 0, 0), problems)
    return [Fault(place + problem.place.field, problem.message, problem.value) for problem in problems.found]


def _level_faults(concept: Concept, place: str) -> Iterator[Fault]:
    for name, relation in RELATIONS.items():
        for number, link in enumerate(concept.relations.get(name, ())):
            if relation.has_level and link.level not in LEVELS:
                pointer = f"{place}/relations/{name}/{number}/level"
                yield Fault(pointer, "A level is one of 1, 2, 3 and 4.", link.level)
    levels = concept.attributes.get("levels")
    for level in levels if isinstance(levels, Mapping) else ():
        if level not in map(str, LEVELS):
            yield Fault(f"{place}{_LEVELS}{level}", "A level is one of 1, 2, 3 and 4.", level)


def circle_of(code: str, state: Mapping[str, Concept | None], draft: Taxonomy) -> tuple[str, ...]:
    """A way along the successors from a concept back to it, without its end; empty when there is none."""
    came_from: dict[str, str] = {}
    waiting: Sequence[str] = [code]
    while waiting:
        following: list[str] = []
        for node in waiting:
            concept = state[node] if node in state else draft.get(node)
            for target in _successors(concept):
                if target == code:
                    way = [node]
                    while way[-1] != code:
                        way.append(came_from[way[-1]])
                    return tuple(reversed(way))
                if target not in came_from:
                    came_from[target] = node
                    following.append(target)
        waiting = following
    return ()


def _successors(concept: Concept | None) -> tuple[str, ...]:
    retirement = concept.retirement if concept else None
    return tuple(successor.code for successor in retirement.successors) if retirement else ()


def circle_faults(contents: Mapping[str, Concept | None], draft: Taxonomy, action: Action) -> list[Fault]:
    """Whether a change closes a circle of successors: what is replaced would be led back to itself."""
    for code in changed_codes(action):
        if circle := circle_of(code, contents, draft):
            pointer = next((pointer for pointer, _ in named_codes(action)), "")
            return [Fault(pointer, f"The successors go in a circle: {' → '.join([*circle, code])}.", code)]
    return []
