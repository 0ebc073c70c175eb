"""Counting ballots by pairs of options: all that the results are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

#: So many ballots are compared at once; their comparisons (ballots × options²) stay in the processor's cache.
_AT_ONCE = 100


def pair_counts(levels: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.int32]:
    """[a, b]: the number of ballots that place option a above option b."""
    options = levels.shape[1]
    counts = np.zeros((options, options), np.int32)
    for start in range(0, len(levels), _AT_ONCE):
        part = levels[start : start + _AT_ONCE]
        counts += (part[:, :, None] < part[:, None, :]).sum(axis=0, dtype=np.uint8)  # up to 100, so it fits
    return counts


def pair_counts_of_parts(parts: Sequence[npt.NDArray[np.unsignedinteger]]) -> npt.NDArray[np.int32]:
    """[part, a, b]"""
    return np.stack([pair_counts(part) for part in parts])


def borda_points(counts: npt.NDArray[np.signedinteger[Any]], ballots: int) -> npt.NDArray[np.float64]:
    """[option]: from each ballot a point for each option below it and half a point for each one tied with it.

    So every ballot gives n(n-1)/2 points, however many ties it has: who ranks little has no more weight.
    """
    others = len(counts) - 1
    points: npt.NDArray[np.float64] = (counts.sum(axis=1) - counts.sum(axis=0) + others * ballots) / 2
    return points
