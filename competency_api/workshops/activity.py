"""The counter that whoever shows results asks by, and the lock of a workshop.

Everything that changes what is shown of a workshop raises the counter first. That locks the workshop's row until the
end of the transaction, so that a ballot and the closing of its topic come one after the other on both databases, and no
ballot is counted that was not there when the topic was closed.
"""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.workshops.models import TopicRow, WorkshopRow

# the tables and not the classes: this is no change of what people edit, whose revision stays
_WORKSHOP = cast(sa.Table, WorkshopRow.__table__)
_TOPIC = cast(sa.Table, TopicRow.__table__)
# made once: a room that votes asks them hundreds of times within seconds
_COUNTED = sa.update(_WORKSHOP).where(_WORKSHOP.c.id == sa.bindparam("row"))
_COUNTED = _COUNTED.values(activity=_WORKSHOP.c.activity + 1).returning(*_WORKSHOP.c)
_COUNTED_ON = sa.update(_TOPIC).where(_TOPIC.c.id == sa.bindparam("row"))
_COUNTED_ON = _COUNTED_ON.values(activity=sa.bindparam("counted")).returning(*_TOPIC.c)
_HELD: dict[Any, Any] = {
    model: sa.select(model).from_statement(statement).execution_options(populate_existing=True)
    for model, statement in ((WorkshopRow, _COUNTED), (TopicRow, _COUNTED_ON))
}


def raise_activity(session: orm.Session, workshop_id: int, *topic_ids: int) -> int:
    """Count one change of a workshop and of these topics, and hold the workshop's lock. Rows read before are old."""
    session.flush()
    statement = sa.update(_WORKSHOP).where(_WORKSHOP.c.id == workshop_id)
    raised = statement.values(activity=_WORKSHOP.c.activity + 1).returning(_WORKSHOP.c.activity)
    activity = session.execute(raised).scalar_one()
    for topic_id in sorted(topic_ids):
        session.execute(sa.update(_TOPIC).where(_TOPIC.c.id == topic_id).values(activity=activity))
    return int(activity)


def hold_workshop(session: orm.Session, workshop_id: int) -> WorkshopRow:
    """Count one change of a workshop, hold its lock, and give its row as it is under the lock: in one statement.

    For sessions that have read nothing of it before: what was read and is to be changed would seem to be new.
    """
    return cast(WorkshopRow, session.scalars(_HELD[WorkshopRow], {"row": workshop_id}).one())


def hold_topic(session: orm.Session, workshop_id: int, topic_id: int) -> tuple[WorkshopRow, TopicRow]:
    """The same of a workshop and one of its topics."""
    workshop = hold_workshop(session, workshop_id)
    values = {"row": topic_id, "counted": workshop.activity}
    return workshop, cast(TopicRow, session.scalars(_HELD[TopicRow], values).one())
