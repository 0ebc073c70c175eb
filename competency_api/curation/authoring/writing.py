"""Changes into a proposal: read, given codes, checked on the contents that their author saw, and stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import lock
from competency_api.core.errors import Conflict, FieldError, InvalidInput
from competency_api.core.ids import new_uuid
from competency_api.curation import queries
from competency_api.curation.changes.actions import (
    Action,
    Add,
    Merge,
    Retire,
    Split,
    as_document,
    changed_codes,
    seen_digests,
)
from competency_api.curation.changes.checking import Checking
from competency_api.curation.changes.reading import read_action
from competency_api.curation.models import ProposalBaseRow, ProposalChangeRow, ProposalRow
from competency_api.formats.reading.shapes import Fault
from competency_api.taxonomy.canonical import canonical_json, concept_digest
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries as versions

#: Changes of one proposal.
MOST_CHANGES = 10_000
#: Codes are given one after the other: two proposals at once never get the same.
_CODES_LOCK = "curation.codes"
_MOST_ERRORS = 100

Bases = dict[str, Concept | None]


def read_changes(session: orm.Session, raws: Sequence[Any], present: int = 0) -> list[Action]:
    """The changes that an author sent, new concepts with code and uuid. Raises InvalidInput with each fault's place.

    ``present`` is how many the proposal has already.
    """
    if present + len(raws) > MOST_CHANGES:
        message = f"A proposal holds at most {MOST_CHANGES:,} changes; split it where it can be decided separately."
        raise InvalidInput(FieldError(message, pointer="/changes"))
    errors: list[FieldError] = []
    actions: list[Action] = []
    for number, raw in enumerate(raws):
        faults: list[Fault] = []
        action = read_action(raw, faults)
        errors += _errors(number, faults)
        if action is not None:
            actions.append(action)
    if errors:
        raise InvalidInput(errors[:_MOST_ERRORS])
    return _completed(session, actions)


def _errors(number: int | None, faults: Iterable[Fault]) -> list[FieldError]:
    where = "" if number is None else f"/changes/{number}"
    return [FieldError(fault.message, pointer=where + fault.pointer) for fault in faults]


def _completed(session: orm.Session, actions: Iterable[Action]) -> list[Action]:
    """The changes with what the service adds: codes and uuids of new concepts, the day of a retirement."""
    given: dict[str, int] = {}
    found: list[Action] = []
    for action in actions:
        if isinstance(action, Retire | Merge | Split) and not action.on:
            action = msgspec.structs.replace(action, on=clock.today().isoformat())  # noqa: PLW2901  # the same, completed
        elif isinstance(action, Add):
            concept = {**action.concept, "uuid": action.concept.get("uuid") or new_uuid()}
            if not concept.get("code"):
                concept["code"] = _new_code(session, concept.get("kind"), given)
            action = Add(concept=concept)  # noqa: PLW2901  # the same, completed
        found.append(action)
    return found


def _new_code(session: orm.Session, kind: Any, given: dict[str, int]) -> str:
    """The next free code of a kind, also after those that other proposals wait with. An unknown kind gets none."""
    if kind not in KINDS:
        return ""
    letter = KINDS[kind].letter
    if letter not in given:
        lock(session, _CODES_LOCK)
        given[letter] = max(versions.highest_number(session, letter), queries.highest_number(session, letter))
    given[letter] += 1
    return f"{letter}{given[letter]:03}"


def checked(
    session: orm.Session, draft: Taxonomy, bases: Mapping[str, Concept | None], earlier: list[Action], new: list[Action]
) -> Bases:
    """The contents that all changes of a proposal are made from, when the new ones fit after the earlier ones.

    Raises InvalidInput, with the number of the new change and the place in it, and Conflict where the author saw
    another content than the proposal was made from.
    """
    found = {**bases}
    errors: list[FieldError] = []
    for number, action in enumerate(new):
        errors += _errors(number, _base_faults(session, draft, action, found, bases))
    checking = Checking(draft, found, earlier)
    for number, action in enumerate(new):
        errors += _errors(number, checking.take(action))
    if errors:
        raise InvalidInput(errors[:_MOST_ERRORS])
    return found


def _base_faults(
    session: orm.Session, draft: Taxonomy, action: Action, found: Bases, bases: Mapping[str, Concept | None]
) -> list[Fault]:
    """Put the contents that the change was made from into ``found``."""
    seen = seen_digests(action)
    for code in changed_codes(action):
        present = found.get(code, draft.get(code))
        if code in seen and (present is None or concept_digest(present) != seen[code]):
            if code in bases:
                raise Conflict(f"This proposal was made from another content of {code}; rebase it, and look again.")
            present = versions.find_content(session, code, seen[code])
            if present is None:
                return [Fault("/seen", f"{code} never had a content with this digest.", seen[code])]
        if isinstance(action, Add) and code not in found:
            present = None
        found[code] = present
    return []


def check_again(draft: Taxonomy, bases: Mapping[str, Concept | None], changes: Mapping[int, Action]) -> None:
    """Raise InvalidInput where a change does not fit after those before it, as when one of these was taken out."""
    checking = Checking(draft, bases)
    errors: list[FieldError] = []
    for number, action in changes.items():
        errors += [
            FieldError(f"Change {number} would no longer fit: {fault.message}", pointer=fault.pointer)
            for fault in checking.take(action)
        ]
    if errors:
        raise InvalidInput(errors[:_MOST_ERRORS])


def store_changes(session: orm.Session, proposal: ProposalRow, changes: Mapping[int, Action]) -> None:
    """Write these changes, and no others, as those of the proposal."""
    session.execute(sa.delete(ProposalChangeRow).where(ProposalChangeRow.proposal_id == proposal.id))
    add_changes(session, proposal, changes)


def add_changes(session: orm.Session, proposal: ProposalRow, changes: Mapping[int, Action]) -> None:
    rows = [
        {"proposal_id": proposal.id, "number": number, "content": msgspec.json.encode(as_document(action)).decode()}
        for number, action in changes.items()
    ]
    if rows:
        session.execute(sa.insert(ProposalChangeRow), rows)


def store_bases(session: orm.Session, proposal: ProposalRow, bases: Mapping[str, Concept | None]) -> None:
    """Write these contents, and no others, as those that the proposal is made from."""
    session.execute(sa.delete(ProposalBaseRow).where(ProposalBaseRow.proposal_id == proposal.id))
    rows = [
        {"proposal_id": proposal.id, "code": code, "content": "" if base is None else canonical_json(base).decode()}
        for code, base in bases.items()
    ]
    if rows:
        session.execute(sa.insert(ProposalBaseRow), rows)
