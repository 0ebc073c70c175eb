"""What the results of a workshop's topic cost, at sizes that rooms have and at sizes that none has."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial

from benchmarks.samples import Samples, at_most, told
from benchmarks.sections import Effort, Section
from competency_api.workshops.ranking import Ballot, rank, rank_topic

_TABLES, _GROUPS = 10, 5


def measure(effort: Effort) -> Section:
    """In process, from ballots as values to results as values, one kind of ballots after the other."""
    large, by_lot, room = ballots(10_000, 60), ballots(10_000, 60, by_lot=True), ballots(60, 20)
    of_60, of_20 = options(60), options(20)

    def seconds(work: Callable[[], object]) -> Samples:
        return Samples.of(_seconds(work) for _ in range(effort.rounds))

    rank_topic(of_20, room)  # the first use of numpy's functions loads them
    return Section(
        "ranking",
        [
            at_most("10,000 ballots over 60 options, all results", seconds(partial(rank_topic, of_60, large)), 1, "s"),
            at_most("the same, ballots by lot", seconds(partial(rank_topic, of_60, by_lot)), 1, "s"),
            told("the same, overall only", seconds(partial(rank, of_60, large)), "s"),
            told("the same, overall only, without firmness", seconds(partial(rank, of_60, large, resamples=0)), "s"),
            told("60 ballots over 20 options, all results", seconds(partial(rank_topic, of_20, room)), "s", 3),
        ],
        remarks=[
            f"Processor time, in one thread. All results: overall, {_TABLES} tables and {_GROUPS} groups, each with "
            "200 resamples. Ballots: a common order with noise, some ties and a fifth of the options unranked; or "
            "orders by lot, which go in circles."
        ],
    )


def options(count: int) -> list[str]:
    return [f"option {number}" for number in range(count)]


def ballots(count: int, over: int, *, by_lot: bool = False) -> list[Ballot]:
    """So many ballots of all tables and groups; the same every time."""
    chance = random.Random(8)
    names = options(over)
    return [
        Ballot(
            levels=_levels(names, chance, by_lot),
            table=f"table {number % _TABLES}",
            group=f"group {chance.randrange(_GROUPS)}",
        )
        for number in range(count)
    ]


def _levels(names: list[str], chance: random.Random, by_lot: bool) -> tuple[tuple[str, ...], ...]:
    if by_lot:
        return tuple((name,) for name in chance.sample(names, len(names)))
    # each option is an opinion above the one after it; opinions differ more than the options do
    opinions = sorted((number * 2 / len(names) + chance.gauss(0, 1), name) for number, name in enumerate(names))
    ranked = opinions[: len(names) * 4 // 5]
    levels: dict[float, list[str]] = {}
    for opinion, name in ranked:
        levels.setdefault(round(opinion, 1), []).append(name)
    return tuple(tuple(level) for level in levels.values())


def _seconds(work: Callable[[], object]) -> float:
    # one thread that only computes: its processor time is what it takes on a quiet machine
    began = time.process_time()
    work()
    return time.process_time() - began
