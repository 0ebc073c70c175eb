"""What is asked of suggestions, and what is answered."""

from __future__ import annotations

import re
from typing import Any, get_args

import marshmallow as ma

from competency_api.catalogue.schemas import EXACT, Spoken
from competency_api.core.http import ResponseSchema, Schema
from competency_api.core.http.fields import AnyText, Choice, Integer, Language
from competency_api.matching.values import (
    DEFAULT_KINDS,
    MOST_MATCHES,
    MOST_OF_DESCRIPTION,
    MOST_OF_TITLE,
    UNASKED,
    Field,
    LabelType,
    Relation,
)
from competency_api.taxonomy.kinds import KINDS, LEVELS


def _is(meaning: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": meaning, **more}}


_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")


class Share(ma.fields.Float):
    """A number from 0 to 1; in a JSON body, texts and truths are none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=ma.validate.Range(0, 1, error="It must be a number from 0 to 1."), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if getattr(self.root, "from_text", False) and isinstance(value, str) and _NUMBER.fullmatch(value):
            return float(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise ma.ValidationError("It must be a number from 0 to 1.")


class MatchRequestSchema(Schema):
    """The text of a course. It is read and forgotten: not stored, not logged, not sent anywhere."""

    title = AnyText(most=MOST_OF_TITLE, **_is("of the course; what stands here counts more"))
    description = AnyText(required=True, most=MOST_OF_DESCRIPTION, **_is("plain text, with its line breaks"))
    language = Language(
        **_is("of the text, one of the version's; left out, it is guessed from the text"),
    )
    kinds = ma.fields.List(
        Choice(tuple(KINDS)),
        load_default=DEFAULT_KINDS,
        validate=ma.validate.Length(1, len(KINDS)),
        **_is(f"of the concepts that may be suggested; left out, all but {' and '.join(UNASKED)}"),
    )
    limit = Integer(least=1, most=MOST_MATCHES, load_default=10, **_is(f"suggestions at most, 1 to {MOST_MATCHES}"))
    min_confidence = Share(load_default=0.0, **_is("suggestions with less are left out, 0 to 1"))


class SpanSchema(ResponseSchema):
    """Words of the text, counted in characters (Unicode code points) of the field as it was sent."""

    field = ma.fields.String(required=True, metadata={"enum": list(get_args(Field))})
    start = ma.fields.Integer(required=True, **_is("first character"))
    end = ma.fields.Integer(required=True, **_is("the character after the last"))


class AcceptedSchema(ResponseSchema):
    """What providers accepted for similar texts. Of others only public courses count, and nobody is named."""

    organisations = ma.fields.Integer(required=True, **_is("that accepted the concept for a similar text"))
    share = ma.fields.Float(
        required=True,
        **_is("how much that raised it, of what acceptances can do; below 0: you refused it for a similar text"),
    )


class WhySchema(ResponseSchema):
    """The label that words of the text were taken for."""

    label_type = ma.fields.String(required=True, metadata={"enum": list(get_args(LabelType))})
    label = ma.fields.String(required=True, allow_none=True, **_is("null for a hidden one, which is not shown"))
    language = ma.fields.String(required=True, **_is("of the label"))
    field = ma.fields.String(required=True, metadata={"enum": list(get_args(Field))})
    words = ma.fields.List(ma.fields.String(), required=True, **_is("of the text that are in the label, as written"))
    accepted = ma.fields.Nested(
        AcceptedSchema, required=True, allow_none=True, **_is("null: nothing that was accepted before has a say")
    )


class SuggestedSchema(ResponseSchema):
    """A concept that the course may be about."""

    code = ma.fields.String(required=True, **_is("of the concept", examples=["C017"]))
    kind = ma.fields.String(required=True, metadata={"enum": list(KINDS)})
    label = Spoken(required=True, allow_none=True)
    score = ma.fields.Float(required=True, **_is("to be compared within one answer only"))
    confidence = ma.fields.Float(required=True, **_is("share of suggestions with this score that people found right"))
    relation = ma.fields.String(
        required=True, **_is("guessed: what learners must bring is required", enum=list(get_args(Relation)))
    )
    level = ma.fields.Integer(
        required=True,
        allow_none=True,
        **_is("guessed for competencies, from verbs and words such as `basic`", enum=[*LEVELS, None]),
    )
    spans = ma.fields.List(ma.fields.Nested(SpanSchema), required=True, **_is("the words that support it"))
    why = ma.fields.Nested(WhySchema, required=True)


class SuggestedListSchema(ResponseSchema):
    version = ma.fields.String(required=True, metadata=EXACT)
    language = ma.fields.String(required=True, **_is("in which the text was read"))
    language_guessed = ma.fields.Boolean(required=True)
    items = ma.fields.List(ma.fields.Nested(SuggestedSchema), required=True, **_is("best first"))
