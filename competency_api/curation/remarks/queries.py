"""Reads of comments on concepts. Whoever may propose sees all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import codes_of_organisations
from competency_api.core import clock
from competency_api.core.text import fault_of
from competency_api.curation.models import ConceptCommentRow

#: More are at the comments' own address.
_SHOWN = 50


def list_comments(session: orm.Session, code: str, after: int | None, limit: int) -> Sequence[ConceptCommentRow]:
    """The oldest first, one more than ``limit`` behind the id ``after``."""
    if fault_of(code) is not None:  # PostgreSQL refuses to look for texts that it would not store
        return ()
    statement = sa.select(ConceptCommentRow).where(ConceptCommentRow.code == code, ConceptCommentRow.id > (after or 0))
    return session.scalars(statement.order_by(ConceptCommentRow.id).limit(limit + 1)).all()


def newest(session: orm.Session, code: str) -> list[dict[str, Any]]:
    """What was said of the concept last, the newest first, as a page shows it."""
    statement = sa.select(ConceptCommentRow).where(ConceptCommentRow.code == code)
    return documents(session, session.scalars(statement.order_by(ConceptCommentRow.id.desc()).limit(_SHOWN)).all())


def documents(session: orm.Session, rows: Sequence[ConceptCommentRow]) -> list[dict[str, Any]]:
    """The comments as they are answered."""
    codes = codes_of_organisations(session, (row.organisation_id for row in rows if row.organisation_id is not None))
    return [
        {
            "id": row.uuid,
            "concept": row.code,
            "text": row.text,
            "author": row.author_name,
            "organisation": codes.get(row.organisation_id or 0),
            "created_at": clock.iso(row.created_at),
        }
        for row in rows
    ]
