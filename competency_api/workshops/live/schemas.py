"""What an event of a stream is, as its fields are read."""

from __future__ import annotations

from competency_api.core.http import ResponseSchema
from competency_api.workshops.schemas import text


class StreamedSchema(ResponseSchema):
    id = text("the workshop's activity")
    event = text(enum=["state", "results"])
    data = text("an object in JSON")
