"""Ballots: what one participant thinks of the options of one topic."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

import msgspec
import numpy as np
import numpy.typing as npt

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """A weak order of options: ``levels`` from the best down, options on one level tied.

    Options on no level are **unranked**: below all ranked ones and tied among themselves, as Schulze's method reads
    incomplete ballots. ``table`` and ``group`` (the role that the participant stated) are None where there is none.
    """

    levels: tuple[tuple[str, ...], ...]
    table: str | None = None
    group: str | None = None


def read_ballot(
    options: Collection[str], levels: Sequence[Sequence[str]], *, table: str | None = None, group: str | None = None
) -> Ballot:
    """The ballot that somebody sent; levels without an option are left out.

    Raises InvalidInput, with pointers into ``levels`` (``/levels/0/1``), for options that the topic does not have and
    for those that are ranked twice.
    """
    errors: list[FieldError] = []
    seen: set[str] = set()
    for pointer, option in _placed(levels):
        if option not in options:
            message = f"“{printable(option)}” is not an option of this topic.{did_you_mean(option, options)}"
            errors.append(FieldError(message, pointer=pointer))
        elif option in seen:
            errors.append(FieldError(f"“{option}” is ranked twice; an option has one place.", pointer=pointer))
        seen.add(option)
    if errors:
        raise InvalidInput(errors)
    return Ballot(levels=tuple(tuple(level) for level in levels if level), table=table, group=group)


def _placed(levels: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for number, level in enumerate(levels):
        for position, option in enumerate(level):
            yield f"/levels/{number}/{position}", option


def level_matrix(options: Sequence[str], ballots: Sequence[Ballot]) -> npt.NDArray[np.unsignedinteger]:
    """[ballot, option]: the level of each option; ballots that mean the same have the same row.

    Raises KeyError for an option that is not among ``options``: ballots from outside go through :func:`read_ballot`.
    """
    column = {option: number for number, option in enumerate(options)}
    levels = list(chain.from_iterable(ballot.levels for ballot in ballots))
    placed = np.fromiter(map(column.__getitem__, chain.from_iterable(levels)), np.intp)
    sizes = np.fromiter(map(len, levels), np.intp, len(levels))
    ballot_of_level = np.repeat(np.arange(len(ballots)), [len(ballot.levels) for ballot in ballots])
    # levels that hold an option are numbered through all ballots, then from the first of each
    number = np.cumsum(sizes > 0) - 1
    ranked = np.bincount(ballot_of_level[sizes > 0], minlength=len(ballots))
    number -= (np.cumsum(ranked) - ranked)[ballot_of_level]
    # the smallest type: comparing levels is most of the work of counting
    matrix = np.empty((len(ballots), len(options)), np.min_scalar_type(len(options)))
    matrix[:] = ranked[:, None]
    matrix[np.repeat(ballot_of_level, sizes), placed] = np.repeat(number, sizes)
    return matrix


def says_something(levels: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.bool]:
    """[ballot]: whether it places any option above another."""
    found: npt.NDArray[np.bool] = (levels != levels[:, :1]).any(axis=1)
    return found


def in_own_order(levels: npt.NDArray[np.unsignedinteger]) -> npt.NDArray[np.unsignedinteger]:
    """The same ballots in an order that does not depend on who voted first."""
    rows = [row.tobytes() for row in levels]
    return levels[sorted(range(len(rows)), key=rows.__getitem__)]
