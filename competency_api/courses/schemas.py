"""What is asked and answered about providers, courses and mappings."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.core.http import PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, ByLanguage, Choice, CommaList, Date, Integer, Language, SafeString
from competency_api.core.languages import LONGEST_TAG
from competency_api.courses import values
from competency_api.courses.entry import CURRENCY_PATTERN, URL_PATTERN
from competency_api.courses.values import MappingRelation, Modality, Visibility

_MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}
_MODALITIES = [modality.value for modality in Modality]
_RELATIONS = [relation.value for relation in MappingRelation]
_SPAN = r"^(title|description)@[A-Za-z0-9-]{2,35}:(0|[1-9][0-9]{0,5})-[1-9][0-9]{0,5}$"
LONGEST_CONCEPT = 500


def _path(name: str, description: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    return {"in": "path", "name": name, "description": description, "schema": schema, "example": example}


PROVIDER_PARAMETER = _path("provider", "Code of the organisation that the courses are of.", "gov-city")
COURSE_PARAMETER = _path("external_id", "The provider's own id of the course; slashes may stand as they are.", "SC-101")
PUBLIC_PARAMETER = _path("id", "`id` of the course.", "5f0c1a52-3c57-4f0e-9d3b-0a4c9d1f7e21")
CODE_PARAMETER = _path("code", "Code of the concept.", "C017")


class Amount(ma.fields.Float):
    """A number that is kept in hundredths, from 0 to ``most``; bounds are described, more digits are rounded."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(allow_nan=False, validate=ma.validate.Range(0, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ma.ValidationError("It must be a number.")
        return float(value)


def _tag() -> SafeString:
    """Which subtags there are is looked at with the course."""
    pattern = "^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*$"
    right = ma.validate.Regexp(pattern, error='It must be a language tag such as "es" or "pt-BR".')
    return SafeString(least=1, most=LONGEST_TAG, validate=right, metadata={"pattern": pattern, "examples": ["es"]})


def _texts(description: str, most: int, *, required: bool = False) -> ByLanguage:
    about = {"description": description, "examples": [{"en": "…"}]} | ({"minProperties": 1} if required else {})
    return ByLanguage(SafeString(least=1, most=most, multiline=True), required=required, metadata=about)


def _hours(description: str) -> Amount:
    return Amount(most=values.MOST_HOURS, allow_none=True, metadata={"description": description})


class RunSchema(Schema):
    starts = Date(required=True)
    ends = Date(allow_none=True)


class PriceSchema(Schema):
    amount = Amount(most=10_000_000, required=True, metadata={"description": "0 is free of charge"})
    currency = SafeString(
        least=3,
        most=3,
        required=True,
        validate=ma.validate.Regexp(CURRENCY_PATTERN, error="It must be a code of ISO 4217, such as EUR."),
        metadata={"pattern": CURRENCY_PATTERN, "examples": ["EUR"]},
    )


class CourseWriteSchema(Schema):
    title = _texts("by language", values.LONGEST_TITLE, required=True)
    description = _texts("by language", values.LONGEST_TEXT)
    url = SafeString(
        most=values.LONGEST_URL,
        allow_none=True,
        validate=ma.validate.Regexp(URL_PATTERN, error="It must begin with https:// or http://."),
        metadata={"pattern": URL_PATTERN, "description": "page about the course"},
    )
    visibility = Choice([each.value for each in Visibility], metadata={"description": "`private`: only for yourselves"})
    modality = Choice(_MODALITIES, allow_none=True)
    hands_on = Integer(most=100, allow_none=True, metadata={"description": "share of hands-on work, in percent"})
    hours = _hours("length of the course")
    languages = ma.fields.List(
        _tag(),
        validate=ma.validate.Length(0, values.MOST_LANGUAGES),
        metadata={"description": "languages that it is held in"},
    )
    population = _texts("whom it is for, by language", values.LONGEST_TEXT)
    price = ma.fields.Nested(PriceSchema, allow_none=True)
    dates = ma.fields.List(
        ma.fields.Nested(RunSchema),
        validate=ma.validate.Length(0, values.MOST_RUNS),
        metadata={"description": "when it is held"},
    )


class MappingWriteSchema(Schema):
    concept = SafeString(
        least=1,
        most=LONGEST_CONCEPT,
        required=True,
        metadata={"description": "code, former code, or the URI of an aligned concept", "examples": ["C017"]},
    )
    relation = Choice(_RELATIONS, required=True)
    level = Integer(least=1, most=4, allow_none=True, metadata={"description": "of a competency, up to which it leads"})
    hours = _hours("hours of the course spent on it")
    evidence = SafeString(
        most=values.LONGEST_EVIDENCE, multiline=True, allow_none=True, metadata={"description": "why, in words"}
    )
    evidence_span = SafeString(
        most=60,
        allow_none=True,
        validate=ma.validate.Regexp(_SPAN, error="It must be like description@en:120-158."),
        metadata={"pattern": _SPAN, "description": "characters of a text of the course that say so, from 0"},
    )
    version = SafeString(
        least=1,
        most=40,
        load_default="latest",
        metadata={"description": "version that it is as of, kept as its exact number", "examples": ["2.0.0"]},
    )


