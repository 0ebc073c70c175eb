"""Commenting on concepts."""

from __future__ import annotations

from sqlalchemy import orm

from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.core import clock
from competency_api.core.ids import new_uuid
from competency_api.curation.models import ConceptCommentRow

#: A stored comment, as features above hand it on.
ConceptComment = ConceptCommentRow
LONGEST_COMMENT = 10_000
#: Below it each concept has its comments.
BASE = "/api/v1/draft/concepts"


def comment_on_concept(session: orm.Session, actor: Actor, code: str, text: str) -> ConceptCommentRow:
    """Say something of a concept that there is: whether there is, the caller knows. Raises Forbidden."""
    require_scope(actor, Scope.PROPOSE)
    row = ConceptCommentRow(
        uuid=new_uuid(),
        code=code,
        author=actor.identity,
        author_name=actor.name,
        organisation_id=actor.organisation_id,
        created_at=clock.now(),
        text=text,
    )
    session.add(row)
    session.flush()
    audit(session, actor, "concept.commented", f"concept/{code}", actor.organisation_id, comment=row.uuid)
    return row
