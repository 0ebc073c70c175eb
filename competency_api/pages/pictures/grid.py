"""The whole taxonomy at a glance: disciplines by kind, each cell as strong as it is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from competency_api.pages.pictures.svg import element, fitting, picture

_LABEL, _COLUMN, _ROW, _HEAD = 330, 108, 36, 56
_TINTS = 5
_SMALL = 30


@dataclass(frozen=True)
class Cell:
    """``count`` concepts, in words ``label``; ``address`` shows them."""

    count: int
    label: str
    address: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Row:
    label: str
    address: str
    cells: tuple[Cell, ...]


def drawn(heads: Sequence[str], rows: Sequence[Row], *, title: str, description: str) -> Markup:
    """The grid; ``heads`` are the names of the columns."""
    most = max((cell.count for row in rows for cell in row.cells), default=1) or 1
    parts = [_head(heads)]
    for place, row in enumerate(rows):
        parts.append(_row(row, _HEAD + place * _ROW, most))
    width, height = _LABEL + _COLUMN * len(heads), _HEAD + _ROW * len(rows)
    return picture(
        parts, width=width, height=height, title=title, description=description, key="grid", class_="picture grid"
    )


def small(rows: Sequence[Row]) -> Markup:
    """The same without words, turned by a quarter: an ornament beside a link to the picture itself."""
    most = max((cell.count for row in rows for cell in row.cells), default=1) or 1
    boxes = [
        element(
            "rect",
            x=place * _SMALL,
            y=number * _SMALL,
            width=_SMALL - 4,
            height=_SMALL - 4,
            rx=4,
            class_=_tint(cell, most),
        )
        for place, row in enumerate(rows)
        for number, cell in enumerate(row.cells)
    ]
    width, height = len(rows) * _SMALL - 4, max((len(row.cells) for row in rows), default=1) * _SMALL - 4
    return element(
        "svg",
        *boxes,
        class_="grid ornament",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        aria_hidden="true",
    )


def _tint(cell: Cell, most: int) -> str:
    return f"tint-{0 if not cell.count else 1 + min(_TINTS - 1, int(_TINTS * (cell.count - 1) / most))}"


def _head(heads: Sequence[str]) -> Markup:
    texts = []
    for place, name in enumerate(heads):
        first, _, second = name.partition(" ")
        lines = (first, second) if len(name) > 14 and second else (name, "")
        x = _LABEL + _COLUMN * (place + 0.5)
        texts += [
            element("text", fitting(line, _COLUMN - 4, 12), x=f"{x:g}", y=24 + 16 * number, class_="caption")
            for number, line in enumerate(lines)
            if line
        ]
    return element("g", *texts, aria_hidden="true", class_="heads")


def _row(row: Row, y: float, most: int) -> Markup:
    name = element("text", fitting(row.label, _LABEL - 16, 14), x=0, y=f"{y + 22:g}")
    parts = [element("a", element("title", row.label), name, href=row.address, aria_label=row.label, class_="name")]
    for place, cell in enumerate(row.cells):
        parts.append(_cell(cell, _LABEL + _COLUMN * place, y, most))
    return element("g", *parts)


def _cell(cell: Cell, x: float, y: float, most: int) -> Markup:
    tint = _tint(cell, most)
    box = element("rect", x=f"{x + 2:g}", y=f"{y + 2:g}", width=_COLUMN - 4, height=_ROW - 4, rx=4, class_=tint)
    if not cell.count:
        return box
    number = element(
        "text", str(cell.count), x=f"{x + _COLUMN / 2:g}", y=f"{y + 22:g}", class_=tint.replace("tint", "on")
    )
    return element(
        "a",
        element("title", cell.label),
        box,
        number,
        href=cell.address,
        aria_label=cell.label,
        aria_current="true" if cell.is_chosen else None,
        class_="cell",
    )
