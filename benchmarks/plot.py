"""Small multiples on logarithmic axes, as SVG. Readable on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import NamedTuple
from xml.sax.saxutils import escape

from benchmarks.samples import number

_WIDTH, _HEIGHT, _ACROSS = 260, 190, 4
_LEFT, _RIGHT, _TOP, _BOTTOM = 22, 34, 40, 30
_STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#222}.axis{stroke:#999;stroke-width:1}.line{fill:none;stroke:#1d6fa5;"
    "stroke-width:2}circle{fill:#1d6fa5}.even{stroke:#bbb;stroke-dasharray:3 4}.dim{fill:#666}"
)


class Panel(NamedTuple):
    """Points (concepts, value), ascending; both above zero."""

    title: str
    points: Sequence[tuple[float, float]]


def drawn(panels: Sequence[Panel]) -> str:
    """All panels, four in a row. The dashed line is what cost in proportion to size would be."""
    rows = ceil(len(panels) / _ACROSS)
    inside = "".join(
        f'<g transform="translate({index % _ACROSS * _WIDTH} {index // _ACROSS * _HEIGHT})">{_panel(panel)}</g>'
        for index, panel in enumerate(panels)
    )
    size = f'width="{_ACROSS * _WIDTH}" height="{rows * _HEIGHT}"'
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_STYLE}</style>{background}{inside}</svg>\n'


def _panel(panel: Panel) -> str:
    xs, ys = zip(*panel.points, strict=True)
    across = _scale(min(xs), max(xs), _LEFT, _WIDTH - _RIGHT)
    # at least three decades, so that noise does not look like growth
    down = _scale(_decade(min(ys), floor), max(_decade(max(ys), ceil), min(ys) * 1000), _HEIGHT - _BOTTOM, _TOP)
    marks = [(across(x), down(y), x, y) for x, y in panel.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in marks)
    labels = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/><text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">'
        f'{number(value, 2 if value < 10 else 0)}</text><text class="dim" x="{x:.1f}" y="{_HEIGHT - 12}" '
        f'text-anchor="middle">{_short(size)}</text>'
        for x, y, size, value in marks
    )
    (least, lowest), (most, _) = panel.points[0], panel.points[-1]
    even = down(lowest * most / least)
    proportional = _line("even", across(least), down(lowest), across(most), even) if even >= _TOP else ""
    axis = _line("axis", _LEFT - 8, _HEIGHT - _BOTTOM, _WIDTH - _RIGHT + 8, _HEIGHT - _BOTTOM)
    title = f'<text x="{_LEFT - 8}" y="16">{escape(panel.title)}</text>'
    return f'{title}{axis}{proportional}<polyline class="line" points="{line}"/>{labels}'


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _scale(least: float, most: float, start: float, end: float) -> Callable[[float], float]:
    """From values to places, by logarithm."""
    span = log10(most / least) or 1
    return lambda value: start + (end - start) * log10(value / least) / span


def _decade(value: float, rounded: Callable[[float], int]) -> float:
    return float(10 ** rounded(log10(value)))


def _short(size: float) -> str:
    return f"{size / 1000:.0f}k"
