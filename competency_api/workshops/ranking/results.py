"""The result of a topic: overall, of each table, and of each group that is large enough to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from competency_api.workshops.ranking import schulze
from competency_api.workshops.ranking.agreement import concordance
from competency_api.workshops.ranking.ballots import Ballot, in_own_order, level_matrix, says_something
from competency_api.workshops.ranking.firmness import counted_in_blocks, drawn_places
from competency_api.workshops.ranking.pairs import borda_points, pair_counts

#: Groups with fewer ballots are not shown: in a room, few people of one role are known by name.
SMALLEST_GROUP = 5
#: Fewer ballots say nothing about those that might have been cast instead: one ballot is always as firm as itself.
FEWEST_FOR_FIRMNESS = 5
RESAMPLES = 200
_TAIL = 0.05


class Firmness(msgspec.Struct, frozen=True, kw_only=True):
    """Where an option comes when the ballots are drawn again.

    ``held`` is the share of resamples (0 to 1) in which it has its place; in nine of ten its place is from ``best`` to
    ``worst``.
    """

    held: float
    best: int
    worst: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an option stands: its place in Schulze's order (1, 2, 2, 4: options with the same place are tied) and its
    Borda points. ``firmness`` is None where there are too few ballots to say, or none was asked for."""

    option: str
    place: int
    borda: float
    firmness: Firmness | None


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """What some ballots say together.

    ``ballots`` are those that place any option above another; ``blank`` the others, which count nowhere else. Without
    a ballot there are no standings. ``above[a][b]`` is the number of ballots that place option a above b and
    ``paths[a][b]`` the strength of the strongest path, options numbered as in ``options``. ``agreement`` is Kendall's
    W between the ballots, None below two.
    """

    options: tuple[str, ...]
    ballots: int
    blank: int
    standings: tuple[Standing, ...]
    above: tuple[tuple[int, ...], ...]
    paths: tuple[tuple[int, ...], ...]
    condorcet_winner: str | None
    agreement: float | None

    def is_before(self, option: str, other: str) -> bool:
        """Whether Schulze's method places one above the other: its strongest path there is stronger than the one back.

        It may leave two options open; they can have different places all the same, by what others do to them.
        """
        a, b = self.options.index(option), self.options.index(other)
        return self.paths[a][b] > self.paths[b][a]

    def beat_path(self, option: str, other: str) -> tuple[str, ...]:
        """Why: a strongest path of defeats from one to the other, both ends included, the shortest of them."""
        links, paths = schulze.defeats(np.array(self.above)), np.array(self.paths)
        ends = self.options.index(option), self.options.index(other)
        return tuple(self.options[number] for number in schulze.shortest_of_the_strongest(links, paths, *ends))


class TopicRanking(msgspec.Struct, frozen=True, kw_only=True):
    """All results of a topic. ``withheld`` are the groups that are not shown.

    ``agreement_of_tables`` is Kendall's W between the orders of the tables that have ballots, each counting once,
    None below two.
    """

    overall: Ranking
    tables: Mapping[str, Ranking]
    groups: Mapping[str, Ranking]
    withheld: tuple[str, ...]
    agreement_of_tables: float | None


def rank(options: Sequence[str], ballots: Sequence[Ballot], *, resamples: int = RESAMPLES, seed: int = 0) -> Ranking:
    """What the ballots say together, whatever tables and groups they come from. Never the order in which they came.

    ``options`` are all of the topic, each once; standings with the same place are in their order. Without
    ``resamples`` (0) nothing is said about firmness, and nothing has to be drawn.
    """
    return _ranked(tuple(options), level_matrix(options, ballots), resamples, seed)


