"""What is asked and answered about rounds and tables."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema, Schema
from competency_api.core.http.fields import Integer, SafeString
from competency_api.workshops import values
from competency_api.workshops.schemas import MOMENT, NUMBER, by_language, path_parameter, text, texts, whole

ROUND_PARAMETER = path_parameter("number", "Number of the round.", 1, **{**NUMBER, "maximum": values.MOST_ROUNDS})
TABLE_PARAMETER = path_parameter("number", "Number of the table.", 1, **{**NUMBER, "maximum": values.MOST_TABLES})
for _parameter in (ROUND_PARAMETER, TABLE_PARAMETER):
    _parameter["schema"].pop("minLength")


class RoundWriteSchema(Schema):
    title = texts("what it is about")
    minutes = Integer(least=1, most=values.LONGEST_TIMER, allow_none=True, metadata={"description": "how long it is"})


class TableChangeSchema(Schema):
    """Only the members that are sent change."""

    name = SafeString(least=1, most=values.LONGEST_TITLE)
    challenge = SafeString(
        least=1, most=16, allow_none=True, metadata={"description": "code of the challenge that it debates"}
    )
    facilitator = SafeString(
        most=values.LONGEST_TITLE, allow_none=True, metadata={"description": "name of whoever facilitates, as shown"}
    )
    facilitated_by = SafeString(
        least=1, most=36, allow_none=True, metadata={"description": "id of the person who facilitates with their key"}
    )


class TableCreateSchema(TableChangeSchema):
    number = Integer(least=1, most=values.MOST_TABLES, metadata={"description": "by default the next one"})


class RoundSchema(ResponseSchema):
    number = whole()
    title = by_language()
    minutes = whole(optional=True)


class RoundsSchema(ResponseSchema):
    items = ma.fields.List(ma.fields.Nested(RoundSchema), required=True)


class ChallengeSchema(ResponseSchema):
    code = text(examples=["X001"])
    texts = by_language("its label")
    question = ma.fields.Dict(metadata={"description": "by language"})


class TableSchema(ResponseSchema):
    number = whole()
    name = text()
    challenge = ma.fields.Nested(ChallengeSchema, required=True, allow_none=True)
    facilitator = text("name of whoever facilitates", optional=True)
    participants = whole("who sits at it now")
    join_code = ma.fields.String(metadata={"description": "what participants type; for who runs the table"})
    facilitated_by = ma.fields.String(
        allow_none=True, metadata={"description": "`person/<id>` or `key/<id>`; for who runs the table"}
    )


class TablesSchema(ResponseSchema):
    items = ma.fields.List(ma.fields.Nested(TableSchema), required=True)


class TableKeySchema(ResponseSchema):
    id = text()
    name = text()
    prefix = text()
    scopes = ma.fields.List(ma.fields.String(), required=True)
    expires_at = text(**MOMENT)
    secret = text("the key itself, in this answer only")
