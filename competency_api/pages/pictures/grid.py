"""The whole taxonomy at a glance: disciplines by kind, each cell as strong as it is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from competency_api.pages.pictures.svg import element, fitting, picture

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


@dataclass(frozen=True)
class Form:
    """Sizes of the picture. A narrow one has the names above their cells, and the heads upright."""

    key: str
    label: int
    column: int
    row: int
    cell: int
    head: int

    @property
    def is_narrow(self) -> bool:
        return not self.label


WIDE = Form("grid", label=330, column=108, row=36, cell=36, head=56)
NARROW = Form("grid-narrow", label=0, column=46, row=62, cell=34, head=132)


def drawn(heads: Sequence[str], rows: Sequence[Row], *, title: str, description: str, form: Form = WIDE) -> Markup:
    """The grid; ``heads`` are the names of the columns."""
    most = max((cell.count for row in rows for cell in row.cells), default=1) or 1
    parts = [_head(heads, form)]
    for place, row in enumerate(rows):
        parts.append(_row(row, form.head + place * form.row, most, form))
    width, height = form.label + form.column * len(heads), form.head + form.row * len(rows)
    class_ = f"picture grid {'for-narrow' if form.is_narrow else 'for-wide'}"
    return picture(parts, width=width, height=height, title=title, description=description, key=form.key, class_=class_)


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


def _head(heads: Sequence[str], form: Form) -> Markup:
    texts = []
    for place, name in enumerate(heads):
        x = form.label + form.column * (place + 0.5)
        if form.is_narrow:
            y = form.head - 10
            turned = f"rotate(-90 {x + 4:g} {y})"
            shown = fitting(name, form.head - 10, 12)
            texts.append(element("text", shown, x=f"{x + 4:g}", y=y, class_="caption", transform=turned))
            continue
        first, _, second = name.partition(" ")
        lines = (first, second) if len(name) > 14 and second else (name, "")
        texts += [
            element("text", fitting(line, form.column - 4, 12), x=f"{x:g}", y=24 + 16 * number, class_="caption")
            for number, line in enumerate(lines)
            if line
        ]
    return element("g", *texts, aria_hidden="true", class_="upright" if form.is_narrow else "heads")


def _row(row: Row, y: float, most: int, form: Form) -> Markup:
    width = (form.label or form.column * len(row.cells)) - 16
    name = element("text", fitting(row.label, width, 14), x=0, y=f"{y + (18 if form.is_narrow else 22):g}")
    parts = [element("a", element("title", row.label), name, href=row.address, aria_label=row.label, class_="name")]
    top = y + form.row - form.cell
    for place, cell in enumerate(row.cells):
        parts.append(_cell(cell, form.label + form.column * place, top, most, form))
    return element("g", *parts)


def _cell(cell: Cell, x: float, y: float, most: int, form: Form) -> Markup:
    tint = _tint(cell, most)
    box = element(
        "rect", x=f"{x + 2:g}", y=f"{y + 2:g}", width=form.column - 4, height=form.cell - 4, rx=4, class_=tint
    )
    if not cell.count:
        return box
    place = {"x": f"{x + form.column / 2:g}", "y": f"{y + form.cell / 2 + 5:g}"}
    return element(
        "a",
        element("title", cell.label),
        box,
        element("text", str(cell.count), **place, class_=tint.replace("tint", "on")),
        href=cell.address,
        aria_label=cell.label,
        aria_current="true" if cell.is_chosen else None,
        class_="cell",
    )
