"""What is asked and answered about the outcome of a workshop."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.core.http import LanguageQuerySchema, PageQuerySchema, QuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Choice, Integer, SafeString
from competency_api.taxonomy.kinds import CITY_SIZES, KINDS
from competency_api.workshops import schemas as wire
from competency_api.workshops import values
from competency_api.workshops.outcome.planning import ADD, COMMENT, PROFILE
from competency_api.workshops.outcome.tables import COLUMNS, STANDINGS

FORMATS = ("csv", "xlsx", "json")
FORMAT_PARAMETER = wire.path_parameter("name", f"Name of the format: {', '.join(FORMATS)}.", "csv", enum=list(FORMATS))
CODE_PARAMETER = wire.path_parameter("code", "Code of the concept.", "C017")
_MOST_LISTED = 100
_KINDS = [kind for kind in KINDS if kind != "profile"]


def _about(meaning: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": meaning, **more}}


class ReportQuerySchema(LanguageQuerySchema):
    matrices = Boolean(
        load_default=False, **_about("whether `matrix` and `paths` are in its results, which would be most of it")
    )


class ExportQuerySchema(LanguageQuerySchema):
    table = Choice(list(COLUMNS), load_default=STANDINGS, **_about("which table, as CSV; the other formats hold all"))


class DryRunQuerySchema(QuerySchema):
    dry_run = Boolean(load_default=False, **_about("show what would be made, and write nothing"))


class ProfileWantedSchema(Schema):
    labels = wire.texts("name of the profile", values.LONGEST_TITLE, required=True)
    definition = wire.texts("whom it describes", values.LONGEST_TEXT)
    city_sizes = ma.fields.List(Choice(CITY_SIZES), validate=ma.validate.Length(0, len(CITY_SIZES)))
    most = Integer(least=1, most=values.MOST_OPTIONS, **_about("at most the first so many competencies"))


class OutcomeWantedSchema(Schema):
    topic = SafeString(least=1, most=values.LONGEST_NAME, required=True, **_about("name of the topic"))
    options = ma.fields.List(
        SafeString(least=1, most=values.LONGEST_NAME),
        validate=ma.validate.Length(0, values.MOST_OPTIONS),
        **_about("of exactly these options; else of those that came high or low"),
    )
    top = Integer(least=0, most=_MOST_LISTED, load_default=3, **_about("so many places are high"))
    bottom = Integer(least=0, most=_MOST_LISTED, load_default=3, **_about("so many places are low"))
    kind = Choice(_KINDS, load_default="competency", **_about("what needs are to become"))
    profile = ma.fields.Nested(ProfileWantedSchema, **_about("a profile to propose from the order of competencies"))


# -- answers -----------------------------------------------------------------------------------------------------------


class MadeSchema(ResponseSchema):
    kind = wire.text("`add`: a need as a new concept; `comment`: on a concept; `profile`", enum=[ADD, COMMENT, PROFILE])
    option = wire.text("of which it came; null for a profile", optional=True, examples=["C017"])
    concept = wire.text("the concept that is commented on", optional=True, examples=["C017"])
    title = wire.text("of the proposal", optional=True)
    text = wire.text("rationale or comment")
    change = ma.fields.Dict(
        required=True, allow_none=True, metadata={"description": "the concept that is proposed, where one is"}
    )
    id = wire.text("of the proposal or the comment; null while it is not made", optional=True)
    link = wire.text("where it is", optional=True)
    is_new = ma.fields.Boolean(
        required=True, metadata={"description": "whether it is made by this request, and not by one before"}
    )


class OutcomesSchema(ResponseSchema):
    workshop = wire.text(examples=["valencia-2018"])
    topic = wire.text(examples=["contents"])
    dry_run = ma.fields.Boolean(required=True)
    items = ma.fields.List(ma.fields.Nested(MadeSchema), required=True)


class OutcomeSchema(ResponseSchema):
    topic = wire.text()
    kind = wire.text(enum=[ADD, COMMENT, PROFILE])
    option = wire.text(optional=True)
    id = wire.text("of the proposal or the comment")


class ReportSchema(ResponseSchema):
    """Texts are by language, or with `lang` objects of `text`, `lang` and `fallback`."""

    workshop = ma.fields.Dict(required=True, metadata={"description": "as `/workshops/{workshop}` tells it"})
    provisional = ma.fields.Boolean(
        required=True, metadata={"description": "whether ballots may still come: then all figures may change"}
    )
    rounds = ma.fields.List(ma.fields.Dict(), required=True)
    tables = ma.fields.List(ma.fields.Dict(), required=True)
    topics = ma.fields.List(
        ma.fields.Dict(),
        required=True,
        metadata={"description": "results, as `/workshops/{workshop}/results` has them"},
    )
    conclusions = ma.fields.Dict(
        required=True, metadata={"description": "as `/workshops/{workshop}/conclusions` tells them"}
    )
    outcomes = ma.fields.List(
        ma.fields.Nested(OutcomeSchema), required=True, metadata={"description": "proposals and comments made of it"}
    )


class StandingsQuerySchema(PageQuerySchema):
    """A page of the list."""


class ConceptStandingSchema(ResponseSchema):
    workshop = wire.text(examples=["valencia-2018"])
    title = wire.by_language("of the workshop")
    place_name = wire.by_language("where it was held")
    starts_at = wire.text(**wire.MOMENT)
    topic = wire.text("in which it was ranked", examples=["contents"])
    question = wire.by_language("that was asked")
    place = wire.whole("of the concept: 1 is the highest; tied ones share one")
    of = wire.whole("options of the topic")
    ballots = wire.whole("that say something")
    share = ma.fields.Float(
        required=True, metadata={"description": "Borda points, as a share of the most that one option can have"}
    )
