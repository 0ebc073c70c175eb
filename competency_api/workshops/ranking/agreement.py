"""Kendall's W: how much several orders of the same options agree.

M. G. Kendall, Rank Correlation Methods, 4th edition (1970), chapter 6, with the correction for ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from competency_api.workshops.ranking.pairs import borda_points


def concordance(levels: npt.NDArray[np.unsignedinteger], counts: npt.NDArray[np.signedinteger[Any]]) -> float | None:
    """From 0 (the orders cancel each other out) to 1 (all are the same). Rows of ``levels`` are the orders.

    ``counts`` are their pair counts. None where nothing can agree: fewer than two orders, or only ties. Two orders that
    have nothing to do with each other have about ½, and m orders about 1/m, not 0.
    """
    orders, options = levels.shape
    if orders < 2:
        return None
    # sums of ranks and points differ by their sign and a constant
    deviations = borda_points(counts, orders) - orders * (options - 1) / 2
    most = orders * (orders * (options**3 - options) - _ties(levels))
    return 12 * float((deviations**2).sum()) / most if most else None


def _ties(levels: npt.NDArray[np.unsignedinteger]) -> int:
    """The sum of t³ - t over the levels of all orders, t being the options on the level."""
    orders, options = levels.shape
    width = options + 1  # levels are numbered from 0, places from 1
    numbered = levels.astype(np.int64) + width * np.arange(orders)[:, None]
    sizes = np.bincount(numbered.ravel())
    return int((sizes**3 - sizes).sum())
