"""What is asked and answered about files of courses and mappings."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import QuerySchema, ResponseSchema
from competency_api.core.http.fields import Boolean, SafeString
from competency_api.courses.schemas import ResolutionSchema

_WHOLE = "the files are all there is: courses and mappings that are missing in them are removed"
_VERSION = "version of new mappings that say none, kept as its exact number"


class ImportQuerySchema(QuerySchema):
    dry_run = Boolean(load_default=False, metadata={"description": "only tell what would be written"})
    whole = Boolean(load_default=False, metadata={"description": _WHOLE})
    version = SafeString(least=1, most=40, load_default="latest", metadata={"description": _VERSION})


class CountsSchema(ResponseSchema):
    added = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    removed = ma.fields.Integer(required=True, metadata={"description": "only with `whole`"})


class ExampleSchema(ResponseSchema):
    what = ma.fields.String(required=True, metadata={"enum": ["added", "changed", "removed"]})
    line = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "of the file; null: not in it"})
    course = ma.fields.String(required=True, metadata={"description": "the provider's own id"})
    concept = ma.fields.String(required=True)
    relation = ma.fields.String(required=True)


class ImportSchema(ResponseSchema):
    courses = ma.fields.Nested(CountsSchema, required=True)
    mappings = ma.fields.Nested(CountsSchema, required=True)
    version = ma.fields.String(required=True, metadata={"description": "of new mappings that said none"})
    written = ma.fields.Boolean(required=True, metadata={"description": "false: it was a dry run"})
    examples = ma.fields.List(
        ma.fields.Nested(ExampleSchema),
        required=True,
        metadata={"description": "of a dry run: some mappings of each kind of change"},
    )
    resolved = ma.fields.List(
        ma.fields.Nested(ResolutionSchema), required=True, metadata={"description": "named otherwise than by its code"}
    )
