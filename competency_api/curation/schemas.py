"""What is asked and answered about proposals."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.catalogue.schemas import (
    ConceptChangeSchema,
    FindingSchema,
    ReasonSchema,
    RuleCountSchema,
)
from competency_api.core.http import LanguageQuerySchema, PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Choice, Integer, SafeString
from competency_api.curation.authoring.writing import MOST_CHANGES
from competency_api.curation.changes.actions import ACTIONS
from competency_api.curation.changes.describing import change_schema
from competency_api.curation.lifecycle import LONGEST_TITLE, TRANSITIONS, State

_MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}
STATES = [state.value for state in State]

ID_PARAMETER = {
    "in": "path",
    "name": "id",
    "description": "Identifier of the proposal",
    "schema": {"type": "string", "minLength": 1},
    "example": "5f0c1a52-3c57-4f0e-9d3b-0a4c9d1f7e21",
}
NUMBER_PARAMETER = {
    "in": "path",
    "name": "number",
    "description": "Number of the change in the proposal",
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    "example": 1,
}


class ChangeField(ma.fields.Raw):
    """One typed change: its members depend on its type, and are read by the rules of that type."""

    def __init__(self, **options: Any) -> None:
        about = {"description": "one change (docs/reference/changes.md)", **change_schema()}
        super().__init__(metadata=about, **options)


class _Described(Schema):
    title = SafeString(least=1, most=LONGEST_TITLE)
    rationale = SafeString(most=10_000, multiline=True, metadata={"description": "why; Markdown"})


def _changes(**options: Any) -> ma.fields.List[Any]:
    bounds = {"minItems": 1, "maxItems": MOST_CHANGES}
    return ma.fields.List(ChangeField(), validate=ma.validate.Length(1), metadata=bounds, **options)


class ProposalCreateSchema(_Described):
    title = SafeString(least=1, most=LONGEST_TITLE, required=True)
    changes = _changes()


class ProposalChangeSchema(_Described):
    """Only the members that are sent change."""


class ChangesCreateSchema(Schema):
    changes = _changes(required=True)


class ChangeReplaceSchema(Schema):
    change = ChangeField(required=True)


class NoteSchema(Schema):
    note = SafeString(most=10_000, multiline=True, load_default="", metadata={"description": "why, for the author"})


class DecisionSchema(Schema):
    code = SafeString(least=1, most=16, required=True)
    path = SafeString(most=1000, required=True, metadata={"description": "`path` of the conflict"})
    value = ma.fields.Raw(
        required=True,
        allow_none=True,
        metadata={"description": "what it is to be: theirs, yours or another; null: nothing"},
    )


class RebaseSchema(Schema):
    decisions = ma.fields.List(
        ma.fields.Nested(DecisionSchema), load_default=list, metadata={"description": "one for each conflict"}
    )


class CommentCreateSchema(Schema):
    text = SafeString(least=1, most=10_000, multiline=True, required=True)
    change = Integer(least=1, most=2**31 - 1, metadata={"description": "number of the change that it is about"})
    reply_to = SafeString(least=1, most=36, metadata={"description": "`id` of the comment that it answers"})


class ProposalsQuerySchema(PageQuerySchema):
    state = Choice(STATES, metadata={"description": "only those in this state"})
    code = SafeString(least=1, most=16, metadata={"description": "only those that change this concept"})
    own = Boolean(metadata={"description": "only one's own"})


class DifferenceQuerySchema(LanguageQuerySchema):
    """The language of labels."""


def _text(description: str = "", **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, metadata={**described, **metadata})


def _optional(description: str = "", **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, allow_none=True, metadata={**described, **metadata})


class ProposalSchema(ResponseSchema):
    id = _text()
    title = _text()
    rationale = _text()
    state = _text(enum=STATES)
    next = ma.fields.List(
        ma.fields.String(metadata={"enum": [verb.value for verb in TRANSITIONS]}),
        required=True,
        metadata={"description": "verbs that the state permits; each is an address below the proposal"},
    )
    editable = ma.fields.Boolean(required=True)
    organisation = _optional("code of the author's organisation; null for the deployment")
    author = _text("name of the author, as it was then")
    changes = ma.fields.Integer(required=True, metadata={"description": "number of changes"})
    created_at = _text(**_MOMENT)
    changed_at = _text(**_MOMENT)
    submitted_at = _optional("first submission", **_MOMENT)
    decided_at = _optional(**_MOMENT)
    decided_by = _optional()
    decision = _text("note of the last decision")
    version = _optional("number of the version that contains it", examples=["2.1.0"])
    revision = ma.fields.Integer(required=True, metadata={"description": "in quotes it is the `ETag`"})
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class ProposedChangeSchema(ResponseSchema):
    number = ma.fields.Integer(required=True)
    codes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "concepts that it changes"})
    change = ma.fields.Dict(
        required=True, metadata={"description": f"the change; `type` is one of {', '.join(ACTIONS)}"}
    )


class CommentSchema(ResponseSchema):
    id = _text()
    text = _text()
    change = ma.fields.Integer(required=True, allow_none=True)
    reply_to = _optional()
    author = _text()
    organisation = _optional()
    created_at = _text(**_MOMENT)


class FieldConflictSchema(ResponseSchema):
    path = _text("JSON Pointer into the concept; empty: all of it")
    base = ma.fields.Raw(required=True, allow_none=True, metadata={"description": "what the author saw"})
    theirs = ma.fields.Raw(required=True, allow_none=True, metadata={"description": "what stands there now"})
    yours = ma.fields.Raw(required=True, allow_none=True, metadata={"description": "what the proposal makes of it"})


class ConceptConflictSchema(ResponseSchema):
    code = _text()
    label = _text()
    fields_ = ma.fields.List(ma.fields.Nested(FieldConflictSchema), required=True, data_key="fields")


class ConflictsSchema(ResponseSchema):
    conflicts = ma.fields.List(ma.fields.Nested(ConceptConflictSchema), required=True)


class ProposalDifferenceSchema(ResponseSchema):
    proposal = _text()
    bump = _optional("the weightiest; null: nothing changes")
    smallest = _optional("the smallest number of a version with only this")
    reasons = ma.fields.List(ma.fields.Nested(ReasonSchema), required=True)
    reasons_total = ma.fields.Integer(required=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    concepts = ma.fields.Integer(required=True)
    conflicts = ma.fields.Integer(required=True, metadata={"description": "concepts in conflict with the draft"})
    items = ma.fields.List(ma.fields.Nested(ConceptChangeSchema), required=True)


class QualityDifferenceSchema(ResponseSchema):
    errors_added = ma.fields.Integer(required=True)
    errors_resolved = ma.fields.Integer(required=True)
    added = ma.fields.List(ma.fields.Nested(FindingSchema), required=True)
    resolved = ma.fields.List(ma.fields.Nested(FindingSchema), required=True)
    rules = ma.fields.List(
        ma.fields.Nested(RuleCountSchema), required=True, metadata={"description": "all findings afterwards, by rule"}
    )


class ReadersSchema(ResponseSchema):
    """Requests of the last thirty days that named a version in the same way; about them nothing else is known."""

    reference = _text("a number, a prefix, a day or `latest`", examples=["2", "2.0.0"])
    mark = _text("empty for data, `embed` for what stands in other sites")
    requests = ma.fields.Integer(required=True)
    last_on = _text(format="date")
    follows = ma.fields.Boolean(
        required=True, metadata={"description": "whether it would name the new version by itself"}
    )


class ImpactSchema(ResponseSchema):
    concepts = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "outcome for each concept"})
    mappings = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(), required=True, metadata={"description": "by outcome"}
    )
    mappings_total = ma.fields.Integer(required=True)
    waiting = ma.fields.Integer(required=True, metadata={"description": "mappings that wait for their provider"})
    affected = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "at most the first 500"})
    embeds = ma.fields.List(ma.fields.Dict(), required=True)
    alignments_lost = ma.fields.List(ma.fields.Dict(), required=True)
    organisations = ma.fields.List(ma.fields.Dict(), required=True)
    readers = ma.fields.List(ma.fields.Nested(ReadersSchema), required=True)
