"""What a page says of a topic's result: the room's order, the tables beside it, who disagrees, and why it came so.

Made from a result as the API answers it, so that whoever has the file can say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from competency_api.pages.texts import Said, Texts, said
from competency_api.rooms.pictures import bar
from competency_api.workshops.ranking import schulze

Document = Mapping[str, Any]
#: Reasons are given for so many steps from the top, and so many pairs of tables are shown.
REASONS, PAIRS = 5, 5
#: A table's place is marked that is so many places away from the room's, and at least this share of all of them.
FAR, FAR_SHARE = 2, 1 / 3


@dataclass(frozen=True)
class Outcome:
    """A topic's result in the language of ``t``."""

    result: Document
    t: Texts

    @property
    def name(self) -> str:
        return str(self.result["topic"])

    @property
    def question(self) -> Said:
        return said(self.result["question"], self.t.language)

    @property
    def overall(self) -> Document:
        found: Document = self.result["overall"]
        return found

    @cached_property
    def options(self) -> dict[str, Document]:
        return {option["name"]: option for option in self.result["options"]}

    def label(self, name: str) -> Said:
        found = said(self.options.get(name, {}).get("texts"), self.t.language)
        return found if found.text else Said(name, self.t.language)

    def percent(self, share: float) -> str:
        return f"{share * 100:.0f}"

    def figure(self, value: float | None) -> str:
        """Two digits behind the point, with the language's own; a dash for what cannot be said."""
        written = "–" if value is None else f"{value:.2f}".replace("-", "−")
        return written if self.t.language == "en" else written.replace(".", ",")

    # -- the room's order ------------------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        standings = self.overall["standings"]
        return [
            {
                **standing,
                "name": standing["option"],
                "label": self.label(standing["option"]),
                "concept": self.options.get(standing["option"], {}).get("concept"),
                "bar": bar(standing["share"]),
                "firm": self._firm(standing.get("firmness")),
            }
            for standing in standings
        ]

    def _firm(self, firmness: Document | None) -> str:
        if firmness is None:
            return "–"
        values = {"best": firmness["best"], "worst": firmness["worst"], "held": self.percent(firmness["held"])}
        return self.t("result.firm_value", **values)

    # -- beside it -------------------------------------------------------------------------------------------------

    def beside(self, part: str) -> dict[str, dict[str, int]]:
        """The place of each option at each table or group (``part``) that has ballots."""
        return {
            name: {standing["option"]: standing["place"] for standing in ranking["standings"]}
            for name, ranking in sorted(self.result.get(part, {}).items(), key=lambda item: _natural(item[0]))
            if ranking["ballots"]
        }

    @property
    def own(self) -> list[dict[str, Any]]:
        """Options that only one table had, with their place there: a need that was released to those who typed it."""
        return [
            {"label": self.label(name), "table": option["table"], "place": places[name], "of": len(places)}
            for name, option in self.options.items()
            if option["table"] is not None
            for places in [self.beside("tables").get(str(option["table"]), {})]
            if name in places
        ]

    def is_far(self, place: int, row: Mapping[str, Any]) -> bool:
        """Whether a table sees an option quite elsewhere than the room does."""
        return abs(place - int(row["place"])) >= max(FAR, round(len(self.rows) * FAR_SHARE))

    @property
    def withheld(self) -> str:
        """The groups that are not shown, in words."""
        return ", ".join(self.t.word("role", name) for name in self.result.get("withheld", ()))

    @property
    def pairs(self) -> list[Document]:
        """The pairs of tables that are furthest apart, those first."""
        return list(self.result.get("disagreements", ()))[:PAIRS]

    # -- why -------------------------------------------------------------------------------------------------------

    @property
    def reasons(self) -> list[str]:
        """For each of the first options, why it stands before the next one."""
        winner, order = self.overall["condorcet_winner"], [row["name"] for row in self.rows]
        places = {row["name"]: row["place"] for row in self.rows}
        first = [self.t("result.why_winner", option=self.label(winner).text)] if winner else []
        steps = list(pairwise(order))[:REASONS]
        return first + [self._why(a, b) for a, b in steps if places[a] != places[b]]

    def _why(self, before: str, after: str) -> str:
        options, above = list(self.overall["options"]), np.array(self.overall["matrix"])
        a, b = options.index(before), options.index(after)
        names = {"a": self.label(before).text, "b": self.label(after).text}
        paths = np.array(self.overall["paths"])
        if paths[a, b] <= paths[b, a]:
            return self.t("result.why_open", **names)
        path = schulze.shortest_of_the_strongest(schulze.defeats(above), paths, a, b)
        if len(path) <= 2:
            return self.t("result.why_direct", **names, ours=above[a, b], theirs=above[b, a])
        between = " → ".join(self.label(options[step]).text for step in path[1:-1])
        return self.t("result.why_path", **names, path=between, strength=paths[a, b])


def _natural(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isascii() and name.isdigit() else (1 << 30, name)
