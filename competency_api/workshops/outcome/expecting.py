"""What follows from a ranking by stated rules: which options came high or low, and which levels a profile expects.

A ranking says what a room wants more than what, and not how well somebody must know it. The levels that follow from it
are a first proposal, by a rule that is told beside it (docs/decisions/levels-from-places.md), never a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

import msgspec

from competency_api.taxonomy.kinds import LEVELS
from competency_api.workshops.ranking import Ranking
from competency_api.workshops.ranking.results import Standing


class Span(msgspec.Struct, frozen=True):
    """The places that an option takes: tied ones share those from ``first`` to ``last``."""

    first: int
    last: int


def spans(ranking: Ranking) -> dict[str, Span]:
    """The places of each option; of three that are tied behind the first, each takes the second to the fourth."""
    sharing = Counter(standing.place for standing in ranking.standings)
    return {s.option: Span(s.place, s.place + sharing[s.place] - 1) for s in ranking.standings}


def highest(ranking: Ranking, count: int) -> tuple[Standing, ...]:
    """The options that are among the first ``count`` whichever way ties are broken."""
    taken = spans(ranking)
    return tuple(s for s in ranking.standings if taken[s.option].last <= count)


def lowest(ranking: Ranking, count: int) -> tuple[Standing, ...]:
    """The options that are among the last ``count`` whichever way ties are broken."""
    behind = len(ranking.options) - count
    taken = spans(ranking)
    return tuple(s for s in ranking.standings if taken[s.option].first > behind)


def expected_levels(ranking: Ranking, concepts: Container[str], most: int | None = None) -> dict[str, int]:
    """By option, the level that a profile expects: 4 for the first quarter of all places, 1 for the last.

    Taken is the last place that an option has to be reckoned with: that of its tie, or the last of the nine in ten
    draws where that lies behind. So no more than a quarter of the options expects 4, and what is not firm expects
    less. Only ``concepts`` are in it, at most the first ``most``, none where the ballots are too few for firmness.
    """
    taken = spans(ranking)
    firm = [s for s in ranking.standings if s.firmness is not None and s.option in concepts]
    return {
        standing.option: _level(max(taken[standing.option].last, standing.firmness.worst), len(ranking.options))
        for standing in firm[:most]
        if standing.firmness is not None
    }


def _level(place: int, options: int) -> int:
    return LEVELS[-1] - (place - 1) * len(LEVELS) // options
