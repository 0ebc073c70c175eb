"""Concluding: a new version of a text, never a change of an old one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import orm

from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.errors import Conflict, PreconditionFailed, PreconditionRequired
from competency_api.core.ids import new_uuid
from competency_api.core.signatures import Signer
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.publishing.keys import sign
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import ConclusionRow, WorkshopRow
from competency_api.workshops.outcome.conclusions.queries import Chain, chain_of, statement_of
from competency_api.workshops.service import subject_of as about_workshop
from competency_api.workshops.values import State


def conclude(
    session: orm.Session,
    actor: Actor,
    workshop: WorkshopRow,
    subject: str,
    text: Mapping[str, str],
    expected: frozenset[int] | None,
    signer: Signer | None,
) -> Chain:
    """Write the next version of a text in the actor's name; the same text again makes none. All versions, oldest first.

    ``expected`` are the numbers of the version that the author saw, none for there being none yet. Whether the actor
    may, the caller knows. Raises Conflict before the workshop is open, PreconditionRequired and PreconditionFailed.
    """
    raise_activity(session, workshop.id)
    session.refresh(workshop)
    if workshop.state == State.DRAFT:
        raise Conflict("The workshop is not open yet: there is nothing to conclude.")
    chain = chain_of(session, workshop, subject)
    newest = chain[-1] if chain else None
    _require_seen(newest, expected)
    if newest is not None and json.loads(newest.text) == text:
        return chain
    row = _written(actor, workshop, subject, text, newest)
    statement = statement_of(row, workshop, newest.digest if newest else "")
    row.digest = statement.digest
    row.signature = sign(session, signer, statement.canonical) if signer else ""
    session.add(row)
    session.flush()
    _tell(session, actor, workshop, row)
    return [*chain, row]


def _require_seen(newest: ConclusionRow | None, expected: frozenset[int] | None) -> None:
    if newest is None and expected:
        raise PreconditionFailed("Nothing is concluded here yet: there is no such version.")
    if newest is None:
        return
    if expected is None:
        raise PreconditionRequired("Send the number of the version that you saw, its `ETag`, in `If-Match`.")
    if newest.number not in expected:
        raise PreconditionFailed(f"It was concluded anew meanwhile: read version {newest.number} before you write.")


def _written(
    actor: Actor, workshop: WorkshopRow, subject: str, text: Mapping[str, str], newest: ConclusionRow | None
) -> ConclusionRow:
    return ConclusionRow(
        uuid=new_uuid(),
        workshop_id=workshop.id,
        subject=subject,
        number=newest.number + 1 if newest else 1,
        text=json.dumps(text, ensure_ascii=False, sort_keys=True),
        signed_by=actor.key or actor.identity,
        signer_name=actor.name,
        signed_at=clock.now(),
    )


def _tell(session: orm.Session, actor: Actor, workshop: WorkshopRow, row: ConclusionRow) -> None:
    about = about_workshop(workshop)
    known = {"conclusion": row.subject, "number": row.number, "digest": row.digest}
    audit(session, actor, "conclusion.signed", about, workshop.organisation_id, **known)
    hidden = Audience.ADMINISTRATORS if workshop.organisation_id is None else Audience.ORGANISATION
    events.record(
        session,
        "conclusion.signed",
        about,
        actor.name,
        known,
        audience=hidden,
        organisation_id=workshop.organisation_id,
    )
