"""What is answered about the process itself."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import ResponseSchema


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
