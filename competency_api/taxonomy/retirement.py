"""What stands in for a retired concept: chains of successors followed to their ends."""

from __future__ import annotations

from collections.abc import Iterator

from competency_api.taxonomy.concept import Successor, SuccessorMatch
from competency_api.taxonomy.taxonomy import Taxonomy


def composed(first: SuccessorMatch, second: SuccessorMatch) -> SuccessorMatch:
    """How the end of a chain of two relates to its beginning: certainty is only ever lost on the way."""
    if first == "equivalent":
        return second
    if second in ("equivalent", first):
        return first
    return "not-equivalent"


def _ends(taxonomy: Taxonomy, code: str) -> Iterator[Successor]:
    """The active ends of all chains from ``code``, in the order stated; one may come once for each match.

    A step is walked once for each match it is reached with, so that chains may be long, join again and go in circles.
    """
    walked: set[Successor] = set()
    waiting = [Successor(code=code, match="equivalent")]
    while waiting:
        step = waiting.pop()
        concept = taxonomy.get(step.code)
        if concept is None or step in walked:
            continue
        walked.add(step)
        if concept.retirement is None:
            yield step
        else:
            following = concept.retirement.successors
            waiting += [Successor(code=s.code, match=composed(step.match, s.match)) for s in reversed(following)]


def successors_of(taxonomy: Taxonomy, code: str) -> tuple[Successor, ...]:
    """The active concepts that a retired one leads to, each once with its closest match, in the order stated.

    Empty for active and unknown concepts and for those that ended without a successor. Cycles and missing successors
    (possible in a draft) lead nowhere.
    """
    concept = taxonomy.get(code)
    if concept is None or concept.retirement is None:
        return ()
    closeness = ("equivalent", "narrower", "broader", "not-equivalent")
    found: dict[str, Successor] = {}
    for end in _ends(taxonomy, code):
        known = found.get(end.code)
        if known is None or closeness.index(end.match) < closeness.index(known.match):
            found[end.code] = end
    return tuple(found.values())
