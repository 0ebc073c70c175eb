"""How firm the places are: the order of many rooms that are made of the same ballots, drawn again (bootstrap).

B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993). Up to BLOCKS ballots each is drawn by itself. More are
dealt at random into BLOCKS parts of equal size and the parts are drawn: the sums vary as much, and the work no longer
grows with the number of ballots.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from competency_api.workshops.ranking.pairs import pair_counts_of_parts
from competency_api.workshops.ranking.schulze import defeats, places, strongest_paths

BLOCKS = 128


def counted_in_blocks(levels: npt.NDArray[np.unsignedinteger], seed: int) -> npt.NDArray[np.int32]:
    """[block, a, b]: the pair counts of ballots dealt at random into at most BLOCKS blocks."""
    # RandomState's numbers are frozen for all versions of numpy, those of its successor are not
    dealt = np.random.RandomState(seed).permutation(len(levels))
    return pair_counts_of_parts(np.array_split(levels[dealt], min(len(levels), BLOCKS)))


def drawn_places(blocks: npt.NDArray[np.int32], resamples: int, seed: int) -> npt.NDArray[np.int16]:
    """[option, resample]: the place of each option when as many blocks as there are are drawn with replacement."""
    count, options, _ = blocks.shape
    draws = np.random.RandomState(seed).randint(count, size=(resamples, count))
    weights = np.stack([np.bincount(draw, minlength=count) for draw in draws])
    # whole numbers below 2²⁴ are exact in this type, and its products are the fastest
    sums = weights.astype(np.float32) @ blocks.reshape(count, -1).astype(np.float32)
    small: Any = np.int16 if sums.max() < np.iinfo(np.int16).max else np.int32
    counts = np.ascontiguousarray(sums.T.astype(small)).reshape(options, options, resamples)
    return places(strongest_paths(defeats(counts)))
