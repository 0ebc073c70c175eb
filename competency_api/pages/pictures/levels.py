"""Levels: one as a small meter, and those that a profile expects as dots by discipline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from competency_api.pages.pictures.svg import element, fitting, picture
from competency_api.taxonomy.kinds import LEVELS

_RADIUS, _APART = 7, 18
_SEGMENT = 14


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


@dataclass(frozen=True)
class Form:
    """Sizes of the picture. A narrow one has the names above their dots, of which fewer stand in a row."""

    key: str
    label: int
    column: int
    row: int
    dots: int
    a_row: int

    def height(self, row: Row) -> int:
        most = max((len(dots) for dots in row.dots.values()), default=0)
        return self.row + _APART * max(0, -(-most // self.a_row) - 1)


WIDE = Form("levels", label=312, column=132, row=40, dots=20, a_row=6)
NARROW = Form("levels-narrow", label=0, column=82, row=62, dots=44, a_row=4)
_HEAD = 46


def drawn(rows: Sequence[Row], *, names: dict[int, str], title: str, description: str, form: Form = WIDE) -> Markup:
    """Disciplines by level, one dot for each competency. ``names`` are those of the levels, for the head."""
    parts, y = [_head(names, form)], float(_HEAD)
    width = form.label + form.column * len(LEVELS)
    for row in rows:
        parts.append(element("line", x1=0, y1=f"{y:g}", x2=width, y2=f"{y:g}", class_="rule"))
        parts.append(_row(row, y, form))
        y += form.height(row)
    class_ = f"picture levels {'for-wide' if form.label else 'for-narrow'}"
    return picture(parts, width=width, height=y, title=title, description=description, key=form.key, class_=class_)


def _head(names: dict[int, str], form: Form) -> Markup:
    texts = []
    for place, level in enumerate(LEVELS):
        x = form.label + form.column * place
        texts.append(element("text", str(level), x=x, y=16, class_="code"))
        texts.append(element("text", fitting(names[level], form.column - 4, 11.5), x=x, y=34, class_="caption"))
    return element("g", *texts, aria_hidden="true")


def _row(row: Row, y: float, form: Form) -> Markup:
    width = (form.label or form.column * len(LEVELS)) - 12
    label = element("text", fitting(row.label, width, 14), x=0, y=f"{y + (25 if form.label else 22):g}")
    parts = [element("a", element("title", row.label), label, href=row.address, aria_label=row.label)]
    for place, level in enumerate(LEVELS):
        for number, dot in enumerate(row.dots.get(level, ())):
            x = form.label + form.column * place + _RADIUS + _APART * (number % form.a_row)
            circle = element("circle", cx=x, cy=f"{y + form.dots + _APART * (number // form.a_row):g}", r=_RADIUS)
            mark = element("title", dot.label), circle
            parts.append(element("a", *mark, href=dot.address, class_="dot", aria_label=dot.label))
    return element("g", *parts)
