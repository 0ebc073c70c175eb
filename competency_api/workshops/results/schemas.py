"""What is asked and answered about results."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import QuerySchema, ResponseSchema
from competency_api.core.http.fields import Boolean
from competency_api.workshops.schemas import MOMENT, by_language, text, whole
from competency_api.workshops.topics.schemas import OptionSchema
from competency_api.workshops.values import State, TopicState


class ResultsQuerySchema(QuerySchema):
    matrices = Boolean(
        load_default=True, metadata={"description": "whether `matrix` and `paths` are in it, which are most of it"}
    )


def _share(description: str, *, optional: bool = False) -> ma.fields.Float:
    return ma.fields.Float(required=True, allow_none=optional, metadata={"description": description})


class FirmnessSchema(ResponseSchema):
    held = _share("share of the resamples in which it has this place")
    best = whole("in nine of ten resamples its place is from this one")
    worst = whole("to this one")


class StandingSchema(ResponseSchema):
    option = text()
    place = whole("in Schulze's order; tied options have the same")
    borda = _share("Borda points: half a point for each tie")
    share = _share("of the points that everybody's first choice has")
    firmness = ma.fields.Nested(FirmnessSchema, required=True, allow_none=True)


class RankingSchema(ResponseSchema):
    ballots = whole("ballots that place any option above another")
    blank = whole("the others, which count nowhere else")
    agreement = _share("Kendall's W between the ballots, 0 to 1", optional=True)
    condorcet_winner = text("the option that wins against every other one", optional=True)
    standings = ma.fields.List(ma.fields.Nested(StandingSchema), required=True)
    options = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "in the order of rows and columns"}
    )
    matrix = ma.fields.List(
        ma.fields.List(ma.fields.Integer()),
        metadata={"description": "how many ballots place the option of the row above that of the column"},
    )
    paths = ma.fields.List(
        ma.fields.List(ma.fields.Integer()), metadata={"description": "strength of the strongest path"}
    )


class DisagreementSchema(ResponseSchema):
    a = text("number of a table")
    b = text("number of another")
    tau = _share("Kendall's tau-b of their orders, -1 to 1")


def _by_name(description: str) -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Nested(RankingSchema),
        required=True,
        metadata={"description": description},
    )


class TopicResultSchema(ResponseSchema):
    topic = text()
    question = by_language()
    state = text(enum=[state.value for state in TopicState])
    provisional = ma.fields.Boolean(required=True, metadata={"description": "whether it may still change"})
    counted_at = text(**MOMENT)
    activity = whole("the workshop's, when something of the topic last changed")
    options = ma.fields.List(ma.fields.Nested(OptionSchema), required=True)
    overall = ma.fields.Nested(RankingSchema, required=True)
    tables = _by_name("by number; with the options that only they have")
    groups = _by_name("by role")
    withheld = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "roles that too few have to be shown"}
    )
    agreement_of_tables = _share("Kendall's W between the orders of the tables", optional=True)
    disagreements = ma.fields.List(ma.fields.Nested(DisagreementSchema), required=True)


class ResultsSchema(ResponseSchema):
    workshop = text()
    state = text(enum=[state.value for state in State])
    provisional = ma.fields.Boolean(required=True)
    activity = whole()
    items = ma.fields.List(ma.fields.Nested(TopicResultSchema), required=True)
    hidden = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "topics whose results are not shown to you yet"}
    )
