"""What a code of one version is called in another."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from competency_api.taxonomy.concept import Alignment, Successor, SuccessorMatch
from competency_api.taxonomy.retirement import composed, successors_of
from competency_api.taxonomy.taxonomy import Taxonomy


class Outcome(StrEnum):
    """What became of the concept; the first three need no person."""

    SAME = "same"
    RENAMED = "renamed"
    REPLACED = "replaced"
    REDEFINED = "redefined"  # the meaning was changed on purpose
    CHOOSE = "choose"  # several candidates, or one that is not equivalent
    RETIRED = "retired"  # ended without a successor
    ABSENT = "absent"  # not yet in the target version
    UNKNOWN = "unknown"  # not in the source version either


class Conversion(msgspec.Struct, frozen=True):
    """The outcome for one asked code or URI.

    ``concept`` is what it meant in the source version, ``result`` what to use in the target (None unless certain),
    ``candidates`` what to choose from, ``alignment`` the mapping that led from a foreign URI to ``concept``.
    """

    asked: str
    outcome: Outcome
    concept: str | None = None
    result: str | None = None
    candidates: tuple[Successor, ...] = ()
    alignment: Alignment | None = None


def _aligned(state: Taxonomy, uri: str) -> list[tuple[str, Alignment]]:
    """Concepts aligned with the URI; where some match exactly, only those."""
    found = [
        (code, alignment)
        for code in state.by_alignment.get(uri, ())
        for alignment in state[code].alignments
        if alignment.uri == uri
    ]
    return [pair for pair in found if pair[1].match == "exact"] or found


def _match_of(alignment: Alignment) -> SuccessorMatch:
    """An alignment seen from the foreign concept: if that is the broader one, ours is the narrower."""
    matches: dict[str, SuccessorMatch] = {"exact": "equivalent", "broad": "narrower", "narrow": "broader"}
    return matches.get(alignment.match, "not-equivalent")


def _candidates(conversion: Conversion, match: SuccessorMatch) -> tuple[Successor, ...]:
    """What a candidate of the source version has become in the target."""
    if conversion.result is not None:
        return (Successor(code=conversion.result, match=match),)
    return tuple(Successor(code=end.code, match=composed(match, end.match)) for end in conversion.candidates)


def _of_code(asked: str, code: str, source: Taxonomy, target: Taxonomy) -> Conversion:
    old, new = source[code], target.get(code)
    if new is None:
        return Conversion(asked, Outcome.ABSENT, code)
    if new.retirement is not None:
        ends = successors_of(target, code)
        if not ends:
            return Conversion(asked, Outcome.RETIRED, code)
        if len(ends) == 1 and ends[0].match == "equivalent":
            return Conversion(asked, Outcome.REPLACED, code, ends[0].code, ends)
        return Conversion(asked, Outcome.CHOOSE, code, None, ends)
    if old.meaning != new.meaning:
        return Conversion(asked, Outcome.REDEFINED, code, code)
    same_names = all(x.preferred == new.labels[tag].preferred for tag, x in old.labels.items() if tag in new.labels)
    return Conversion(asked, Outcome.SAME if same_names else Outcome.RENAMED, code, code)


def convert(asked: str, source: Taxonomy, target: Taxonomy) -> Conversion:
    """What ``asked`` in ``source`` is called in ``target``: a code, a former code, or the URI of an aligned concept."""
    if asked in source:
        return _of_code(asked, asked, source, target)
    by_former = source.by_former_code.get(asked, ())
    if len(by_former) == 1:
        return _of_code(asked, by_former[0], source, target)
    aligned = _aligned(source, asked)
    codes = tuple(dict.fromkeys([code for code, _ in aligned] + list(by_former)))
    if not codes:
        return Conversion(asked, Outcome.UNKNOWN)
    if len(codes) == 1:
        return msgspec.structs.replace(_of_code(asked, codes[0], source, target), alignment=aligned[0][1])
    matches = {code: _match_of(alignment) for code, alignment in reversed(aligned)}
    candidates = [
        end
        for code in codes
        for end in _candidates(_of_code(code, code, source, target), matches.get(code, "equivalent"))
    ]
    return Conversion(asked, Outcome.CHOOSE, None, None, tuple(dict.fromkeys(candidates)))
