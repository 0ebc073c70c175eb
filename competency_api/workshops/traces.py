"""What is done in a workshop by a key and is no command on a workshop or a table as a whole, in the audit trail.

Under the workshop's name, so that whoever asks for it reads its whole story; what it was done to is in the details.
Who typed a need or cast a ballot is nobody's to know and stands nowhere.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import orm

from competency_api.accounts.service import record
from competency_api.accounts.values import Actor
from competency_api.workshops.models import WorkshopRow
from competency_api.workshops.service import subject_of


def leave_trace(session: orm.Session, actor: Actor, workshop: WorkshopRow, action: str, **details: Any) -> None:
    """``action`` is ``noun.past-participle``; ``details`` are in JSON types."""
    record(session, actor, action, subject_of(workshop), workshop.organisation_id, **details)
