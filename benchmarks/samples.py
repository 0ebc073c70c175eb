"""Measured values and what they are held against."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Samples:
    """Repeated measurements of one thing, in the order in which they were made."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Samples:
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """Largest minus smallest, relative to the median: the noise, where the work is always the same."""
        return (max(self.values) - min(self.values)) / self.median

    def shown(self, digits: int = 2) -> str:
        """``0.91 (0.88 … 0.95)``"""
        middle, least, most = (number(v, digits) for v in (self.median, min(self.values), max(self.values)))
        return middle if len(self.values) == 1 else f"{middle} ({least} … {most})"

    def __truediv__(self, other: Samples) -> Samples:
        """Round by round: what disturbed one round disturbed both of its measurements."""
        return Samples.of(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True))


@dataclass(frozen=True)
class Figure:
    """A line of the table. ``met`` is None where nothing was promised."""

    name: str
    measured: str
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.met is None:
            return self.note
        return "; ".join(filter(None, ["met" if self.met else "**missed**", self.note]))


def at_least(name: str, samples: Samples, target: float, digits: int = 2) -> Figure:
    return _held(name, samples, target, "≥", "below", digits, lambda value: value >= target)


def at_most(name: str, samples: Samples, target: float, unit: str, digits: int = 2) -> Figure:
    return _held(name, samples, target, "≤", "above", digits, lambda value: value <= target, f" {unit}")


def _held(
    name: str,
    samples: Samples,
    target: float,
    sign: str,
    side: str,
    digits: int,
    is_met: Callable[[float], bool],
    unit: str = "",
) -> Figure:
    met = is_met(samples.median)
    note = "" if met else f"{abs(samples.median / target - 1):.0%} {side}"
    return Figure(name, samples.shown(digits) + unit, f"{sign} {target:g}{unit}", met, note)


def told(name: str, samples: Samples, unit: str = "", digits: int = 2, note: str = "") -> Figure:
    """A figure without a target."""
    return Figure(name, f"{samples.shown(digits)} {unit}".rstrip(), note=note)


def number(value: float, digits: int = 2) -> str:
    """With so many digits after the point, none from a thousand on, and groups of three."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}f}"
