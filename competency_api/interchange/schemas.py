"""What is asked and answered about files that become proposals."""

from __future__ import annotations

import marshmallow as ma

from competency_api.core.http import QuerySchema, ResponseSchema
from competency_api.core.http.fields import Boolean, SafeString
from competency_api.curation.schemas import ProposalSchema

_FROM = (
    "The version that the file was exported from; left out, it is the draft as it is. Rows with `digest` say it "
    "themselves."
)


class ImportQuerySchema(QuerySchema):
    title = SafeString(
        least=1, most=200, load_default="Imported from a file", metadata={"description": "of the proposal"}
    )
    rationale = SafeString(most=1000, load_default="", metadata={"description": "of the proposal"})
    from_ = SafeString(least=1, most=40, data_key="from", metadata={"description": _FROM})
    dry_run = Boolean(load_default=False, metadata={"description": "only show what the file would change"})


class ImportPlanSchema(ResponseSchema):
    changes = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "the changes that it makes"})
    concepts_unchanged = ma.fields.Integer(required=True)
    problems = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "file:line:column: message"})
    more_problems = ma.fields.Integer(required=True)


class ImportedSchema(ImportPlanSchema):
    proposal = ma.fields.Nested(ProposalSchema, required=True)
