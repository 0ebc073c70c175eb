"""What is asked and answered about suggestions for a provider's courses."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.catalogue.schemas import EXACT
from competency_api.core.http import LanguageQuerySchema, PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Choice, CommaList, Integer, Language, SafeString
from competency_api.courses.schemas import Amount
from competency_api.courses.suggestions.values import Standing, Verdict
from competency_api.courses.values import LONGEST_EVIDENCE, LONGEST_EXTERNAL_ID, MOST_HOURS, MappingRelation
from competency_api.matching.schemas import Share, SuggestedSchema
from competency_api.matching.values import DEFAULT_KINDS, MOST_MATCHES, UNASKED
from competency_api.taxonomy.kinds import KINDS

#: So many fit into a request; a file takes more.
MOST_DECISIONS = 5_000
#: Below it most suggestions are wrong (docs/reference/suggestions-quality.md).
SURE_ENOUGH = 0.15
_RELATIONS = [relation.value for relation in MappingRelation]
_DECIDED = [Standing.ACCEPTED.value, Standing.REJECTED.value]
_MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}
LIST_PARAMETER = {
    "in": "path",
    "name": "id",
    "description": "`id` of the list of suggestions.",
    "schema": {"type": "string", "minLength": 1},
    "example": "1",
}


def _is(meaning: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": meaning, **more}}


_VERSION = _is("number, prefix, day or `latest`; its concepts are suggested", examples=["latest"])
_KINDS = _is(f"of the concepts that may be suggested; left out, all but {' and '.join(UNASKED)}")
_LIMIT = _is(f"suggestions for a course at most, 1 to {MOST_MATCHES}")
_LEAST = _is(f"suggestions with less are left out, 0 to 1; left out, {SURE_ENOUGH}")
_LANGUAGE = _is("of the text that is read where a course has it; left out, English before others")


class SuggestQuerySchema(LanguageQuerySchema):
    version = SafeString(least=1, most=40, load_default="latest", **_VERSION)
    kinds = CommaList(Choice(tuple(KINDS)), **_KINDS)
    limit = Integer(least=1, most=MOST_MATCHES, load_default=10, **_LIMIT)
    min_confidence = Share(load_default=SURE_ENOUGH, **_LEAST)
    language = Language(**_LANGUAGE)


class SuggestListWriteSchema(Schema):
    version = SafeString(least=1, most=40, load_default="latest", **_VERSION)
    kinds = ma.fields.List(
        Choice(tuple(KINDS)), load_default=DEFAULT_KINDS, validate=ma.validate.Length(1, len(KINDS)), **_KINDS
    )
    limit = Integer(least=1, most=MOST_MATCHES, load_default=10, **_LIMIT)
    min_confidence = Share(load_default=SURE_ENOUGH, **_LEAST)
    language = Language(**_LANGUAGE)


class SuggestionVerdictSchema(Schema):
    """What is left out is as it was suggested."""

    concept = SafeString(least=1, most=80, required=True, **_is("its code", examples=["C017"]))
    verdict = Choice(
        [verdict.value for verdict in Verdict],
        required=True,
        **_is("`reopen` takes back what was decided; a mapping that was written stays"),
    )
    relation = Choice(_RELATIONS, **_is("instead of the one that is guessed"))
    level = Integer(least=1, most=4, allow_none=True, **_is("instead of the one that is guessed; null: none"))
    hours = Amount(most=MOST_HOURS, allow_none=True, **_is("hours of the course spent on it"))
    evidence = SafeString(most=LONGEST_EVIDENCE, multiline=True, **_is("instead of the words that speak for it"))


class ListedVerdictSchema(SuggestionVerdictSchema):
    course = SafeString(least=1, most=LONGEST_EXTERNAL_ID, required=True, **_is("the provider's own id"))


class CourseVerdictsWriteSchema(Schema):
    version = SafeString(
        least=1, most=40, required=True, **_is("exact one that was suggested from", examples=["2.0.0"])
    )
    language = Language(**_is("as it was asked for"))
    items = ma.fields.List(
        ma.fields.Nested(SuggestionVerdictSchema), required=True, validate=ma.validate.Length(1, MOST_MATCHES)
    )


class ListVerdictsWriteSchema(Schema):
    items = ma.fields.List(
        ma.fields.Nested(ListedVerdictSchema), required=True, validate=ma.validate.Length(1, MOST_DECISIONS)
    )


class ListItemsQuerySchema(PageQuerySchema, LanguageQuerySchema):
    course = SafeString(least=1, most=LONGEST_EXTERNAL_ID, **_is("only those for this course, by its own id"))
    standing = Choice([standing.value for standing in Standing], **_is("only those that stand so"))
    min_confidence = Share(load_default=0.0, **_is("only those with as much, 0 to 1"))


# -- answers -----------------------------------------------------------------------------------------------------------


def _text(meaning: str = "", *, optional: bool = False, **more: Any) -> ma.fields.String:
    return ma.fields.String(required=True, allow_none=optional, metadata={"description": meaning, **more})


class SuggestedMappingSchema(SuggestedSchema):
    evidence = _text("the words that speak for it: what accepting it writes")
    evidence_span = _text("the first of their places", optional=True, examples=["description@en:120-158"])


class ReadTextSchema(ResponseSchema):
    language = _text("as the course has it")
    digest = _text("the same for the same text")


class CourseSuggestionsSchema(ResponseSchema):
    version = ma.fields.String(required=True, metadata=EXACT)
    text = ma.fields.Nested(ReadTextSchema, required=True, **_is("that was read"))
    items = ma.fields.List(ma.fields.Nested(SuggestedMappingSchema), required=True, **_is("best first"))


class ListedSuggestionSchema(SuggestedMappingSchema):
    course = _text("the provider's own id")
    standing = _text("what was decided", enum=[standing.value for standing in Standing])
    outdated = ma.fields.Boolean(required=True, **_is("the text of the course changed since"))


class SuggestionListLinksSchema(ResponseSchema):
    self = ma.fields.String(required=True)
    items = ma.fields.String(required=True)


class SuggestionListSchema(ResponseSchema):
    id = ma.fields.Integer(required=True, **_is("counted within the provider"))
    provider = _text("code of the organisation")
    version = ma.fields.String(required=True, metadata=EXACT)
    kinds = ma.fields.List(ma.fields.String(), required=True)
    limit = ma.fields.Integer(required=True)
    min_confidence = ma.fields.Float(required=True)
    language = _text("that was preferred", optional=True)
    courses = ma.fields.Integer(required=True, **_is("that were read"))
    suggestions = ma.fields.Integer(required=True, **_is("that were found"))
    created_at = _text(**_MOMENT)
    actor = _text("who asked for it")
    links = ma.fields.Nested(SuggestionListLinksSchema, required=True)


class DecidedSuggestionSchema(ResponseSchema):
    concept = _text("its code")
    standing = _text("what was decided", enum=_DECIDED)
    relation = _text("of the mapping, or of the suggestion that was rejected", enum=_RELATIONS)
    level = ma.fields.Integer(required=True, allow_none=True)
    confidence = ma.fields.Float(required=True, **_is("of the suggestion"))
    version = ma.fields.String(required=True, metadata=EXACT)
    text_digest = _text("of the text that it was suggested for")
    decided_at = _text(**_MOMENT)
    actor = _text("who decided")


class DecisionsOutcomeSchema(ResponseSchema):
    """How many of each; ``mappings`` counts those that were written: what was mapped already stays as it is."""

    provider = _text("code of the organisation")
    version = ma.fields.String(required=True, metadata=EXACT)
    accepted = ma.fields.Integer(required=True)
    rejected = ma.fields.Integer(required=True)
    reopened = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True, **_is("that were so decided already"))
    mappings = ma.fields.Integer(required=True, **_is("that were written"))
