"""What a benchmark hands over to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from benchmarks.samples import Figure

#: The chapters of the results, in their order.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "reads": "Published reads",
        "embeds": "Embeds, and pages with courses",
        "esco": "ESCO 1.1.1",
        "starts": "First answer",
        "sizes": "Cost against size",
        "courses": "Courses and mappings",
        "beside": "Side by side",
        "ranking": "Ranking",
        "impact": "Impact of a proposal",
        "coverage": "Coverage",
        "rooms": "A full room",
    }
)


@dataclass
class Section:
    """One chapter of the results: figures, further tables (the first row is the head), remarks."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    tables: list[list[tuple[str, ...]]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return TITLES[self.name]


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds of seconds each; ``sizes`` of the synthetic taxonomies beside ESCO."""

    rounds: int = 5
    seconds: int = 1
    sizes: tuple[int, ...] = (1_000, 100_000)
    searches: int = 30_000
