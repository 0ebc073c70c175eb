"""What is asked and answered about needs."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Language, SafeString
from competency_api.workshops import values
from competency_api.workshops.schemas import path_parameter, whole
from competency_api.workshops.schemas import text as said
from competency_api.workshops.values import NeedState

NEED_PARAMETER = path_parameter("need", "`id` of the need.", "5f0c1a52-3c57-4f0e-9d3b-0a4c9d1f7e21")


class NeedCreateSchema(Schema):
    text = SafeString(
        least=1,
        most=values.LONGEST_NEED,
        required=True,
        metadata={"description": "what is missing, as plain text", "examples": ["Talking to citizens about sensors"]},
    )
    language = Language(load_default="en", metadata={"description": "language that it is in"})


class MergingSchema(Schema):
    """One of them."""

    option = SafeString(least=1, most=values.LONGEST_NAME, metadata={"description": "name of an option of the topic"})
    concept = SafeString(
        least=1, most=16, metadata={"description": "code of a concept, which becomes an option if it is none yet"}
    )


class ReleaseSchema(Schema):
    everyone = Boolean(load_default=False, metadata={"description": "to all tables, which is for organisers to say"})


class SuggestedConceptSchema(ResponseSchema):
    code = said(examples=["C017"])
    label = said()
    score = ma.fields.Float(required=True)


class NeedSchema(ResponseSchema):
    id = said()
    text = said("as it was typed: plain text, whatever it looks like")
    language = said()
    table = whole("table at which it was typed")
    state = said(enum=[state.value for state in NeedState])
    option = said("the option that it was merged with or became", optional=True)
    suggestions = ma.fields.List(
        ma.fields.Nested(SuggestedConceptSchema),
        metadata={"description": "concepts that it may be, for who decides on it, while it waits"},
    )


class NeedsSchema(ResponseSchema):
    items = ma.fields.List(ma.fields.Nested(NeedSchema), required=True)
