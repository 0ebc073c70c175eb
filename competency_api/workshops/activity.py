"""The counter that whoever shows results asks by, and the lock of a workshop.

Everything that changes what is shown of a workshop raises the counter first. That locks the workshop's row until the
end of the transaction, so that a ballot and the closing of its topic come one after the other on both databases, and no
ballot is counted that was not there when the topic was closed.
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.workshops.models import TopicRow, WorkshopRow

# the tables and not the classes: this is no change of what people edit, whose revision stays
_WORKSHOP = cast(sa.Table, WorkshopRow.__table__)
_TOPIC = cast(sa.Table, TopicRow.__table__)


def raise_activity(session: orm.Session, workshop_id: int, *topic_ids: int) -> int:
    """Count one change of a workshop and of these topics, and hold the workshop's lock. Rows read before are old."""
    session.flush()
    statement = sa.update(_WORKSHOP).where(_WORKSHOP.c.id == workshop_id)
    raised = statement.values(activity=_WORKSHOP.c.activity + 1).returning(_WORKSHOP.c.activity)
    activity = session.execute(raised).scalar_one()
    for topic_id in sorted(topic_ids):
        session.execute(sa.update(_TOPIC).where(_TOPIC.c.id == topic_id).values(activity=activity))
    return int(activity)
