"""Levels: one as a small meter, and those that a profile expects as dots by discipline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from competency_api.pages.pictures.svg import element, fitting, picture
from competency_api.taxonomy.kinds import LEVELS

_LABEL, _COLUMN, _ROW, _HEAD = 312, 132, 40, 46
_RADIUS, _APART = 7, 18
_SEGMENT = 14
#: Dots of one row of a cell; what is more goes into a second row.
_A_ROW = 5


def meter(level: int) -> Markup:
    """A level as filled segments; the words stand beside it."""
    segments = [
        element(
            "rect",
            x=place * (_SEGMENT + 3),
            y=0,
            width=_SEGMENT,
            height=8,
            rx=2,
            class_="on" if place < level else None,
        )
        for place in range(len(LEVELS))
    ]
    width = len(LEVELS) * (_SEGMENT + 3) - 3
    return element(
        "svg", *segments, class_="meter", viewBox=f"0 0 {width} 8", width=width, height=8, aria_hidden="true"
    )


@dataclass(frozen=True)
class Dot:
    """One expected competency."""

    label: str
    address: str


@dataclass(frozen=True)
class Row:
    """One discipline: what is expected in it, by level."""

    label: str
    address: str
    dots: dict[int, tuple[Dot, ...]]

    @property
    def height(self) -> int:
        most = max((len(dots) for dots in self.dots.values()), default=0)
        return _ROW + _APART * max(0, -(-most // _A_ROW) - 1)


def drawn(rows: Sequence[Row], *, names: dict[int, str], title: str, description: str) -> Markup:
    """Disciplines by level, one dot for each competency. ``names`` are those of the levels, for the head."""
    parts, y = [_head(names)], float(_HEAD)
    width = _LABEL + _COLUMN * len(LEVELS)
    for row in rows:
        parts.append(element("line", x1=0, y1=f"{y:g}", x2=width, y2=f"{y:g}", class_="rule"))
        parts.append(_row(row, y))
        y += row.height
    return picture(
        parts, width=width, height=y, title=title, description=description, key="levels", class_="picture levels"
    )


def _head(names: dict[int, str]) -> Markup:
    texts = []
    for place, level in enumerate(LEVELS):
        x = _LABEL + _COLUMN * place
        texts.append(element("text", str(level), x=x, y=16, class_="code"))
        texts.append(element("text", fitting(names[level], _COLUMN - 6, 12), x=x, y=34, class_="caption"))
    return element("g", *texts, aria_hidden="true")


def _row(row: Row, y: float) -> Markup:
    label = element("text", fitting(row.label, _LABEL - 16, 14), x=0, y=f"{y + 25:g}")
    parts = [element("a", element("title", row.label), label, href=row.address, aria_label=row.label)]
    for place, level in enumerate(LEVELS):
        for number, dot in enumerate(row.dots.get(level, ())):
            x = _LABEL + _COLUMN * place + _RADIUS + _APART * (number % _A_ROW)
            circle = element("circle", cx=x, cy=f"{y + 20 + _APART * (number // _A_ROW):g}", r=_RADIUS)
            mark = element("title", dot.label), circle
            parts.append(element("a", *mark, href=dot.address, class_="dot", aria_label=dot.label))
    return element("g", *parts)
