"""Who disagrees with whom: Kendall's tau between the orders of two tables. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations

import msgspec

from competency_api.workshops.ranking import Ranking


class Disagreement(msgspec.Struct, frozen=True):
    """Two tables, and their tau: 1 the same order, 0 as if drawn by lot, -1 the other way round."""

    a: str
    b: str
    tau: float


def tau(places: Mapping[str, int], others: Mapping[str, int]) -> float | None:
    """Kendall's tau-b of two orders of the same options, with his correction for ties. None where one ties them all.

    M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33 (1945).
    """
    together, own, other = 0, 0, 0
    for first, second in combinations(sorted(places), 2):
        a, b = _sign(places[first] - places[second]), _sign(others[first] - others[second])
        together, own, other = together + a * b, own + a * a, other + b * b
    return together / math.sqrt(own * other) if own and other else None


def disagreements(tables: Mapping[str, Ranking]) -> list[Disagreement]:
    """Every two tables with ballots, those that disagree most first, over the options that both ranked."""
    return sorted(_pairs(tables), key=lambda pair: (pair.tau, int(pair.a), int(pair.b)))


def _pairs(tables: Mapping[str, Ranking]) -> Iterator[Disagreement]:
    places = {
        name: {standing.option: standing.place for standing in ranking.standings}
        for name, ranking in tables.items()
        if ranking.ballots
    }
    for a, b in combinations(sorted(places, key=int), 2):
        both = places[a].keys() & places[b].keys()
        found = tau({name: places[a][name] for name in both}, {name: places[b][name] for name in both})
        if found is not None:
            yield Disagreement(a, b, found)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
