"""What is asked and answered about comments on concepts."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema, Schema
from competency_api.core.http.fields import SafeString
from competency_api.curation.remarks.service import LONGEST_COMMENT

CODE_PARAMETER = {
    "in": "path",
    "name": "code",
    "description": "Code of a concept of the draft.",
    "schema": {"type": "string", "minLength": 1},
    "example": "C017",
}


class ConceptCommentCreateSchema(Schema):
    text = SafeString(least=1, most=LONGEST_COMMENT, multiline=True, required=True)


class ConceptCommentSchema(ResponseSchema):
    id = ma.fields.String(required=True)
    concept = ma.fields.String(required=True, metadata={"examples": ["C017"]})
    text = ma.fields.String(required=True)
    author = ma.fields.String(required=True, metadata={"description": "name of the author, as it was then"})
    organisation = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "code of theirs; null for the deployment"}
    )
    created_at = ma.fields.String(required=True, metadata={"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]})
