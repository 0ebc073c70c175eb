"""Reads of conclusions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.errors import NotFound
from competency_api.workshops.models import ConclusionRow, WorkshopRow
from competency_api.workshops.outcome.conclusions.sealing import Statement

#: All versions of one text, the oldest first.
Chain = Sequence[ConclusionRow]
#: What the plenary's report is called among the subjects; a table's on a topic is ``<topic>/<table>``.
REPORT = "report"


def subject_of(topic: str, table: int) -> str:
    """What the versions of a table's conclusion on a topic have in common."""
    return f"{topic}/{table}"


def list_conclusions(session: orm.Session, workshop: WorkshopRow) -> Mapping[str, Chain]:
    """Every version of every text, by subject."""
    rows = session.scalars(
        sa.select(ConclusionRow).where(ConclusionRow.workshop_id == workshop.id).order_by(ConclusionRow.number)
    )
    found: dict[str, list[ConclusionRow]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return found


def chain_of(session: orm.Session, workshop: WorkshopRow, subject: str) -> Chain:
    """Every version of one text; none where nothing was concluded."""
    statement = sa.select(ConclusionRow).where(
        ConclusionRow.workshop_id == workshop.id, ConclusionRow.subject == subject
    )
    return session.scalars(statement.order_by(ConclusionRow.number)).all()


def get_chain(session: orm.Session, workshop: WorkshopRow, subject: str) -> Chain:
    """The same. Raises NotFound where nothing was concluded."""
    chain = chain_of(session, workshop, subject)
    if not chain:
        raise NotFound("Nothing is concluded here yet.")
    return chain


def statement_of(row: ConclusionRow, workshop: WorkshopRow, before: str) -> Statement:
    """What was sealed, from what is stored; ``before`` is the digest of the version before."""
    return Statement(
        workshop=workshop.uuid,
        subject=row.subject,
        number=row.number,
        text=json.loads(row.text),
        signed_by=row.signed_by,
        signer=row.signer_name,
        signed_at=clock.iso(row.signed_at),
        before=before,
    )
