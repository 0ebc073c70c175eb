"""A concept among those that it is linked with: what lies above and below it, what leads to it, what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from competency_api.pages.pictures.svg import element, picture, wrapped

_NODE, _GAP = 228, 56
_ROW, _CAPTION, _SPACE = 48, 20, 14
_HEIGHT, _OWN_HEIGHT = 40, 62
_SIZE, _LINE = 13, 16
#: Neighbours of one relation that are drawn; the list below has all.
MOST = 5


@dataclass(frozen=True)
class Node:
    code: str
    label: str
    address: str


@dataclass(frozen=True)
class Group:
    """Neighbours by one relation, already cut to :data:`MOST`, and in words how many are not drawn."""

    name: str
    nodes: tuple[Node, ...]
    rest: str = ""

    @property
    def height(self) -> int:
        return _CAPTION + _ROW * len(self.nodes) + (_CAPTION if self.rest else 0)


@dataclass(frozen=True)
class Neighbourhood:
    """The groups on each side of a concept."""

    own: Node
    above: Sequence[Group] = ()
    below: Sequence[Group] = ()
    left: Sequence[Group] = ()
    right: Sequence[Group] = ()

    def __bool__(self) -> bool:
        return bool(self.above or self.below or self.left or self.right)


def drawn(found: Neighbourhood, *, title: str, description: str) -> Markup:
    """The picture of a neighbourhood that is not empty."""
    middle = _tall(found.above) + _OWN_HEIGHT + _tall(found.below) + _SPACE * (bool(found.above) + bool(found.below))
    height = max(middle, _tall(found.left), _tall(found.right))
    left, centre, right = 0, _NODE + _GAP, 2 * (_NODE + _GAP)
    top = (height - middle) / 2 + _tall(found.above) + (_SPACE if found.above else 0)
    own = (centre, top + _OWN_HEIGHT / 2)
    parts = [
        *_side(found.left, left, height, (own[0], own[1]), edge=_NODE),
        *_side(found.right, right, height, (own[0] + _NODE, own[1]), edge=0),
        *_stack(found.above, centre, (height - middle) / 2),
        *_stack(found.below, centre, top + _OWN_HEIGHT + _SPACE),
        _own(found.own, centre, top),
    ]
    width = 3 * _NODE + 2 * _GAP
    return picture(
        parts, width=width, height=height, title=title, description=description, key="graph", class_="picture graph"
    )


def _tall(groups: Sequence[Group]) -> int:
    return sum(group.height for group in groups) + _SPACE * max(0, len(groups) - 1)


def _side(groups: Sequence[Group], x: float, height: float, own: tuple[float, float], edge: float) -> Iterable[Markup]:
    y = (height - _tall(groups)) / 2
    lines: list[Markup] = []
    nodes: list[Markup] = []
    for group in groups:
        for place in range(len(group.nodes)):
            end = (x + edge, y + _CAPTION + place * _ROW + _HEIGHT / 2)
            lines.append(_line(own, end))
        nodes += _stack([group], x, y)
        y += group.height + _SPACE
    return [*lines, *nodes]


def _line(start: tuple[float, float], end: tuple[float, float]) -> Markup:
    bend = (start[0] + end[0]) / 2
    way = f"M{start[0]:g} {start[1]:g}C{bend:g} {start[1]:g} {bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    return element("path", d=way, class_="edge")


def _stack(groups: Sequence[Group], x: float, y: float) -> Iterable[Markup]:
    parts = []
    for group in groups:
        parts.append(element("text", group.name, x=x + 1, y=y + 13, class_="caption"))
        for place, node in enumerate(group.nodes):
            parts.append(_node(node, x, y + _CAPTION + place * _ROW))
        if group.rest:
            parts.append(element("text", group.rest, x=x + 1, y=y + group.height - 5, class_="caption"))
        y += group.height + _SPACE
    return parts


def _node(node: Node, x: float, y: float) -> Markup:
    lines = wrapped(node.label, _NODE - 62, _SIZE)
    first = y + _HEIGHT / 2 + 4.5 - _LINE / 2 * (len(lines) - 1)
    return element(
        "a",
        element("title", f"{node.code} {node.label}"),
        element("rect", x=f"{x:g}", y=f"{y:g}", width=_NODE, height=_HEIGHT, rx=6),
        element("text", node.code, x=f"{x + 10:g}", y=f"{first:g}", class_="code"),
        *_lines(lines, x + 54, first),
        href=node.address,
        class_="node",
        aria_label=f"{node.code} {node.label}",
    )


def _own(node: Node, x: float, y: float) -> Markup:
    lines = wrapped(node.label, _NODE - 24, _SIZE + 1.5)
    first = y + _OWN_HEIGHT / 2 + 5 - _LINE / 2 * len(lines)
    return element(
        "g",
        element("rect", x=f"{x:g}", y=f"{y:g}", width=_NODE, height=_OWN_HEIGHT, rx=8),
        element("text", node.code, x=f"{x + 12:g}", y=f"{first:g}", class_="code"),
        *_lines(lines, x + 12, first + _LINE + 1),
        class_="own",
    )


def _lines(lines: Sequence[str], x: float, y: float) -> Iterable[Markup]:
    return [element("text", line, x=f"{x:g}", y=f"{y + _LINE * place:g}") for place, line in enumerate(lines)]
