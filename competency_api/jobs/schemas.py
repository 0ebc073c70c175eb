"""What is asked and answered about jobs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.core.http import PageQuerySchema, ResponseSchema
from competency_api.core.http.fields import Choice
from competency_api.jobs.values import State

_MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}
ID_PARAMETER = {
    "in": "path",
    "name": "id",
    "description": "`id` of the job",
    "schema": {"type": "string", "minLength": 1},
    "example": "5f0c1a52-3c57-4f0e-9d3b-0a4c9d1f7e21",
}


def _text(description: str = "", *, optional: bool = False, **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, allow_none=optional, metadata={**described, **metadata})


class JobsQuerySchema(PageQuerySchema):
    state = Choice([state.value for state in State], metadata={"description": "Only those in this state"})


class ProgressSchema(ResponseSchema):
    done = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "null: not known yet"})


class JobSchema(ResponseSchema):
    id = _text()
    kind = _text(examples=["courses.import"])
    state = _text(enum=[state.value for state in State])
    progress = ma.fields.Nested(ProgressSchema, required=True)
    result = ma.fields.Dict(
        required=True, allow_none=True, metadata={"description": "what a request at once would have answered"}
    )
    problem = ma.fields.Dict(
        required=True, allow_none=True, metadata={"description": "why it failed, as in a problem: `code`, `detail`, …"}
    )
    created_at = _text(**_MOMENT)
    started_at = _text(optional=True, **_MOMENT)
    finished_at = _text(optional=True, **_MOMENT)
