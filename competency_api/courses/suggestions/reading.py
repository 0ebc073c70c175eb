"""What is sent about suggestions, read and checked: decisions one by one, or as the table of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import fault_of, normalised, printable
from competency_api.courses.entry import hundredths
from competency_api.courses.plans import tables
from competency_api.courses.suggestions.values import Decided, Offer, Verdict
from competency_api.courses.values import LONGEST_EVIDENCE, MOST_HOURS, MappingRelation
from competency_api.formats.document import Problems
from competency_api.taxonomy.kinds import LEVELS
from competency_api.taxonomy.taxonomy import Taxonomy

#: Columns of a table without which it decides nothing.
NEEDED = ("course", "concept", "decision")
_LEVELLED = "competency"
_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
#: So many errors are told at once.
_MOST_ERRORS = 100


class Said(msgspec.Struct, frozen=True):
    """One decision as it is sent; what is not said is as it was suggested. ``hours`` are hundredths."""

    course: str
    concept: str
    verdict: Verdict
    relation: MappingRelation | UnsetType = UNSET
    level: int | UnsetType | None = UNSET
    hours: int | UnsetType | None = UNSET
    evidence: str | UnsetType = UNSET


class WrongCell(ValueError):
    """What a cell says cannot be: the name of its column, and why."""


class Checked:
    """Checks decisions about suggestions for courses of one provider.

    ``courses`` are ids by the provider's own; ``offers`` what is suggested by its own id and concept: None where the
    text changed since.
    """

    def __init__(
        self, courses: Mapping[str, int], offers: Mapping[tuple[str, str], Offer | None], taxonomy: Taxonomy
    ) -> None:
        self._courses, self._offers, self._taxonomy = courses, offers, taxonomy
        self._entries: dict[tuple[str, str], Decided] = {}
        self.errors: list[FieldError] = []

    def add(self, place: str, said: Said) -> None:
        """Take a decision, or say what is wrong with it at ``place`` (a JSON Pointer)."""
        fault = self._fault(said)
        if fault:
            self.errors.append(FieldError(fault[1], pointer=f"{place}/{fault[0]}"))
            return
        key = (said.course, said.concept)
        offer = None if said.verdict is Verdict.REOPEN else self._offers[key]
        if offer is not None:
            offer = msgspec.structs.replace(offer, **_told(said))
        self._entries[key] = Decided(self._courses[said.course], said.course, said.concept, said.verdict, offer)

    def _fault(self, said: Said) -> tuple[str, str] | None:
        key, shown = (said.course, said.concept), printable(said.concept)
        if said.course not in self._courses:
            return "course", f'This provider has no course "{printable(said.course)}".'
        if key in self._entries:
            return "concept", f'About "{shown}" and this course something is said already.'
        if said.verdict is Verdict.REOPEN:
            return None
        if key not in self._offers:
            return "concept", f'"{shown}" is not suggested for this course here; it can be mapped without.'
        if self._offers[key] is None:
            return "course", "The text of the course changed since: ask for its suggestions again."
        if isinstance(said.level, int) and self._taxonomy[said.concept].kind != _LEVELLED:
            return "level", f"{said.concept} is no competency and has no levels."
        return None

    def done(self) -> list[Decided]:
        """All of them. Raises InvalidInput with everything that is wrong."""
        if self.errors:
            raise InvalidInput(self.errors[:_MOST_ERRORS])
        return list(self._entries.values())


def _told(said: Said) -> dict[str, Any]:
    members = {name: getattr(said, name) for name in ("relation", "level", "hours", "evidence")}
    return {name: value for name, value in members.items() if value is not UNSET}


def from_items(items: Iterable[Mapping[str, Any]], checked: Checked, course: str | None = None) -> list[Decided]:
    """Decisions as JSON has them, about one ``course`` if it is given. Raises InvalidInput."""
    for place, item in enumerate(items):
        told = {name: item[name] for name in ("level",) if name in item}
        if item.get("relation"):
            told["relation"] = MappingRelation(item["relation"])
        if item.get("hours") is not None:
            told["hours"] = hundredths(item["hours"])
        if item.get("evidence") is not None:
            told["evidence"] = item["evidence"]
        owner = course if course is not None else item["course"]
        checked.add(f"/items/{place}", Said(owner, item["concept"], Verdict(item["verdict"]), **told))
    return checked.done()


def from_file(data: bytes, checked: Checked) -> list[Decided]:
    """The decisions in the table of a list; rows without one say nothing. Raises InvalidInput."""
    problems = Problems()
    table = tables.read(data, NEEDED, problems)
    if table is None:
        raise InvalidInput([FieldError(str(problem), pointer="") for problem in problems.found])
    for line, cells in table.rows:
        row = {name: cell.strip() for name, cell in zip(table.names, cells, strict=True)}
        try:
            if row["decision"]:
                checked.add(f"/lines/{line}", _said(row))
        except WrongCell as wrong:
            column, message = wrong.args
            checked.errors.append(FieldError(message, pointer=f"/lines/{line}/{column}"))
    return checked.done()


def _said(row: Mapping[str, str]) -> Said:
    """Raises WrongCell."""
    verdict = _one_of("decision", row["decision"].casefold(), [each.value for each in Verdict])
    told: dict[str, Any] = {}
    if relation := row.get("relation"):
        told["relation"] = MappingRelation(_one_of("relation", relation, [each.value for each in MappingRelation]))
    if "level" in row:
        level = row["level"] and _one_of("level", row["level"], [str(each) for each in LEVELS])
        told["level"] = int(level) if level else None
    if "hours" in row:
        told["hours"] = _hours(row["hours"])
    if "evidence" in row:
        told["evidence"] = _evidence(row["evidence"])
    return Said(row["course"], row["concept"], Verdict(verdict), **told)


def _one_of(column: str, cell: str, known: list[str]) -> str:
    if cell not in known:
        raise WrongCell(column, f'"{printable(cell)}" is not known here.{did_you_mean(cell, known)}')
    return cell


def _hours(cell: str) -> int | None:
    if not cell:
        return None
    number = float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else -1
    if not 0 <= number <= MOST_HOURS:
        raise WrongCell("hours", f'"{printable(cell)}" is no number of hours from 0 to {MOST_HOURS:,}.')
    return hundredths(number)


def _evidence(cell: str) -> str:
    text = normalised(cell, multiline=True)
    fault = fault_of(text, multiline=True)
    if len(text) > LONGEST_EVIDENCE:
        fault = f"It has {len(text):,} characters; at most {LONGEST_EVIDENCE:,} are taken."
    if fault:
        raise WrongCell("evidence", fault)
    return text
