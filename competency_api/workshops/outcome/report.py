"""The report of a workshop: everything that its page says, in all languages or in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from competency_api.core.languages import choose
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.workshops.ranking import Ballot

#: Members that hold texts by language, wherever they stand in the report.
_TEXTS = frozenset({"title", "purpose", "place", "question", "texts", "text"})
#: What needs no words, but has members of those names.
_FIGURES = frozenset({"standings", "matrix", "paths"})


def report_document(
    about: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
    conclusions: Mapping[str, Any],
    outcomes: Sequence[Mapping[str, Any]],
    **parts: Any,
) -> dict[str, Any]:
    """``about`` is the workshop, ``results`` those of its topics in their order, ``parts`` what else it is made of
    (rounds, tables)."""
    return {
        "workshop": {name: value for name, value in about.items() if name not in ("you", "next")},
        "provisional": any(result["provisional"] for result in results),
        **parts,
        "topics": list(results),
        "conclusions": conclusions,
        "outcomes": list(outcomes),
    }


def counted_ballots(topic: str, ballots: Iterable[Ballot]) -> list[dict[str, Any]]:
    """Equal ballots of a table once, with how many there are, in an order that does not tell when they were cast."""
    counts = Counter((ballot.table, tuple(tuple(sorted(level)) for level in ballot.levels)) for ballot in ballots)
    return [
        {"topic": topic, "table": table, "ballots": count, "levels": [list(level) for level in levels]}
        for (table, levels), count in sorted(counts.items(), key=lambda item: (str(item[0][0]), item[0][1]))
    ]


class Voice:
    """Says texts in the best language for ``asked`` (most wanted first), else by ``fallback``.

    What was written in the room is said in its own language where nothing else is there: it tells which one it is.
    """

    def __init__(self, asked: Iterable[str], fallback: Iterable[str]) -> None:
        self.asked = tuple(asked)
        self._fallback = tuple(dict.fromkeys((*fallback, REFERENCE_LANGUAGE)))
        self._used: dict[str, None] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """The languages of the texts said so far, those that were asked for first."""
        return tuple(sorted(self._used, key=lambda tag: (tag not in self.asked, tag))) or self.asked[:1]

    def text(self, texts: Mapping[str, str]) -> dict[str, Any] | None:
        """One text with its language, and whether it is another than was asked for; None without any."""
        if not texts:
            return None
        choice = choose(self.asked, texts, self._fallback)
        tag, is_fallback = (choice.tag, choice.fallback) if choice else (next(iter(texts)), True)
        self._used[tag] = None
        return {"text": texts[tag], "lang": tag, "fallback": is_fallback}

    def said(self, document: Any) -> Any:
        """The document with each of its texts in one language."""
        if isinstance(document, Mapping):
            return {name: self._member(name, value) for name, value in document.items()}
        if isinstance(document, list | tuple):
            return [self.said(item) for item in document]
        return document

    def _member(self, name: str, value: Any) -> Any:
        if name in _FIGURES:
            return value
        return self.text(value) if name in _TEXTS and isinstance(value, Mapping) else self.said(value)
