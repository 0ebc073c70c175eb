"""What is asked and answered about versions."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.core.http import LanguageQuerySchema, ResponseSchema, WholePageQuerySchema, page_schema
from competency_api.core.http.fields import Choice, CommaList, SafeString
from competency_api.taxonomy.changes import Bump, ChangeType
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.rules import RULES

#: The exact version that the whole answer is of, whatever name was asked for.
EXACT = {"description": "exact number of the version that this is of", "examples": ["2.0.0"]}
#: How a version is named in a path.
VERSION_PARAMETER = {
    "in": "path",
    "name": "version",
    "description": "Exact number (`2.0.0`), prefix (`2`, `2.0`), day (`2026-11-23`: the one in force) or `latest`.",
    "schema": {"type": "string", "minLength": 1},
    "example": "2.0.0",
}
_COUNTS: dict[str, Any] = {"keys": ma.fields.String(), "values": ma.fields.Integer()}


class TextSchema(ResponseSchema):
    """One text in the language that was chosen for it."""

    text = ma.fields.String()
    lang = ma.fields.String(metadata={"examples": ["es"]})
    fallback = ma.fields.Boolean(
        metadata={"description": "whether it is neither the asked language nor one of its parents"}
    )
    review = ma.fields.String(
        metadata={
            "enum": ["original", "reviewed", "draft"],
            "description": "`draft`: no speaker of the language has read it",
        },
    )


class Spoken(ma.fields.Raw):
    """A text in all languages by tag, or with ``lang`` in one."""

    def __init__(self, **options: Any) -> None:
        by_tag = {"type": "object", "additionalProperties": {"type": "string"}, "title": "by language"}
        one = {
            "type": "object",
            "title": "in one language",
            "required": ["text", "lang", "fallback", "review"],
            "properties": {
                "text": {"type": "string"},
                "lang": {"type": "string"},
                "fallback": {"type": "boolean"},
                "review": {"type": "string"},
            },
        }
        super().__init__(metadata={"anyOf": [one, by_tag, {"type": "null"}]}, **options)


class ReasonSchema(ResponseSchema):
    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    type = ma.fields.String(required=True, metadata={"enum": [kind.value for kind in ChangeType]})
    bump = ma.fields.String(required=True, metadata={"enum": [bump.value for bump in Bump]})


class NumberingSchema(ResponseSchema):
    """Why a version has its number."""

    why = ma.fields.String(required=True, metadata={"description": "the reason in one sentence"})
    reasons = ma.fields.List(
        ma.fields.Nested(ReasonSchema), required=True, metadata={"description": "at most the first fifty"}
    )
    reasons_total = ma.fields.Integer(required=True)


class ConceptCountsSchema(ResponseSchema):
    total = ma.fields.Integer(required=True)
    active = ma.fields.Integer(required=True)
    retired = ma.fields.Integer(required=True)


class WithdrawalSchema(ResponseSchema):
    at = ma.fields.String(required=True, metadata={"format": "date-time"})
    reason = ma.fields.String(required=True)
    use = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "number of the version to use instead; null: none"}
    )


class VersionSummarySchema(ResponseSchema):
    number = ma.fields.String(required=True, metadata={"examples": ["2.0.0"]})
    title = ma.fields.String(required=True)
    publisher = ma.fields.String(required=True)
    published_at = ma.fields.String(required=True, metadata={"format": "date-time"})
    valid_from = ma.fields.String(
        required=True, metadata={"format": "date", "description": "first day on which it is in force"}
    )
    digest = ma.fields.String(
        required=True, metadata={"pattern": "^[0-9a-f]{64}$", "description": "of its concepts; anyone can recompute it"}
    )
    seal = ma.fields.String(
        required=True,
        metadata={
            "pattern": "^[0-9a-f]{64}$",
            "description": "of all else that is stored of it, and the parent's seal",
        },
    )
    parent = ma.fields.String(required=True, allow_none=True, metadata={"description": "number of the one before"})
    bump = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "`major`, `minor` or `patch`; null for the first"}
    )
    concepts = ma.fields.Nested(ConceptCountsSchema, required=True)
    signed_with = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "id of the key that signed it, in `/.well-known/jwks.json`; null: not signed"},
    )
    withdrawn = ma.fields.Nested(
        WithdrawalSchema,
        required=True,
        allow_none=True,
        metadata={"description": "that it should no longer be used; null while it may be"},
    )
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class ShareSchema(ResponseSchema):
    """A number of active concepts, and of how many."""

    count = ma.fields.Integer(required=True)
    of = ma.fields.Integer(required=True, metadata={"description": "the denominator: active concepts"})
    percent = ma.fields.Float(required=True)


class CompletenessSchema(ResponseSchema):
    labels = ma.fields.Nested(ShareSchema, required=True)
    definitions = ma.fields.Nested(ShareSchema, required=True)
    reviewed = ma.fields.Nested(ShareSchema, required=True)


class VersionSchema(VersionSummarySchema, NumberingSchema):
    version = ma.fields.String(required=True, metadata=EXACT)
    notes = ma.fields.String(required=True, metadata={"description": "release notes, in Markdown"})
    kinds = ma.fields.Dict(**_COUNTS, required=True, metadata={"description": "number of active concepts of each kind"})
    languages = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(CompletenessSchema), required=True)
    changes = ma.fields.Dict(
        **_COUNTS, required=True, metadata={"description": "number of concepts by what happened since the parent"}
    )
    signature = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "statement about the version, signed: a compact JSON Web Signature (RFC 7515)"},
    )
    recompute = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "how anyone recomputes the digest"},
    )


class EditSchema(ResponseSchema):
    path = ma.fields.String(required=True, metadata={"description": "JSON Pointer into the concept; empty: all of it"})
    old = ma.fields.Raw(required=True, allow_none=True)
    new = ma.fields.Raw(required=True, allow_none=True)
    labels = ma.fields.Dict(
        keys=ma.fields.String(),
        values=Spoken(),
        metadata={
            "description": "between versions: labels of the concepts that a changed relation or retirement names"
        },
    )


class ChangeSchema(ResponseSchema):
    type = ma.fields.String(required=True, metadata={"enum": [kind.value for kind in ChangeType]})
    bump = ma.fields.String(required=True, metadata={"enum": [bump.value for bump in Bump]})
    meaning = ma.fields.Boolean(required=True, metadata={"description": "whether the meaning was changed on purpose"})
    edits = ma.fields.List(ma.fields.Nested(EditSchema), required=True)


class ConceptChangeSchema(ResponseSchema):
    code = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    label = Spoken(required=True, allow_none=True)
    bump = ma.fields.String(required=True)
    changes = ma.fields.List(ma.fields.Nested(ChangeSchema), required=True)


class ProbablySameSchema(ResponseSchema):
    """A concept that ended and one that began which look like one under a new code."""

    old = ma.fields.String(required=True)
    new = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    same_place = ma.fields.Boolean(required=True)


class DifferenceSchema(page_schema(ConceptChangeSchema)):  # type: ignore[misc]  # the base is made by a function
    from_ = ma.fields.String(required=True, data_key="from", metadata=EXACT)
    to = ma.fields.String(required=True, metadata=EXACT)
    bump = ma.fields.String(required=True, allow_none=True, metadata={"description": "the weightiest; null: none"})
    counts = ma.fields.Dict(
        **_COUNTS, required=True, metadata={"description": "number of concepts by what happened, before filters"}
    )
    concepts = ma.fields.Integer(required=True, metadata={"description": "number of concepts that differ"})
    numbering = ma.fields.Nested(
        NumberingSchema,
        required=True,
        allow_none=True,
        metadata={"description": "why the number is what it is; null unless `to` follows `from`"},
    )
    probably_same = ma.fields.List(ma.fields.Nested(ProbablySameSchema), required=True)


class ChangesQuerySchema(WholePageQuerySchema, LanguageQuerySchema):
    type = CommaList(
        Choice([kind.value for kind in ChangeType]), metadata={"description": "only concepts to which this happened"}
    )
    kind = CommaList(Choice(list(KINDS)), metadata={"description": "only concepts of these kinds"})
    code = CommaList(SafeString(least=1, most=16), most=500, metadata={"description": "only these concepts"})


class FindingSchema(ResponseSchema):
    rule = ma.fields.String(required=True, metadata={"description": "stable name of the rule"})
    severity = ma.fields.String(required=True, metadata={"enum": ["error", "warning"]})
    message = ma.fields.String(required=True)
    remedy = ma.fields.String(required=True)
    code = ma.fields.String(required=True, metadata={"description": "the concept; empty: the whole version"})
    path = ma.fields.String(required=True, metadata={"description": "JSON Pointer into the concept"})
    language = ma.fields.String(required=True)
    others = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "further concepts involved"})


class RuleCountSchema(ResponseSchema):
    rule = ma.fields.String(required=True)
    severity = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    remedy = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    codes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "the first few concepts"})


class QualitySchema(page_schema(FindingSchema)):  # type: ignore[misc]  # the base is made by a function
    version = ma.fields.String(required=True, metadata=EXACT)
    errors = ma.fields.Integer(required=True)
    warnings = ma.fields.Integer(required=True)
    rules = ma.fields.List(ma.fields.Nested(RuleCountSchema), required=True)


class QualityQuerySchema(WholePageQuerySchema):
    rule = Choice(list(RULES), metadata={"description": "only findings of this rule"})
    severity = Choice(["error", "warning"], metadata={"description": "only errors or only warnings"})
    code = SafeString(least=1, most=16, metadata={"description": "only findings about this concept"})


VersionPageSchema = page_schema(VersionSummarySchema)