class MappingsWriteSchema(Schema):
    items = ma.fields.List(
        ma.fields.Nested(MappingWriteSchema), required=True, validate=ma.validate.Length(0, values.MOST_MAPPINGS)
    )


class SettingsWriteSchema(Schema):
    automatic_migration = Boolean(
        required=True,
        metadata={"description": "whether mappings that need no person move to a new version when it is published"},
    )


class CatalogueQuerySchema(PageQuerySchema):
    """Several values of one filter are alternatives."""

    relation = CommaList(Choice(_RELATIONS), metadata={"description": "what the courses have to do with the concept"})
    level = CommaList(Integer(least=1, most=4), metadata={"description": "levels of the mapping"})
    language = CommaList(Language(), metadata={"description": "languages that they are held in"})
    modality = CommaList(Choice(_MODALITIES), metadata={"description": "ways of holding them"})
    provider = SafeString(least=1, most=60, metadata={"description": "code of the provider"})
    hours_from = Integer(most=values.MOST_HOURS, metadata={"description": "at least so many hours"})
    hours_to = Integer(most=values.MOST_HOURS, metadata={"description": "at most so many hours"})


class CoursesQuerySchema(CatalogueQuerySchema):
    concept = SafeString(least=1, most=16, metadata={"description": "code of a concept that they are mapped to"})


class OwnCoursesQuerySchema(CoursesQuerySchema):
    visibility = Choice([each.value for each in Visibility], metadata={"description": "only those that are so"})

    class Meta(CoursesQuerySchema.Meta):
        exclude = ("provider",)


# -- answers -----------------------------------------------------------------------------------------------------------


def _text(description: str = "", *, optional: bool = False, **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, allow_none=optional, metadata={**described, **metadata})


def _by_language() -> ma.fields.Dict:
    return ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


def _number(description: str = "") -> ma.fields.Float:
    return ma.fields.Float(required=True, allow_none=True, metadata={"description": description} if description else {})


class ProviderNameSchema(ResponseSchema):
    code = _text()
    name = _text()


class ProviderSchema(ProviderNameSchema):
    automatic_migration = ma.fields.Boolean(required=True)
    changes = ma.fields.Integer(
        required=True, metadata={"description": "how often its courses or mappings changed so far"}
    )


class MappingSchema(ResponseSchema):
    concept = _text(examples=["C017"])
    uri = _text("the concept's permanent address")
    relation = _text(enum=_RELATIONS)
    level = ma.fields.Integer(required=True, allow_none=True)
    hours = _number()
    evidence = _text()
    evidence_span = _text("characters of a text of the course", optional=True, examples=["description@en:120-158"])
    version = _text("exact number of the version that it is as of", examples=["2.0.0"])
    since = _text(**_MOMENT)


class EndedMappingSchema(MappingSchema):
    until = _text(**_MOMENT)
    ending = _text(enum=[ending.value for ending in values.Ending])
    became = _text("the concept that it is of since it was migrated", optional=True)
    reason = _text("what the change was made by", enum=[reason.value for reason in values.Reason])
    actor = _text()


class ResolutionSchema(ResponseSchema):
    asked = _text()
    concept = _text(examples=["C017"])
    by = _text(enum=["former-code", "uri", "alignment"])
    match = _text("of the alignment", optional=True, examples=["exact"])


class MappingsSchema(ResponseSchema):
    items = ma.fields.List(ma.fields.Nested(MappingSchema), required=True)
    resolved = ma.fields.List(
        ma.fields.Nested(ResolutionSchema), metadata={"description": "what was named otherwise than by its code"}
    )


class PublicCourseSchema(ResponseSchema):
    id = _text("the course's public id")
    provider = ma.fields.Nested(ProviderNameSchema, required=True)
    external_id = _text("the provider's own id")
    title = _by_language()
    description = _by_language()
    url = _text(optional=True)
    visibility = _text(enum=[each.value for each in Visibility])
    modality = _text(optional=True, examples=_MODALITIES)
    hands_on = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "percent"})
    hours = _number()
    languages = ma.fields.List(ma.fields.String(), required=True)
    population = _by_language()
    price = ma.fields.Dict(required=True, allow_none=True, metadata={"examples": [{"amount": 120, "currency": "EUR"}]})
    dates = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "objects of `starts` and `ends`"})
    updated_at = _text(**_MOMENT)
    mappings = ma.fields.List(
        ma.fields.Nested(MappingSchema), metadata={"description": "of one course, or those that were asked for"}
    )


class CourseSchema(PublicCourseSchema):
    created_at = _text(**_MOMENT)