def rank_topic(
    options: Sequence[str], ballots: Sequence[Ballot], *, resamples: int = RESAMPLES, seed: int = 0
) -> TopicRanking:
    """As :func:`rank`, overall, for each table and for each group that is shown, both sorted by name."""
    levels = level_matrix(options, ballots)

    def of(names: Sequence[str | None]) -> dict[str, Ranking]:
        chosen = sorted({name for name in names if name is not None})
        own = np.array(names, object)
        return {name: _ranked(tuple(options), levels[own == name], resamples, seed) for name in chosen}

    groups = [ballot.group for ballot in ballots]
    telling = [group for group, tells in zip(groups, says_something(levels), strict=True) if tells]
    shown = shown_groups(Counter(group for group in telling if group is not None), len(telling))
    tables = of([ballot.table for ballot in ballots])
    return TopicRanking(
        overall=_ranked(tuple(options), levels, resamples, seed),
        tables=tables,
        groups=of([group if group in shown else None for group in groups]),
        withheld=tuple(sorted({group for group in groups if group is not None} - set(shown))),
        agreement_of_tables=_between(list(tables.values())),
    )


def shown_groups(sizes: Mapping[str, int], ballots: int) -> tuple[str, ...]:
    """The groups whose results may be shown, given how many of all ``ballots`` each has. Sorted.

    None with fewer than SMALLEST_GROUP. And as results can be subtracted from each other, what remains when those shown
    are taken from all ballots must not be so few either: then the smallest of them is withheld too.
    """
    shown = sorted((group for group, size in sizes.items() if size >= SMALLEST_GROUP), key=lambda g: (sizes[g], g))
    rest = ballots - sum(sizes[group] for group in shown)
    return tuple(sorted(shown[1:] if 0 < rest < SMALLEST_GROUP else shown))


def _ranked(
    options: tuple[str, ...], all_levels: npt.NDArray[np.unsignedinteger], resamples: int, seed: int
) -> Ranking:
    levels = in_own_order(all_levels[says_something(all_levels)])
    ballots = len(levels)
    draws = resamples if ballots >= FEWEST_FOR_FIRMNESS else 0
    blocks = counted_in_blocks(levels, seed) if draws else pair_counts(levels)[None]
    counts = blocks.sum(axis=0)
    links = schulze.defeats(counts)
    paths = schulze.strongest_paths(links)
    winner = schulze.condorcet_winner(links) if ballots else None
    return Ranking(
        options=options,
        ballots=ballots,
        blank=len(all_levels) - ballots,
        standings=_standings(options, counts, paths, ballots, drawn_places(blocks, draws, seed) if draws else None),
        above=_rows(counts),
        paths=_rows(paths),
        condorcet_winner=None if winner is None else options[winner],
        agreement=concordance(levels, counts),
    )


def _standings(
    options: tuple[str, ...],
    counts: schulze.Counts,
    paths: schulze.Counts,
    ballots: int,
    drawn: npt.NDArray[np.int16] | None,
) -> tuple[Standing, ...]:
    if not ballots:
        return ()
    points = borda_points(counts, ballots).tolist()
    found = schulze.places(paths).tolist()
    standings = [
        Standing(
            option=option,
            place=found[number],
            borda=points[number],
            firmness=None if drawn is None else _firmness(drawn[number], found[number]),
        )
        for number, option in enumerate(options)
    ]
    return tuple(sorted(standings, key=lambda standing: standing.place))


def _firmness(drawn: npt.NDArray[np.int16], place: int) -> Firmness:
    ordered = np.sort(drawn)
    cut = int(len(ordered) * _TAIL)
    return Firmness(
        held=float((drawn == place).mean()), best=int(ordered[cut]), worst=int(ordered[len(ordered) - 1 - cut])
    )


def _between(rankings: Sequence[Ranking]) -> float | None:
    """Kendall's W between the orders of several rankings."""
    orders = [
        {standing.option: standing.place for standing in ranking.standings} for ranking in rankings if ranking.ballots
    ]
    if not orders:
        return None
    levels = np.array([[order[option] for option in rankings[0].options] for order in orders], np.uint32)
    return concordance(levels, pair_counts(levels))


def _rows(matrix: schulze.Counts) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
