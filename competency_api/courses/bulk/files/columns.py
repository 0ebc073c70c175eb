"""The columns of both tables: what their cells say, and back.

A cell that is empty says that there is nothing; a column that is missing says nothing at all, and what is stored stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from competency_api.core.text import printable
from competency_api.courses.entry import number

MAPPING_COLUMNS = ("course", "concept", "relation", "level", "hours", "evidence", "evidence_span", "version")
NEEDED_IN_MAPPINGS = ("course", "concept", "relation")

#: Texts by language, each in a column of its own: ``title@en``.
TAGGED = ("title", "description", "population")
_NUMBER = re.compile("[0-9]{1,9}(\\.[0-9]{1,9})?")
_PRICE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) *([A-Za-z]{3})")

#: What a value in a given column is: a member of the course, or a text of it in a language.
Member = str | tuple[str, str]


class CellError(ValueError):
    """The cell does not say what its column asks for; a whole sentence."""


def decimal(cell: str) -> float:
    """Raises CellError."""
    if not _NUMBER.fullmatch(cell):
        raise CellError(f'"{printable(cell)}" is not a number such as 12 or 1.5.')
    return float(cell)


def _text(cell: str) -> str:
    return cell


def _whole(cell: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", cell):
        raise CellError(f'"{printable(cell)}" is not a whole number.')
    return int(cell)


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _price(cell: str) -> dict[str, Any]:
    match = _PRICE.fullmatch(cell.strip())
    if match is None:
        raise CellError(f'"{printable(cell)}" is no price such as "120 EUR".')
    return {"amount": float(match[1]), "currency": match[2].upper()}


def _dates(cell: str) -> list[dict[str, str | None]]:
    runs = []
    for part in _list(cell):
        starts, _, ends = (piece.strip() for piece in part.partition("/"))
        runs.append({"starts": starts, "ends": ends or None})
    return runs


def _shown_price(price: Mapping[str, Any]) -> str:
    return f"{price['amount']} {price['currency']}"


def _shown_dates(runs: list[dict[str, str | None]]) -> str:
    return " | ".join(f"{run['starts']}/{run['ends']}" if run["ends"] else str(run["starts"]) for run in runs)


_Codec = tuple[Callable[[str], Any], Callable[[Any], str]]
_CODECS: Mapping[str, _Codec] = {
    "external_id": (_text, str),
    "visibility": (_text, str),
    "modality": (_text, str),
    "hours": (decimal, str),
    "hands_on": (_whole, str),
    "languages": (_list, " | ".join),
    "url": (_text, str),
    "price": (_price, _shown_price),
    "dates": (_dates, _shown_dates),
}
COURSE_COLUMNS = tuple(_CODECS)
#: What an empty cell says, where that is not ``None``.
_EMPTY: Mapping[str, Any] = {"visibility": "public", "languages": [], "dates": []}


def is_column(name: str) -> bool:
    """Whether there is such a column in one of both tables."""
    return name in MAPPING_COLUMNS or course_member(name) is not None


def course_member(name: str) -> Member | None:
    """What the column of this name is about; None when there is none."""
    if name in _CODECS:
        return name
    member, at, tag = name.partition("@")
    return (member, tag) if at and tag and member in TAGGED else None


def decoded(member: Member, cell: str) -> Any:
    """What a cell says of the course, in JSON types. Raises CellError."""
    if isinstance(member, tuple):
        return cell
    return _CODECS[member][0](cell.strip()) if cell.strip() else _EMPTY.get(member)


def encoded(member: Member, document: Mapping[str, Any]) -> str:
    """The cell that says the same of the course."""
    if isinstance(member, tuple):
        return str(document[member[0]].get(member[1], ""))
    value = document[member]
    return "" if value is None or value == [] else _CODECS[member][1](value)


def column_name(member: Member) -> str:
    return member if isinstance(member, str) else "@".join(member)


def shown_hours(hundredths: int | None) -> str:
    return "" if hundredths is None else str(number(hundredths))
