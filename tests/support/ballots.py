"""Ballots written short, and ballots that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from competency_api.workshops.ranking import Ballot


def a_ballot(written: str, *, table: str | None = None, group: str | None = None) -> Ballot:
    """``A>B=C``; a word without signs (``ACBED``) is an order of its letters, empty ranks nothing."""
    levels = written.split(">") if {">", "="} & set(written) else list(written)
    return Ballot(levels=tuple(tuple(level.split("=")) for level in levels), table=table, group=group)


def cast(*counted: str) -> list[Ballot]:
    """``"5 ACBED"`` is five such ballots."""
    split = [line.split() for line in counted]
    return [a_ballot(written) for count, written in split for _ in range(int(count))]


def renamed(ballot: Ballot, names: dict[str, str]) -> Ballot:
    return Ballot(levels=tuple(tuple(names[option] for option in level) for level in ballot.levels))


@st.composite
def weak_orders(draw: st.DrawFn, options: Sequence[str], complete: bool = False) -> Ballot:
    """Any ballot over the options: ties, options left out (unless ``complete``), also nothing at all."""
    order = draw(st.permutations(options))
    ranked = order if complete else order[: draw(st.integers(0, len(options)))]
    levels: list[tuple[str, ...]] = []
    for option in ranked:
        if levels and draw(st.booleans()):
            levels[-1] = (*levels[-1], option)
        else:
            levels.append((option,))
    return Ballot(levels=tuple(levels))


def rooms(options: Sequence[str], max_size: int = 9, complete: bool = False) -> st.SearchStrategy[list[Ballot]]:
    """So many ballots over the options, or fewer, or none."""
    return st.lists(weak_orders(options, complete), max_size=max_size)
