"""The outcome of a workshop as tables: all that is not personal, from the report in one language.

Ballots are among them by topic and table, equal ones together and in an order of their own: so everything that is said
overall and of tables can be counted again, and nothing says who cast which, or which ballots of different topics
belong together. Roles are left out of them, since few people of one role at one table are known by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from competency_api.courses.reports.writing.table import Cell

Row = list[Cell]

STANDINGS, PAIRS, BALLOTS = "standings", "pairs", "ballots"
DISAGREEMENTS, CONCLUSIONS = "disagreements", "conclusions"
#: The columns of each table, by its name.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    STANDINGS: (
        *("topic", "of", "name", "option", "concept", "text", "lang", "place", "borda", "share"),
        *("held", "best", "worst", "options", "ballots", "blank", "agreement"),
    ),
    PAIRS: ("topic", "of", "name", "option", "over", "ballots", "path"),
    BALLOTS: ("topic", "table", "ballots", "levels"),
    DISAGREEMENTS: ("topic", "table", "other", "tau"),
    CONCLUSIONS: ("topic", "table", "number", "text", "lang", "signer", "signed_at", "digest"),
}


def table_of(name: str, document: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of one of :data:`COLUMNS`, first the names of its columns."""
    yield list(COLUMNS[name])
    yield from _WRITERS[name](document)


def sheets_of(document: Mapping[str, Any]) -> dict[str, Iterable[Row]]:
    """All tables by name, before them what the workshop was."""
    return {"workshop": _head(document), **{name: table_of(name, document) for name in COLUMNS}}


def _head(document: Mapping[str, Any]) -> Iterator[Row]:
    about = document["workshop"]
    yield ["member", "value"]
    for name in ("code", "title", "purpose", "place", "starts_at", "ends_at", "time_zone", "version", "state"):
        yield [name, _text(about[name]) if isinstance(about[name], dict) else about[name]]
    yield ["organisation", about["organisation"]["name"] if about["organisation"] else None]
    yield ["provisional", str(document["provisional"]).lower()]


def _text(said: Any) -> str | None:
    return said["text"] if said else None


def _rankings(result: Mapping[str, Any]) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Every ranking of a topic: of whom it is, and their name."""
    yield "all", None, result["overall"]
    yield from (("table", name, ranking) for name, ranking in result["tables"].items())
    yield from (("group", name, ranking) for name, ranking in result["groups"].items())


def _standings(document: Mapping[str, Any]) -> Iterator[Row]:
    for result in document["topics"]:
        options = {option["name"]: option for option in result["options"]}
        for kind, name, ranking in _rankings(result):
            tail = [len(ranking["options"]), ranking["ballots"], ranking["blank"], ranking["agreement"]]
            for standing in ranking["standings"]:
                option, firm = options[standing["option"]], standing["firmness"] or {}
                said = option["texts"] or {"text": None, "lang": None}
                yield [
                    *(result["topic"], kind, name, option["name"], option["concept"], said["text"], said["lang"]),
                    *(standing["place"], standing["borda"], standing["share"]),
                    *(firm.get(member) for member in ("held", "best", "worst")),
                    *tail,
                ]


def _pairs(document: Mapping[str, Any]) -> Iterator[Row]:
    for result in document["topics"]:
        for kind, name, ranking in _rankings(result):
            names = ranking["options"]
            for row, option in enumerate(names):
                for column, other in enumerate(names):
                    if row != column:
                        counts = ranking["matrix"][row][column], ranking["paths"][row][column]
                        yield [result["topic"], kind, name, option, other, *counts]


def _ballots(document: Mapping[str, Any]) -> Iterator[Row]:
    for found in document["ballots"]:
        levels = ">".join("=".join(level) for level in found["levels"])
        yield [found["topic"], found["table"], found["ballots"], levels]


def _disagreements(document: Mapping[str, Any]) -> Iterator[Row]:
    for result in document["topics"]:
        for pair in result["disagreements"]:
            yield [result["topic"], pair["a"], pair["b"], pair["tau"]]


def _conclusions(document: Mapping[str, Any]) -> Iterator[Row]:
    plenary = document["conclusions"]["report"]
    for found in [*document["conclusions"]["items"], *([plenary] if plenary else [])]:
        said = found["text"] or {"text": None, "lang": None}
        yield [
            *(found["topic"], found["table"], found["number"], said["text"], said["lang"]),
            *(found["signer"], found["signed_at"], found["digest"]),
        ]


_WRITERS = {
    STANDINGS: _standings,
    PAIRS: _pairs,
    BALLOTS: _ballots,
    DISAGREEMENTS: _disagreements,
    CONCLUSIONS: _conclusions,
}
