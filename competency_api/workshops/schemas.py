"""What is asked and answered about a workshop as a whole, and what its parts share."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.core.http import PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, ByLanguage, Choice, CommaList, Moment, SafeString
from competency_api.core.languages import LONGEST_TAG
from competency_api.workshops import values
from competency_api.workshops.access.permissions import Part
from competency_api.workshops.topics.templates import TEMPLATES
from competency_api.workshops.values import State, Verb

MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}
_STATES = [state.value for state in State]
_RIGHT_NAME = "It must be small letters, digits and single hyphens, like case-studies."


def path_parameter(name: str, description: str, example: Any, **schema: Any) -> dict[str, Any]:
    return {
        "in": "path",
        "name": name,
        "description": description,
        "schema": {"type": "string", "minLength": 1, **schema},
        "example": example,
    }


WORKSHOP_PARAMETER = path_parameter("workshop", "Code of the workshop.", "valencia-2018")
TOPIC_PARAMETER = path_parameter("topic", "Name of the topic.", "contents")
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}


def texts(description: str, most: int = values.LONGEST_TITLE, **options: Any) -> ByLanguage:
    """An object of texts by language."""
    about: dict[str, Any] = {"description": f"{description}, by language", "examples": [{"en": "…"}]}
    about |= {"minProperties": 1} if options.get("required") else {}
    return ByLanguage(SafeString(least=1, most=most, multiline=most > values.LONGEST_TITLE), metadata=about, **options)


def name_field(description: str, **options: Any) -> SafeString:
    """A name in addresses."""
    right = ma.validate.Regexp(values.NAME_PATTERN, error=_RIGHT_NAME)
    about = {"pattern": values.NAME_PATTERN, "description": description}
    return SafeString(least=1, most=values.LONGEST_NAME, validate=right, metadata=about, **options)


class AgendaItemSchema(Schema):
    at = Moment(allow_none=True)
    title = texts("what happens then", required=True)


class WorkshopChangeSchema(Schema):
    """Only the members that are sent change."""

    title = texts("title")
    purpose = texts("what it is for", values.LONGEST_TEXT)
    place = texts("where it is held")
    starts_at = Moment()
    ends_at = Moment()
    time_zone = SafeString(least=1, most=64, metadata={"description": "name of IANA", "examples": ["Europe/Madrid"]})
    agenda = ma.fields.List(ma.fields.Nested(AgendaItemSchema), validate=ma.validate.Length(0, values.MOST_AGENDA))
    languages = ma.fields.List(
        SafeString(least=1, most=LONGEST_TAG),
        validate=ma.validate.Length(0, 30),
        metadata={"description": "languages that it is held in, its own first; by default those of the title"},
    )


class WorkshopCreateSchema(WorkshopChangeSchema):
    code = name_field("its name in addresses; by default made from the title")
    title = texts("title", required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    time_zone = SafeString(
        least=1, most=64, required=True, metadata={"description": "name of IANA", "examples": ["Europe/Madrid"]}
    )
    version = SafeString(
        least=1,
        most=40,
        load_default="latest",
        metadata={"description": "version that its options come from, kept as its exact number", "examples": ["2.0.0"]},
    )
    template = Choice(TEMPLATES, metadata={"description": "topics to begin with"})
    organisation = SafeString(
        least=1, most=60, metadata={"description": "code of the organisation that holds it; by default the key's own"}
    )


class WorkshopsQuerySchema(PageQuerySchema):
    state = CommaList(Choice(_STATES), metadata={"description": "only those that are so"})
    own = Boolean(load_default=False, metadata={"description": "only those of the organisation whose key it is"})


# -- answers -----------------------------------------------------------------------------------------------------------


def text(description: str = "", *, optional: bool = False, **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, allow_none=optional, metadata={**described, **metadata})


def by_language(description: str = "") -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": description} if description else {},
    )


def whole(description: str = "", *, optional: bool = False) -> ma.fields.Integer:
    return ma.fields.Integer(
        required=True, allow_none=optional, metadata={"description": description} if description else {}
    )


class HolderSchema(ResponseSchema):
    code = text()
    name = text()


class AgendaEntrySchema(ResponseSchema):
    at = text(optional=True, **MOMENT)
    title = by_language()


class YouSchema(ResponseSchema):
    part = text("what whoever asks is in it", enum=[part.value for part in Part])
    tables = ma.fields.List(ma.fields.Integer(), required=True, metadata={"description": "tables that are theirs"})


class WorkshopSchema(ResponseSchema):
    code = text(examples=["valencia-2018"])
    id = text()
    title = by_language()
    purpose = by_language()
    place = by_language()
    organisation = ma.fields.Nested(HolderSchema, required=True, allow_none=True)
    starts_at = text(**MOMENT)
    ends_at = text(**MOMENT)
    time_zone = text(examples=["Europe/Madrid"])
    agenda = ma.fields.List(ma.fields.Nested(AgendaEntrySchema), required=True)
    languages = ma.fields.List(ma.fields.String(), required=True)
    version = text("exact number of the version that its options come from", examples=["2.0.0"])
    state = text(enum=_STATES)
    opened_at = text(optional=True, **MOMENT)
    closed_at = text(optional=True, **MOMENT)
    reported_at = text(optional=True, **MOMENT)
    activity = whole("grows with everything that changes in it")


class WorkshopSeenSchema(WorkshopSchema):
    you = ma.fields.Nested(YouSchema, required=True)
    next = ma.fields.List(
        ma.fields.String(metadata={"enum": [verb.value for verb in Verb]}),
        required=True,
        metadata={"description": "what an organiser may do to it next"},
    )
