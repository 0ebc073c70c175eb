"""What is asked and answered about migrations."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.catalogue.schemas import Spoken
from competency_api.core.http import LanguageQuerySchema, PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Choice, CommaList, SafeString
from competency_api.courses.plans.decisions import MOST_CODES, Verdict
from competency_api.courses.plans.preview import UNKNOWN
from competency_api.courses.plans.tables import MOST_ROWS
from competency_api.courses.values import LONGEST_EXTERNAL_ID, MappingRelation
from competency_api.taxonomy.migration import MappingOutcome

MOST_DECISIONS = 10_000
_OUTCOMES = [outcome.value for outcome in MappingOutcome]
_RELATIONS = [relation.value for relation in MappingRelation]
PLAN_PARAMETER = {
    "in": "path",
    "name": "id",
    "description": "`id` of the migration.",
    "schema": {"type": "string", "minLength": 1},
    "example": "1",
}


def _is(meaning: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": meaning, **more}}


def _may_be(meaning: str, **more: Any) -> dict[str, Any]:
    return {**_is(meaning, **more), "allow_none": True}


_FROM = {"description": "Only mappings as of this version; left out, as of every other one.", "examples": ["1.0.0"]}
_TO = {"description": "Number, prefix, day or `latest`; also an earlier version.", "examples": ["latest"]}


class MigrationCreateSchema(Schema):
    from_ = SafeString(least=1, most=40, data_key="from", metadata=_FROM)
    to = SafeString(least=1, most=40, load_default="latest", metadata=_TO)


class StepsQuerySchema(PageQuerySchema, LanguageQuerySchema):
    outcome = CommaList(Choice(_OUTCOMES), metadata={"description": "only mappings with these outcomes"})
    undecided = Boolean(metadata={"description": "only those that wait for a decision (`true`), or only the others"})


class DecisionWriteSchema(Schema):
    """About one mapping, or, where course or relation is left out, about all of the concept."""

    concept = SafeString(least=1, most=80, required=True)
    course = SafeString(least=1, most=LONGEST_EXTERNAL_ID, metadata={"description": "the provider's own id"})
    relation = Choice(_RELATIONS)
    verdict = Choice(
        [verdict.value for verdict in Verdict],
        required=True,
        allow_none=True,
        metadata={"description": "null takes an earlier decision about the same back"},
    )
    codes = ma.fields.List(
        SafeString(least=1, most=80),
        validate=ma.validate.Length(0, MOST_CODES),
        metadata={"description": "of the concepts to replace it by"},
    )


class DecisionsWriteSchema(Schema):
    items = ma.fields.List(
        ma.fields.Nested(DecisionWriteSchema), required=True, validate=ma.validate.Length(1, MOST_DECISIONS)
    )


class MigrationResultSchema(ResponseSchema):
    moved = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), **_is("mappings moved, by outcome"))
    dropped = ma.fields.Integer(**_is("mappings that ended, by decision"))
    waiting = ma.fields.Integer(**_is("mappings that stay as of their version until somebody decides"))


class MigrationLinksSchema(ResponseSchema):
    self = ma.fields.String(required=True)
    mappings = ma.fields.String(required=True)


class MigrationSchema(ResponseSchema):
    id = ma.fields.Integer(**_is("counted within the provider"))
    provider = ma.fields.String(required=True)
    from_ = ma.fields.String(data_key="from", **_may_be("exact number; null: of every other version"))
    to = ma.fields.String(**_is("exact number"))
    state = ma.fields.String(**_is("whether it is written", enum=["open", "applied"]))
    stale = ma.fields.Boolean(**_is("courses or mappings changed since: it cannot be applied any more"))
    automatic = ma.fields.Boolean(**_is("made because the provider switched that on"))
    mappings = ma.fields.Integer(**_is("how many it is about"))
    outcomes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), **_is("how many of each"))
    created_at = ma.fields.String(required=True, metadata={"format": "date-time"})
    actor = ma.fields.String(**_is("who made it"))
    applied_at = ma.fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    result = ma.fields.Nested(MigrationResultSchema, **_may_be("what applying it did"))
    links = ma.fields.Nested(MigrationLinksSchema, required=True)


class MigrationCandidateSchema(ResponseSchema):
    code = ma.fields.String(required=True)
    label = Spoken(required=True, allow_none=True)
    match = ma.fields.String(**_is("as what it stands in; only `equivalent` lets a mapping move without a person"))


class ConceptTextSchema(ResponseSchema):
    label = Spoken(required=True, allow_none=True)
    definition = Spoken(required=True, allow_none=True)


class _OutcomeSchema(ResponseSchema):
    waits = ma.fields.Boolean(**_is("whether somebody has to decide"))
    reason = ma.fields.String(**_is("in a sentence"))
    candidates = ma.fields.List(
        ma.fields.Nested(MigrationCandidateSchema), **_is("active concepts that stand in for it")
    )
    combine = ma.fields.String(**_is("`all`: they do so together", enum=["any", "all"]))
    result = ma.fields.String(**_may_be("the concept that it is moved to by itself"))
    before = ma.fields.Nested(ConceptTextSchema, **_may_be("the concept in its version"))
    after = ma.fields.Nested(ConceptTextSchema, **_may_be("the concept, or the result, in the other version"))


class MappingDecisionSchema(ResponseSchema):
    verdict = ma.fields.String(required=True, metadata={"enum": [verdict.value for verdict in Verdict]})
    codes = ma.fields.List(ma.fields.String(), required=True)


class MigrationStepSchema(_OutcomeSchema):
    """A mapping and what becomes of it."""

    course = ma.fields.String(**_is("the provider's own id"))
    concept = ma.fields.String(**_is("its code"))
    relation = ma.fields.String(required=True, metadata={"enum": _RELATIONS})
    level = ma.fields.Integer(required=True, allow_none=True)
    hours = ma.fields.Float(required=True, allow_none=True)
    version = ma.fields.String(**_is("as of which it is"))
    outcome = ma.fields.String(**_is("what becomes of it", enum=_OUTCOMES))
    decision = ma.fields.Nested(MappingDecisionSchema, **_may_be("what was decided"))


class PreviewQuerySchema(LanguageQuerySchema):
    from_ = SafeString(
        least=1,
        most=40,
        required=True,
        data_key="from",
        metadata={"description": "The version of rows that do not say theirs.", "examples": ["1.0.0"]},
    )
    to = SafeString(least=1, most=40, load_default="latest", metadata=_TO)


_ROW = {
    "type": "object",
    "required": ["concept"],
    "properties": {
        "concept": {"type": "string", "minLength": 1},
        "version": {"type": ["string", "null"], "description": "left out: `from`"},
        **{name: {} for name in ("course", "relation", "level", "hours", "evidence")},
    },
    "example": {"course": "SC-101", "concept": "C017", "relation": "teaches"},
}
_ROWS = {"type": "array", "items": _ROW, "description": f"at most {MOST_ROWS:,}"}
PREVIEW_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [_ROWS, {"type": "object", "required": ["mappings"], "properties": {"mappings": _ROWS}}]
            }
        },
        "text/csv": {"schema": {"type": "string"}},
    },
}


class PreviewedSchema(_OutcomeSchema):
    line = ma.fields.Integer(**_is("where it stands in the file; of JSON, its place from 1"))
    asked = ma.fields.String(**_is("the concept as the file names it"))
    version = ma.fields.String(**_is("as of which the row is"))
    concept = ma.fields.String(**_may_be("what that is; null: unknown"))
    outcome = ma.fields.String(**_is("what becomes of it", enum=[*_OUTCOMES, UNKNOWN]))


class PreviewSchema(ResponseSchema):
    to = ma.fields.String(**_is("exact number"))
    outcomes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), **_is("rows of each"))
    items = ma.fields.List(ma.fields.Nested(PreviewedSchema), **_is("every row"))
    mappings = ma.fields.List(
        ma.fields.Dict(keys=ma.fields.String()),
        **_is("the rows ready to save; `Accept: text/csv` gives them as a file"),
    )
