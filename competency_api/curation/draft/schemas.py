"""What is answered about the draft, where it differs from what is answered about versions."""

from __future__ import annotations

import marshmallow as ma

from competency_api.catalogue.schemas import ConceptChangeSchema, ReasonSchema
from competency_api.concepts.schemas import ConceptSchema, SpokenConceptSchema
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


class _PlaceInTime(ResponseSchema):
    first_version = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "the first version that contains it; null: none yet"}
    )
    changed_in = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "versions that changed it, oldest first"}
    )
    retired_in = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "the version that retired it; null: none yet"}
    )


class ConceptInDraftSchema(ConceptSchema, _PlaceInTime):
    """A concept of the draft with its history before."""


class SpokenConceptInDraftSchema(SpokenConceptSchema, _PlaceInTime):
    """The same with texts in one language."""


class DraftDifferenceSchema(page_schema(ConceptChangeSchema)):  # type: ignore[misc]  # the base is made by a function
    from_ = ma.fields.String(required=True, allow_none=True, data_key="from")
    to = ma.fields.String(required=True)
    bump = ma.fields.String(required=True, allow_none=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    concepts = ma.fields.Integer(required=True)
