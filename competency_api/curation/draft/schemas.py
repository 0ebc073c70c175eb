"""What is answered about the draft, where it differs from what is answered about versions."""

from __future__ import annotations

import marshmallow as ma

from competency_api.catalogue.schemas import ConceptChangeSchema, FindingSchema, ReasonSchema, RuleCountSchema
from competency_api.core.http import ResponseSchema, page_schema


class DraftSchema(ResponseSchema):
    """The working state, told like a version."""

    version = ma.fields.String(required=True, metadata={"description": "`draft`"})
    parent = ma.fields.String(required=True, allow_none=True, metadata={"description": "the newest version"})
    digest = ma.fields.String(required=True, metadata={"pattern": "^[0-9a-f]{64}$"})
    smallest = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "smallest number to publish it; null: nothing changed"}
    )
    bump = ma.fields.String(required=True, allow_none=True)
    reasons = ma.fields.List(ma.fields.Nested(ReasonSchema), required=True)
    reasons_total = ma.fields.Integer(required=True)
    changes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    concepts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    kinds = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    proposals = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "accepted, and in no version yet"}
    )
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class DraftQualitySchema(page_schema(FindingSchema)):  # type: ignore[misc]  # the base is made by a function
    version = ma.fields.String(required=True)
    errors = ma.fields.Integer(required=True)
    warnings = ma.fields.Integer(required=True)
    rules = ma.fields.List(ma.fields.Nested(RuleCountSchema), required=True)


class DraftDifferenceSchema(page_schema(ConceptChangeSchema)):  # type: ignore[misc]  # the base is made by a function
    from_ = ma.fields.String(required=True, allow_none=True, data_key="from")
    to = ma.fields.String(required=True)
    bump = ma.fields.String(required=True, allow_none=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    concepts = ma.fields.Integer(required=True)
