"""What is asked and answered about topics and their options."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Integer, SafeString
from competency_api.workshops import values
from competency_api.workshops.schemas import MOMENT, by_language, name_field, path_parameter, text, texts, whole
from competency_api.workshops.values import TopicState

OPTION_PARAMETER = path_parameter("option", "Name of the option: a concept's code, or its own.", "C017")


class OptionWriteSchema(Schema):
    """Either a concept, or a name with texts."""

    concept = SafeString(least=1, most=16, metadata={"description": "code in the workshop's version"})
    name = name_field("what ballots call it; of concepts it is the code")
    texts = texts("what it says", values.LONGEST_LABEL)


class OptionsWriteSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(OptionWriteSchema), required=True, validate=ma.validate.Length(1, 200))


class TopicChangeSchema(Schema):
    """Only the members that are sent change."""

    question = texts("what is asked", values.LONGEST_TEXT)
    position = Integer(least=1, most=1000, metadata={"description": "its place among the topics"})
    round = Integer(least=1, most=values.MOST_ROUNDS, allow_none=True, metadata={"description": "number of its round"})
    takes_needs = Boolean(metadata={"description": "whether participants may type what they miss"})


class TopicCreateSchema(TopicChangeSchema):
    name = name_field("its name in addresses", required=True)
    question = texts("what is asked", values.LONGEST_TEXT, required=True)
    options = ma.fields.List(ma.fields.Nested(OptionWriteSchema), validate=ma.validate.Length(0, values.MOST_OPTIONS))
    filters = ma.fields.Dict(
        keys=SafeString(least=1, most=60),
        values=ma.fields.List(SafeString(least=1, most=200), validate=ma.validate.Length(1, 100)),
        metadata={
            "description": "which concepts are options, by the filters of `/versions/{version}/concepts`",
            "examples": [{"kind": ["competency"], "discipline": ["D001"]}],
        },
    )


class TopicOpeningSchema(Schema):
    minutes = Integer(
        least=1, most=values.LONGEST_TIMER, allow_none=True, metadata={"description": "after which it closes by itself"}
    )


class OptionSchema(ResponseSchema):
    name = text(examples=["C017"])
    concept = text("its code, where it is one", optional=True)
    texts = by_language()
    table = whole("the only table that ranks it", optional=True)


class OptionsSchema(ResponseSchema):
    items = ma.fields.List(ma.fields.Nested(OptionSchema), required=True)


class TopicSchema(ResponseSchema):
    name = text(examples=["contents"])
    position = whole()
    round = whole(optional=True)
    question = by_language()
    takes_needs = ma.fields.Boolean(required=True)
    filters = ma.fields.Dict(required=True)
    state = text(enum=[state.value for state in TopicState])
    closes_at = text("when it closes by itself", optional=True, **MOMENT)
    activity = whole("the workshop's activity when something of this topic last changed")
    options = ma.fields.List(
        ma.fields.Nested(OptionSchema), required=True, metadata={"description": "those of all, and of one's own table"}
    )


class TopicsSchema(ResponseSchema):
    items = ma.fields.List(ma.fields.Nested(TopicSchema), required=True)
