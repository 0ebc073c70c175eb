"""What is sent about migrations, read and checked: decisions one by one or as a file, and files to preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import orjson
from sqlalchemy import orm

from competency_api.core.errors import FieldError, InvalidInput, MalformedRequest
from competency_api.core.text import printable
from competency_api.courses.migration.models import PlanRow
from competency_api.courses.migration.service import Steps, held_of
from competency_api.courses.pins import Pins
from competency_api.courses.plans import decisions, tables
from competency_api.courses.plans.decisions import Decision, Scope, Verdict, fault_of
from competency_api.courses.plans.preview import Row
from competency_api.courses.values import MappingRelation
from competency_api.formats.document import Problems

_NEEDED = ("course", "concept", "relation", "decision")
#: So many errors are told at once.
_MOST_ERRORS = 100


class Checked:
    """Checks decisions about the mappings of one plan."""

    def __init__(self, session: orm.Session, plan: PlanRow, pins: Pins, course_ids: Mapping[str, int]) -> None:
        self._courses = course_ids
        self._target = pins.taxonomy(plan.to_version)
        steps = Steps(session, pins, plan)
        self._found = {held.concept: steps.of(held).found for held in held_of(session, plan)}
        self.entries: dict[Scope, Decision | None] = {}
        self.errors: list[FieldError] = []

    def add(self, place: str, course: str, concept: str, relation: str, decision: Decision | None) -> None:
        """Take a decision, or say what is wrong with it at ``place`` (a JSON Pointer)."""
        fault = self._fault(course, concept, decision)
        if fault:
            self.errors.append(FieldError(fault[1], pointer=f"{place}/{fault[0]}"))
        else:
            self.entries[self._courses[course] if course else 0, concept, relation] = decision

    def _fault(self, course: str, concept: str, decision: Decision | None) -> tuple[str, str] | None:
        if course and course not in self._courses:
            return "course", f'This provider has no course "{printable(course)}".'
        found = self._found.get(concept)
        if found is None:
            return "concept", f'This migration has no mapping to "{printable(concept)}".'
        fault = fault_of(decision, found, self._target) if decision else None
        return ("verdict", fault) if fault else None

    def done(self) -> dict[Scope, Decision | None]:
        """All of them. Raises InvalidInput with everything that is wrong."""
        if self.errors:
            raise InvalidInput(self.errors[:_MOST_ERRORS])
        return self.entries


def from_items(items: Iterable[Mapping[str, Any]], checked: Checked) -> dict[Scope, Decision | None]:
    """Decisions as JSON has them. Raises InvalidInput."""
    for place, item in enumerate(items):
        verdict, codes = item["verdict"], tuple(dict.fromkeys(item.get("codes", ())))
        decision = None if verdict is None else Decision(Verdict(verdict), codes)
        checked.add(f"/items/{place}", item.get("course", ""), item["concept"], item.get("relation") or "", decision)
    return checked.done()


class _Item(msgspec.Struct, forbid_unknown_fields=True):
    concept: str
    verdict: Verdict | None
    course: str = ""
    relation: MappingRelation | None = None
    codes: list[str] = []


class _Items(msgspec.Struct, forbid_unknown_fields=True):
    items: list[_Item]


def from_json(data: bytes, checked: Checked) -> dict[Scope, Decision | None]:
    """The decisions in a file of the shape that requests have. Raises InvalidInput."""
    try:
        found = msgspec.json.decode(data, type=_Items)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _whole(f"The file is not as decisions are: {printable(error)}.") from None
    return from_items(msgspec.to_builtins(found)["items"], checked)


def from_file(data: bytes, checked: Checked) -> dict[Scope, Decision | None]:
    """The decisions in a table of the plan's mappings; rows without one say nothing. Raises InvalidInput."""
    rows = _table(data, _NEEDED)
    for line, cells in rows.rows:
        course, concept, relation, text = (rows.column(cells, name) for name in _NEEDED)
        if (decision := decisions.read(text)) is not None:
            checked.add(f"/lines/{line}", course, concept, relation, decision)
    return checked.done()


def rows_to_preview(data: bytes, is_json: bool) -> tuple[list[str], list[tuple[int, Row]]]:
    """The names of the columns and the rows of a file of mappings, each with its place. Raises InvalidInput."""
    if not is_json:
        table = _table(data, ("concept",))
        return table.names, [(line, dict(zip(table.names, cells, strict=True))) for line, cells in table.rows]
    items = _json(data)
    if len(items) > tables.MOST_ROWS:
        raise _whole(f"There are {len(items):,} mappings; at most {tables.MOST_ROWS:,} are taken at once.")
    faults = [FieldError(fault, pointer=f"/{n}") for n, item in enumerate(items) if (fault := _fault_of_item(item))]
    if faults:
        raise InvalidInput(faults[:_MOST_ERRORS])
    names = dict.fromkeys(name for item in items for name in item)
    return list(names), list(enumerate(items, 1))


def _json(data: bytes) -> list[Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise MalformedRequest(f"The body is no JSON: {printable(error)}.") from None
    items = value.get("mappings") if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise _whole('It must be a list of mappings, or an object with the member "mappings".')
    return items


def _fault_of_item(item: Any) -> str | None:
    if not isinstance(item, dict):
        return "It must be an object."
    if not isinstance(item.get("concept"), str) or not item["concept"]:
        return 'The member "concept" must be the code or address of a concept.'
    if not isinstance(item.get("version", ""), str | None):
        return 'The member "version" must be the number of a version.'
    return None


def _whole(message: str) -> InvalidInput:
    return InvalidInput(FieldError(message, pointer=""))


def _table(data: bytes, needed: tuple[str, ...]) -> tables.Rows:
    problems = Problems()
    found = tables.read(data, needed, problems)
    if found is None:
        raise InvalidInput([FieldError(str(problem), pointer="") for problem in problems.found])
    return found
