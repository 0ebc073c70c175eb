"""From a result to proposals and comments, in one step that can be repeated: what was made is not made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.core.errors import Conflict
from competency_api.curation.authoring.editing import create_proposal
from competency_api.curation.authoring.revisions import ReadDraft
from competency_api.curation.presentation import BASE as PROPOSALS
from competency_api.curation.remarks.service import BASE as COMMENTS
from competency_api.curation.remarks.service import comment_on_concept
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import OutcomeRow, TopicRow, WorkshopRow
from competency_api.workshops.outcome.planning import COMMENT, Planned, RankedTopic, Wanted, planned
from competency_api.workshops.outcome.wording import Room
from competency_api.workshops.service import subject_of
from competency_api.workshops.values import State

DONE = (State.CLOSED, State.REPORTED)
#: :func:`rehearse` or :func:`propose`.
Step = Callable[..., "list[Made]"]


@dataclass(frozen=True)
class Made:
    """A step with what it made: the id of a proposal or a comment; None where it was only planned."""

    step: Planned
    id: str | None
    is_new: bool


def rehearse(
    session: orm.Session, actor: Actor, workshop: WorkshopRow, topic: TopicRow, about: tuple[Room, RankedTopic],
    wanted: Wanted, draft: ReadDraft,
) -> list[Made]:  # fmt: skip
    """What :func:`propose` would make, without writing. Raises as that."""
    require_scope(actor, Scope.PROPOSE)
    _require_done(workshop)
    known = _known(session, topic)
    steps = planned(*about, wanted, draft(session))
    return [Made(step, known.get((step.kind, step.option)), (step.kind, step.option) not in known) for step in steps]


def propose(
    session: orm.Session, actor: Actor, workshop: WorkshopRow, topic: TopicRow, about: tuple[Room, RankedTopic],
    wanted: Wanted, draft: ReadDraft,
) -> list[Made]:  # fmt: skip
    """Make proposals (as drafts of the actor's organisation) and comments of what a topic came to.

    Raises Forbidden without the scope ``propose``, Conflict before the workshop is closed and for too few ballots, and
    InvalidInput.
    """
    raise_activity(session, workshop.id)
    rehearsed = rehearse(session, actor, workshop, topic, about, wanted, draft)
    made = [
        Made(found.step, _make(session, actor, topic, found.step, draft), True) if found.is_new else found
        for found in rehearsed
    ]
    if any(found.is_new for found in made):
        new = [found.id for found in made if found.is_new]
        audit(
            session,
            actor,
            "workshop.proposed",
            subject_of(workshop),
            workshop.organisation_id,
            topic=topic.name,
            made=new,
        )
    return made


def _require_done(workshop: WorkshopRow) -> None:
    if workshop.state not in DONE:
        raise Conflict(f"The workshop is {workshop.state}: its result is provisional; propose when it is closed.")


def _known(session: orm.Session, topic: TopicRow) -> Mapping[tuple[str, str], str]:
    rows = session.scalars(sa.select(OutcomeRow).where(OutcomeRow.topic_id == topic.id))
    return {(row.kind, row.option): row.made for row in rows}


def _make(session: orm.Session, actor: Actor, topic: TopicRow, step: Planned, draft: ReadDraft) -> str:
    if step.kind == COMMENT and step.code is not None:
        made = comment_on_concept(session, actor, step.code, step.text).uuid
    else:
        changes: Sequence[Any] = [{"type": "add", "concept": step.concept}]
        made = create_proposal(session, actor, title=step.title, rationale=step.text, changes=changes, draft=draft).uuid
    session.add(OutcomeRow(topic_id=topic.id, option=step.option, kind=step.kind, made=made))
    session.flush()
    return made


def list_outcomes(session: orm.Session, workshop: WorkshopRow) -> list[dict[str, Any]]:
    """What was made of a workshop's topics so far."""
    statement = (
        sa.select(TopicRow.name, OutcomeRow)
        .join(OutcomeRow, OutcomeRow.topic_id == TopicRow.id)
        .where(TopicRow.workshop_id == workshop.id)
        .order_by(TopicRow.position, TopicRow.id, OutcomeRow.kind, OutcomeRow.option)
    )
    return [
        {"topic": name, "kind": row.kind, "option": row.option or None, "id": row.made}
        for name, row in session.execute(statement)
    ]


def made_document(made: Made) -> dict[str, Any]:
    """A step as it is answered."""
    step = made.step
    if made.id is None:
        link = None
    else:
        link = f"{COMMENTS}/{step.code}/comments" if step.kind == COMMENT else f"{PROPOSALS}/{made.id}"
    return {
        "kind": step.kind,
        "option": step.option or None,
        "concept": step.code,
        "title": step.title or None,
        "text": step.text,
        "change": step.concept,
        "id": made.id,
        "link": link,
        "is_new": made.is_new,
    }
