"""What is asked and answered when a workshop is set up."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import QuerySchema, ResponseSchema
from competency_api.core.http.fields import Boolean
from competency_api.workshops import values
from competency_api.workshops.schemas import WorkshopCreateSchema, WorkshopSeenSchema, whole
from competency_api.workshops.tables.schemas import RoundWriteSchema, TableCreateSchema
from competency_api.workshops.topics.schemas import TopicCreateSchema


class DryRunQuerySchema(QuerySchema):
    dry_run = Boolean(load_default=False, metadata={"description": "only tell what would be made"})


class WorkshopSetUpSchema(WorkshopCreateSchema):
    """A workshop, and if one likes at once what it is made of."""

    rounds = ma.fields.List(
        ma.fields.Nested(RoundWriteSchema),
        validate=ma.validate.Length(0, values.MOST_ROUNDS),
        metadata={"description": "numbered from 1 in this order"},
    )
    tables = ma.fields.List(
        ma.fields.Nested(TableCreateSchema),
        validate=ma.validate.Length(0, values.MOST_TABLES),
        metadata={"description": "each as `POST …/tables` takes it", "examples": [[{"challenge": "X001"}, {}]]},
    )
    topics = ma.fields.List(
        ma.fields.Nested(TopicCreateSchema),
        validate=ma.validate.Length(0, values.MOST_TOPICS),
        metadata={"description": "each as `POST …/topics` takes it, behind those of the template"},
    )


class WorkshopPartsSchema(ResponseSchema):
    """How many of each it has."""

    rounds = whole()
    tables = whole()
    topics = whole()
    options = whole("of all topics together")


class WorkshopMadeSchema(WorkshopSeenSchema):
    parts = ma.fields.Nested(WorkshopPartsSchema, required=True)
