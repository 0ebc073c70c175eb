"""Commands of authors: a proposal, its title, its changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import orm

from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import require_revision
from competency_api.core.errors import Conflict, NotFound
from competency_api.core.ids import new_uuid
from competency_api.curation import queries
from competency_api.curation.authoring.revisions import ReadDraft, require_author, subject_of, touched
from competency_api.curation.authoring.writing import (
    add_changes,
    check_again,
    checked,
    read_changes,
    store_bases,
    store_changes,
)
from competency_api.curation.changes.actions import Action, changed_codes
from competency_api.curation.lifecycle import EDITABLE, State
from competency_api.curation.models import ProposalRow
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries as versions


def create_proposal(
    session: orm.Session,
    actor: Actor,
    *,
    title: str,
    rationale: str = "",
    changes: Sequence[Any] = (),
    draft: ReadDraft = versions.load_draft,
) -> ProposalRow:
    """A new proposal in the state draft. Raises InvalidInput."""
    now = clock.now()
    row = ProposalRow(
        uuid=new_uuid(),
        title=title,
        rationale=rationale,
        state=State.DRAFT.value,
        organisation_id=actor.organisation_id,
        author=actor.identity,
        author_name=actor.name,
        created_at=now,
        changed_at=now,
        decision="",
        changes=0,
        last_number=0,
    )
    session.add(row)
    session.flush()
    if changes:
        _append(session, row, read_changes(session, changes), draft(session))
    audit(session, actor, "proposal.created", subject_of(row), row.organisation_id, title=title)
    return row


def change_proposal(
    session: orm.Session, actor: Actor, uuid: str, expected: frozenset[int], members: Mapping[str, Any]
) -> ProposalRow:
    """Change title or rationale. Raises NotFound, Forbidden, Conflict and PreconditionFailed."""
    row = _editable(session, actor, uuid, expected)
    for name, value in members.items():
        setattr(row, name, value)
    return touched(session, row)


def append_changes(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    expected: frozenset[int],
    changes: Sequence[Any],
    draft: ReadDraft = versions.load_draft,
) -> ProposalRow:
    """Add changes behind those that are there, all or none. Raises as :func:`change_proposal`, and InvalidInput."""
    row = _editable(session, actor, uuid, expected)
    _append(session, row, read_changes(session, changes, row.changes), draft(session))
    return row


def replace_change(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    number: int,
    expected: frozenset[int],
    change: Any,
    draft: ReadDraft = versions.load_draft,
) -> ProposalRow:
    """Put another change in the place of one, or (None) take it out; those behind it must still fit."""
    row = _editable(session, actor, uuid, expected)
    content, state = queries.get_content(session, row), draft(session)
    if number not in content.changes:
        raise NotFound(f"This proposal has no change {number}.")
    before = [action for n, action in content.changes.items() if n < number]
    new = read_changes(session, [] if change is None else [change])
    bases = checked(session, state, content.bases, before, new)
    kept = {n: action for n, action in content.changes.items() if n != number} | dict(zip([number], new, strict=False))
    kept = dict(sorted(kept.items()))
    bases = {code: base for code, base in bases.items() if code in _codes_of(kept.values())}
    check_again(state, bases, kept)
    row.changes = len(kept)
    touched(session, row)
    store_bases(session, row, bases)
    store_changes(session, row, kept)
    return row


def _append(session: orm.Session, row: ProposalRow, new: list[Action], draft: Taxonomy) -> None:
    content = queries.get_content(session, row)
    bases = checked(session, draft, content.bases, content.actions, new)
    numbered = dict(enumerate(new, row.last_number + 1))
    row.last_number += len(new)
    row.changes += len(new)
    touched(session, row)
    store_bases(session, row, bases)
    add_changes(session, row, numbered)


def _codes_of(actions: Iterable[Action]) -> set[str]:
    return {code for action in actions for code in changed_codes(action)}


def _editable(session: orm.Session, actor: Actor, uuid: str, expected: frozenset[int]) -> ProposalRow:
    row = queries.get_proposal(session, actor, uuid)
    require_revision(row.revision, expected)
    require_author(actor, row)
    if State(row.state) not in EDITABLE:
        raise Conflict(
            f"The proposal is {row.state}; only a draft, or one that changes were asked for, can be changed."
        )
    return row
