"""Schulze's method: who beats whom directly or through others, and the order that follows.

M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method, Social Choice and Welfare 36 (2011). All functions take arrays of any number of elections: options on the first
two axes, elections on further ones.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.signedinteger[Any]]


def defeats(counts: Counts) -> Counts:
    """[a, b, …]: the ballots that place a above b where they are more than those against, else 0 (winning votes)."""
    return counts * (counts > counts.swapaxes(0, 1))


def strongest_paths(links: Counts) -> Counts:
    """[a, b, …]: how strong the strongest path of defeats from a to b is; 0 without a path and on the diagonal.

    A path is as strong as its weakest defeat. This is the algorithm of Floyd and Warshall, with the least of a path in
    the place of its length.
    """
    paths = np.ascontiguousarray(links)
    paths = paths.copy() if paths is links else paths
    through = np.empty_like(paths)
    for middle in range(len(paths)):
        np.minimum(paths[:, middle, None], paths[None, middle], out=through)
        np.maximum(paths, through, out=paths)
    diagonal = np.arange(len(paths))
    paths[diagonal, diagonal] = 0
    return paths


def places(paths: Counts) -> npt.NDArray[np.int16]:
    """[option, …]: one more than the number of options before it; tied ones share a place (1, 2, 2, 4).

    An option is beaten by those whose paths to it are stronger than its paths to them. That need not decide between
    any two, so the order is by how many beat each: who is beaten is also beaten by all that beat the one that beats it,
    and so comes after both.
    """
    # small sums: as wide as need be, they would take as long as the paths
    beaten_by = (paths > paths.swapaxes(0, 1)).sum(axis=0, dtype=np.int16)
    after: npt.NDArray[np.int16] = (beaten_by[:, None] > beaten_by[None]).sum(axis=1, dtype=np.int16)
    return after + 1


def shortest_of_the_strongest(links: Counts, paths: Counts, start: int, end: int) -> tuple[int, ...]:
    """One path from start to end that is as strong as any, with as few steps as possible; () if there is none."""
    needed = paths[start, end]
    if not needed:
        return ()
    came_from: dict[int, int] = {start: start}
    waiting = deque([start])
    while end not in came_from:
        node = waiting.popleft()
        for target in np.flatnonzero(links[node] >= needed).tolist():
            if target not in came_from:
                came_from[target] = node
                waiting.append(target)
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def condorcet_winner(links: Counts) -> int | None:
    """The option that defeats every other one, if there is one."""
    winners = np.flatnonzero((links > 0).sum(axis=1) == len(links) - 1)
    return int(winners[0]) if len(winners) else None
