"""What is asked and answered about events."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import PageQuerySchema, ResponseSchema, page_schema
from competency_api.core.http.fields import CommaList, SafeString
from competency_api.events.values import LONGEST_SUBJECT, LONGEST_TYPE, TYPE_PATTERN

MOST_TYPES = 20


def type_field() -> SafeString:
    """The name of a type of events, known or still to come."""
    return SafeString(
        least=1,
        most=LONGEST_TYPE,
        validate=ma.validate.Regexp(TYPE_PATTERN, error="It must be like version.published."),
        metadata={"pattern": TYPE_PATTERN, "examples": ["version.published"]},
    )


class EventsQuerySchema(PageQuerySchema):
    type = CommaList(type_field(), most=MOST_TYPES, metadata={"description": "Only these types, separated by commas."})
    subject = SafeString(
        least=1,
        most=LONGEST_SUBJECT,
        metadata={"description": "Only what happened to it.", "examples": ["version/2.0.0"]},
    )


class EventSchema(ResponseSchema):
    id = ma.fields.String(required=True, metadata={"description": "the same wherever the event arrives"})
    type = ma.fields.String(required=True, metadata={"examples": ["version.published"]})
    subject = ma.fields.String(required=True, metadata={"description": "to what", "examples": ["version/2.0.0"]})
    timestamp = ma.fields.String(required=True, metadata={"format": "date-time"})
    data = ma.fields.Dict(required=True, metadata={"description": "what is specific to the type"})


class OwnEventSchema(EventSchema):
    actor = ma.fields.String(required=True, metadata={"description": "who did it, by their name then"})
    touches = ma.fields.Dict(metadata={"description": "what it means for the organisation of the key"})


_RESUME = {"description": "`cursor` with which to ask later for what happened since; null while nothing ever did"}


class EventPageSchema(page_schema(EventSchema)):  # type: ignore[misc]  # the base is made by a function
    resume = ma.fields.String(required=True, allow_none=True, metadata=_RESUME)


class OwnEventPageSchema(page_schema(OwnEventSchema)):  # type: ignore[misc]  # the same
    resume = ma.fields.String(required=True, allow_none=True, metadata=_RESUME)
