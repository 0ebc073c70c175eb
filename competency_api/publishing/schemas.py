"""What is asked and answered about publishing."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.catalogue.schemas import (
    CompletenessSchema,
    ConceptChangeSchema,
    ConceptCountsSchema,
    FindingSchema,
    ReasonSchema,
)
from competency_api.core.http import QuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Date, SafeString
from competency_api.curation.schemas import ImpactSchema
from competency_api.taxonomy.numbering import Number

NUMBER_PARAMETER = {
    "in": "path",
    "name": "version",
    "description": "Exact number of the version.",
    "schema": {"type": "string", "minLength": 1},
    "example": "2.0.0",
}
_PATTERN = r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$"
_COUNTS: dict[str, Any] = {"keys": ma.fields.String(), "values": ma.fields.Integer()}


class VersionNumber(ma.fields.String):
    """An exact version number."""

    def __init__(self, **options: Any) -> None:
        options["metadata"] = {"pattern": _PATTERN, "examples": ["2.1.0"]} | options.get("metadata", {})
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = Number.parse(value) if isinstance(value, str) else None
        if number is None:
            raise ma.ValidationError("It must be a version number of three parts, written like 2.1.0.")
        return number


class PublicationQuerySchema(QuerySchema):
    dry_run = Boolean(
        load_default=False,
        metadata={"description": "answer what would happen, and write nothing; its `ETag` is for `If-Match`"},
    )


class PublicationSchema(Schema):
    number = VersionNumber(
        metadata={"description": "absent: the smallest that the changes permit, as the dry run says; or a higher one"}
    )
    title = SafeString(least=1, most=200, metadata={"examples": ["Third release"]})
    notes = SafeString(
        most=100_000,
        multiline=True,
        metadata={"description": "release notes in Markdown; absent: those that the dry run shows"},
    )
    publisher = SafeString(least=1, most=200, metadata={"description": "absent: the key's organisation"})
    valid_from = Date(metadata={"description": "first day in force; absent: today, or the parent's if that is later"})


class ObstacleSchema(ResponseSchema):
    code = ma.fields.String(required=True, metadata={"description": "of the problem that publishing would answer"})
    detail = ma.fields.String(required=True)


class ContributionSchema(ResponseSchema):
    """A proposal that the version is going to contain."""

    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    by = ma.fields.String(required=True, allow_none=True, metadata={"description": "name of its organisation"})
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class ExplainedFindingSchema(FindingSchema):
    page = ma.fields.String(required=True, metadata={"description": "where the rule is explained"})


class RehearsalSchema(ResponseSchema):
    """Everything that publishing would do."""

    is_publishable = ma.fields.Boolean(required=True)
    obstacles = ma.fields.List(ma.fields.Nested(ObstacleSchema), required=True)
    parent = ma.fields.String(required=True, allow_none=True)
    number = ma.fields.String(required=True, allow_none=True, metadata={"description": "the asked, or the smallest"})
    smallest = ma.fields.String(required=True, allow_none=True, metadata={"description": "null: nothing changed"})
    bump = ma.fields.String(required=True, allow_none=True)
    reasons = ma.fields.List(
        ma.fields.Nested(ReasonSchema),
        required=True,
        metadata={"description": "changes that force the number; at most the first fifty"},
    )
    reasons_total = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    notes = ma.fields.String(
        required=True, metadata={"description": "as given, else made of the proposals and the changes"}
    )
    publisher = ma.fields.String(required=True)
    valid_from = ma.fields.String(required=True, allow_none=True, metadata={"format": "date"})
    digest = ma.fields.String(required=True)
    signed_with = ma.fields.String(required=True, allow_none=True, metadata={"description": "null: not signed"})
    statement = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "what is signed, but for the moment and the seal, which come as it is published"},
    )
    proposals = ma.fields.List(
        ma.fields.Nested(ContributionSchema), required=True, metadata={"description": "accepted, in their order"}
    )
    concepts = ma.fields.Nested(ConceptCountsSchema, required=True)
    kinds = ma.fields.Dict(**_COUNTS, required=True)
    languages = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(CompletenessSchema), required=True)
    changes = ma.fields.Dict(**_COUNTS, required=True, metadata={"description": "concepts by what happened"})
    changed = ma.fields.List(
        ma.fields.Nested(ConceptChangeSchema), required=True, metadata={"description": "at most the first 500"}
    )
    changed_total = ma.fields.Integer(required=True)
    errors = ma.fields.Integer(required=True, metadata={"description": "findings that block it"})
    warnings = ma.fields.Integer(required=True, metadata={"description": "findings that are published with it"})
    findings = ma.fields.List(
        ma.fields.Nested(ExplainedFindingSchema), required=True, metadata={"description": "errors first; at most 500"}
    )
    impact = ma.fields.Nested(ImpactSchema, required=True, metadata={"description": "whom the changes touch"})


class WithdrawalCreateSchema(Schema):
    reason = SafeString(required=True, least=1, most=2000, multiline=True)
    use = VersionNumber(
        required=True, allow_none=True, metadata={"description": "version to use instead; null: there is none"}
    )


class SigningKeySchema(ResponseSchema):
    """A JSON Web Key (RFC 7517, RFC 8037)."""

    kty = ma.fields.String(required=True)
    crv = ma.fields.String(required=True)
    x = ma.fields.String(required=True, metadata={"description": "the public key in base64url"})
    kid = ma.fields.String(required=True, metadata={"description": "thumbprint of the key (RFC 7638)"})
    use = ma.fields.String(required=True)
    alg = ma.fields.String(required=True)


class SigningKeySetSchema(ResponseSchema):
    keys = ma.fields.List(ma.fields.Nested(SigningKeySchema), required=True)
