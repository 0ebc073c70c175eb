"""What is asked and answered about conclusions."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema, Schema
from competency_api.workshops import schemas as wire

LONGEST_CONCLUSION = 20_000


class ConclusionWriteSchema(Schema):
    text = wire.texts("what was concluded", LONGEST_CONCLUSION, required=True)


class ConclusionVersionSchema(ResponseSchema):
    number = wire.whole("of the version, from 1")
    text = wire.by_language("what was concluded")
    signed_by = wire.text("id of the key that it was sent with")
    signer = wire.text("whose key that was, as they were called then")
    signed_at = wire.text(**wire.MOMENT)
    digest = wire.text("SHA-256 over the text, who signed it when, and the digest of the version before")


class ConclusionSchema(ConclusionVersionSchema):
    workshop = wire.text("`id` of the workshop")
    subject = wire.text("what all its versions are about", examples=["contents/1", "report"])
    topic = wire.text("null for the plenary's report", optional=True, examples=["contents"])
    table = wire.whole("null for the plenary's report", optional=True)
    before = wire.text("digest of the version before; empty for the first")
    signature = wire.text(
        "JWS of the deployment over what the digest is of (keys: `/.well-known/jwks.json`); null without a signing key",
        optional=True,
    )
    is_intact = ma.fields.Boolean(
        required=True, metadata={"description": "whether no version was changed or taken away since"}
    )
    history = ma.fields.List(
        ma.fields.Nested(ConclusionVersionSchema),
        required=True,
        metadata={"description": "the versions before, oldest first"},
    )


class ConclusionsSchema(ResponseSchema):
    workshop = wire.text(examples=["valencia-2018"])
    items = ma.fields.List(
        ma.fields.Nested(ConclusionSchema), required=True, metadata={"description": "of tables, by topic and table"}
    )
    report = ma.fields.Nested(
        ConclusionSchema, required=True, allow_none=True, metadata={"description": "what the plenary reported"}
    )
