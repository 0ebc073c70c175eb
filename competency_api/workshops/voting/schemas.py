"""What is asked and answered about participants and ballots."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema, Schema
from competency_api.core.http.fields import Choice, SafeString
from competency_api.workshops import values
from competency_api.workshops.schemas import MOMENT, by_language, text, whole
from competency_api.workshops.values import Group, State, TopicState

_GROUPS = [group.value for group in Group]
_CODE = {"description": "code of the table, as it is shown there", "examples": ["K7MXQ2"]}
_ROLE = {"description": "what you speak for; results are shown by it where there are five or more"}


class JoinSchema(Schema):
    code = SafeString(least=1, most=40, required=True, metadata=_CODE)
    role = Choice(_GROUPS, allow_none=True, metadata=_ROLE)


class SeatChangeSchema(Schema):
    code = SafeString(least=1, most=40, metadata=_CODE)
    role = Choice(_GROUPS, metadata=_ROLE)


class BallotWriteSchema(Schema):
    levels = ma.fields.List(
        ma.fields.List(
            SafeString(least=1, most=values.LONGEST_NAME), validate=ma.validate.Length(0, values.MOST_OPTIONS)
        ),
        required=True,
        validate=ma.validate.Length(0, values.MOST_OPTIONS),
        metadata={
            "description": "names of options from the best down; those on one level are tied, those on none come last",
            "examples": [[["C001"], ["C004", "C007"]]],
        },
    )


class SeatTableSchema(ResponseSchema):
    number = whole()
    name = text()


class SeatSchema(ResponseSchema):
    workshop = text("code of the workshop")
    title = by_language()
    table = ma.fields.Nested(SeatTableSchema, required=True)
    role = text(optional=True, enum=[*_GROUPS, None])


class JoinedSchema(SeatSchema):
    token = text("to be sent as `Participant-Token`; in this answer only")


class OwnTopicSchema(ResponseSchema):
    name = text()
    state = text(enum=[state.value for state in TopicState])
    closes_at = text("when it closes by itself", optional=True, **MOMENT)
    levels = ma.fields.Raw(required=True, allow_none=True, metadata={"description": "your ballot, if you cast one"})


class MeInRoomSchema(SeatSchema):
    state = text(enum=[state.value for state in State])
    activity = whole()
    topics = ma.fields.List(ma.fields.Nested(OwnTopicSchema), required=True)


class BallotSchema(ResponseSchema):
    topic = text()
    table = whole("table at which it counts")
    levels = ma.fields.List(ma.fields.List(ma.fields.String()), required=True)
    casts = whole("how often it was cast")


class TableCountSchema(ResponseSchema):
    table = whole()
    participants = whole()
    ballots = whole()


class BallotCountsSchema(ResponseSchema):
    participants = whole("who sits in the workshop now")
    ballots = whole()
    tables = ma.fields.List(ma.fields.Nested(TableCountSchema), required=True)
