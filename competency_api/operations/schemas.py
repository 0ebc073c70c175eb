"""What is answered about the process itself."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema
from competency_api.taxonomy.kinds import Shape


class HealthSchema(ResponseSchema):
    status = ma.fields.String(required=True, metadata={"examples": ["ok"]})
    version = ma.fields.String(required=True, metadata={"description": "version of the service"})


class CheckSchema(ResponseSchema):
    name = ma.fields.String(required=True, metadata={"examples": ["database"]})
    well = ma.fields.Boolean(required=True)
    detail = ma.fields.String(required=True)


class ReadinessSchema(ResponseSchema):
    status = ma.fields.String(required=True, metadata={"examples": ["ready"]})
    checks = ma.fields.List(ma.fields.Nested(CheckSchema), required=True)


class DiscoveredVersionsSchema(ResponseSchema):
    latest = ma.fields.String(required=True, allow_none=True)
    published = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "newest first"})
    named_by = ma.fields.List(ma.fields.String(), required=True)


class DiscoveredAttributeSchema(ResponseSchema):
    name = ma.fields.String(required=True)
    shape = ma.fields.String(required=True, metadata={"enum": [shape.value for shape in Shape]})
    meaning = ma.fields.String(required=True)
    values = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "where it is a choice"})
    required = ma.fields.Boolean(required=True)
    filter = ma.fields.String(required=True, allow_none=True, metadata={"description": "parameter that asks for it"})


class DiscoveredKindSchema(ResponseSchema):
    name = ma.fields.String(required=True)
    letter = ma.fields.String(required=True, metadata={"description": "what its codes begin with"})
    meaning = ma.fields.String(required=True)
    labels = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    attributes = ma.fields.List(ma.fields.Nested(DiscoveredAttributeSchema), required=True)
    relations = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "that may start at it"})


class DiscoveredRelationSchema(ResponseSchema):
    name = ma.fields.String(required=True)
    inverse = ma.fields.String(required=True)
    meaning = ma.fields.String(required=True)
    from_ = ma.fields.List(
        ma.fields.String(), required=True, data_key="from", metadata={"description": "kinds; empty: any"}
    )
    to = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "kinds; empty: any"})
    same_kind = ma.fields.Boolean(required=True)
    symmetric = ma.fields.Boolean(required=True)
    has_level = ma.fields.Boolean(required=True)


class DiscoveredLevelSchema(ResponseSchema):
    level = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    eqf = ma.fields.List(
        ma.fields.Integer(),
        required=True,
        metadata={"description": "corresponding levels of the European Qualifications Framework"},
    )


class DiscoveredLanguagesSchema(ResponseSchema):
    reference = ma.fields.String(required=True)
    available = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "in some version"})
    fallback = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "what a text that is missing falls back to, in order"},
    )


class DiscoverySchema(ResponseSchema):
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    service_version = ma.fields.String(required=True)
    versions = ma.fields.Nested(DiscoveredVersionsSchema, required=True)
    kinds = ma.fields.List(ma.fields.Nested(DiscoveredKindSchema), required=True)
    relations = ma.fields.List(ma.fields.Nested(DiscoveredRelationSchema), required=True)
    levels = ma.fields.List(ma.fields.Nested(DiscoveredLevelSchema), required=True)
    filters = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    languages = ma.fields.Nested(DiscoveredLanguagesSchema, required=True)
    formats = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(), required=True, metadata={"description": "of exports"}
    )
    limits = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    licence = ma.fields.String(required=True, metadata={"description": "of the content"})
    acknowledgements = ma.fields.List(ma.fields.String(), required=True)
