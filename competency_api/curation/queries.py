"""Reads of proposals.

Whoever belongs to an organisation sees its own proposals, and those of others from their first submission on: of a
draft of another organisation they get NotFound, as if it were not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import codes_of_organisations
from competency_api.accounts.values import Actor
from competency_api.core.errors import NotFound
from competency_api.core.text import fault_of, printable
from competency_api.curation.changes.actions import Action, from_document
from competency_api.curation.lifecycle import State
from competency_api.curation.models import ProposalBaseRow, ProposalChangeRow, ProposalCommentRow, ProposalRow
from competency_api.taxonomy.canonical import from_canonical
from competency_api.taxonomy.concept import Concept
from competency_api.versions.queries import last_version_id, list_versions


@dataclass(frozen=True)
class Content:
    """What a proposal changes: its changes by number, and the contents that they were made from."""

    changes: Mapping[int, Action]
    bases: Mapping[str, Concept | None]

    @property
    def actions(self) -> list[Action]:
        return list(self.changes.values())


@dataclass(frozen=True)
class Surroundings:
    """What is told with proposals and stands elsewhere: codes of organisations, numbers of versions, by id."""

    organisations: Mapping[int, str]
    versions: Mapping[int, str]

    def state(self, row: ProposalRow) -> State:
        return State.PUBLISHED if self.version(row) else State(row.state)

    def version(self, row: ProposalRow) -> str | None:
        """The version that contains it: the one that followed its acceptance. Ids grow, but may leave numbers out."""
        if row.accepted_after is None:
            return None
        following = min((key for key in self.versions if key > row.accepted_after), default=None)
        return None if following is None else self.versions[following]


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.is_outside:
        return sa.true()
    return sa.or_(ProposalRow.organisation_id == actor.organisation_id, ProposalRow.submitted_at.is_not(None))


def find_proposal(session: orm.Session, actor: Actor, uuid: str) -> ProposalRow | None:
    if fault_of(uuid) is not None:  # PostgreSQL refuses to look for texts that it would not store
        return None
    return session.scalar(sa.select(ProposalRow).where(ProposalRow.uuid == uuid, _visible(actor)))


def get_proposal(session: orm.Session, actor: Actor, uuid: str) -> ProposalRow:
    """Raises NotFound, also for a draft of another organisation."""
    row = find_proposal(session, actor, uuid)
    if row is None:
        raise NotFound(f'There is no proposal "{printable(uuid)}".')
    return row


def list_proposals(
    session: orm.Session,
    actor: Actor,
    before: int | None,
    limit: int,
    *,
    state: State | None = None,
    code: str | None = None,
    is_own: bool = False,
) -> Sequence[ProposalRow]:
    """Newest first, one row more than ``limit``; ``code`` is of a concept that they change."""
    statement = sa.select(ProposalRow).where(_visible(actor)).order_by(ProposalRow.id.desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(ProposalRow.id < before)
    if state is not None:
        statement = statement.where(_in_state(state, last_version_id(session)))
    if code is not None:
        changing = sa.select(ProposalBaseRow.proposal_id).where(ProposalBaseRow.code == code)
        statement = statement.where(ProposalRow.id.in_(changing))
    if is_own:
        statement = statement.where(ProposalRow.author == actor.identity)
    return session.scalars(statement).all()


def _in_state(state: State, last_version: int) -> sa.ColumnElement[bool]:
    if state is State.PUBLISHED:
        return ProposalRow.accepted_after < last_version
    stored = ProposalRow.state == state.value
    return sa.and_(stored, ProposalRow.accepted_after >= last_version) if state is State.ACCEPTED else stored


def list_accepted(session: orm.Session) -> Sequence[ProposalRow]:
    """Those that the draft contains and no version yet, in the order of their acceptance."""
    is_waiting = _in_state(State.ACCEPTED, last_version_id(session))
    return session.scalars(
        sa.select(ProposalRow).where(is_waiting).order_by(ProposalRow.decided_at, ProposalRow.id)
    ).all()


def list_accepted_codes(session: orm.Session) -> set[str]:
    """The concepts that accepted proposals have changed in the draft, and no version yet."""
    waiting = sa.select(ProposalRow.id).where(_in_state(State.ACCEPTED, last_version_id(session)))
    return set(session.scalars(sa.select(ProposalBaseRow.code).where(ProposalBaseRow.proposal_id.in_(waiting))))


def list_published_in(session: orm.Session, version_id: int) -> Sequence[ProposalRow]:
    """Those that a version was the first to contain, in the order of their acceptance."""
    contained = ProposalRow.accepted_after == version_id - 1
    return session.scalars(
        sa.select(ProposalRow).where(contained).order_by(ProposalRow.decided_at, ProposalRow.id)
    ).all()


def surroundings(session: orm.Session, rows: Sequence[ProposalRow | ProposalCommentRow]) -> Surroundings:
    ids = {row.organisation_id for row in rows if row.organisation_id is not None}
    needs_versions = any(isinstance(row, ProposalRow) and row.accepted_after is not None for row in rows)
    versions = list_versions(session) if needs_versions else []
    return Surroundings(codes_of_organisations(session, ids), {v.id: str(v.number) for v in versions})


def get_content(session: orm.Session, proposal: ProposalRow) -> Content:
    changes = sa.select(ProposalChangeRow).where(ProposalChangeRow.proposal_id == proposal.id)
    bases = sa.select(ProposalBaseRow.code, ProposalBaseRow.content).where(ProposalBaseRow.proposal_id == proposal.id)
    return Content(
        {
            row.number: from_document(json.loads(row.content))
            for row in session.scalars(changes.order_by(ProposalChangeRow.number))
        },
        {code: from_canonical(content) if content else None for code, content in session.execute(bases)},
    )


def highest_number(session: orm.Session, letter: str) -> int:
    """The highest number of a code of this letter in any proposal; 0 when there is none."""
    codes = session.scalars(sa.select(ProposalBaseRow.code).where(ProposalBaseRow.code.startswith(letter)))
    return max((int(code[1:]) for code in codes), default=0)


# -- comments ----------------------------------------------------------------------------------------------------------


def list_comments(
    session: orm.Session, proposal: ProposalRow, after: int | None = None, limit: int | None = None
) -> Sequence[tuple[ProposalCommentRow, str | None]]:
    """Comments, oldest first, each with the id of the one that it answers; one more than ``limit``."""
    answered = orm.aliased(ProposalCommentRow)
    statement = (
        sa.select(ProposalCommentRow, answered.uuid)
        .outerjoin(answered, answered.id == ProposalCommentRow.reply_to_id)
        .where(ProposalCommentRow.proposal_id == proposal.id)
        .order_by(ProposalCommentRow.id)
    )
    if after is not None:
        statement = statement.where(ProposalCommentRow.id > after)
    if limit is not None:
        statement = statement.limit(limit + 1)
    return [(row, uuid) for row, uuid in session.execute(statement)]


def get_comment(session: orm.Session, proposal: ProposalRow, uuid: str) -> ProposalCommentRow:
    """Raises NotFound, also for a comment on another proposal."""
    found = sa.select(ProposalCommentRow).where(
        ProposalCommentRow.proposal_id == proposal.id, ProposalCommentRow.uuid == uuid
    )
    row = session.scalar(found) if fault_of(uuid) is None else None
    if row is None:
        raise NotFound(f'There is no comment "{printable(uuid)}" on this proposal.')
    return row
