"""Schemas: what comes in is closed, what goes out is open.

A request with an unknown member is refused with the nearest known name. Answers are described as open
(``additionalProperties: true``), so that a later version may add members without breaking strict clients.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import marshmallow as ma

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable

_UNKNOWN = "There is no such member."
_CLEARER = {"Missing data for required field.": "It is missing.", "Field may not be null.": "It must not be null."}


class Schema(ma.Schema):
    """Base of what a JSON body is read with."""

    class Meta:
        unknown = ma.RAISE

    #: Whether values arrive as text (query, headers) rather than as JSON.
    from_text = False

    error_messages = {"unknown": _UNKNOWN, "type": "It must be an object."}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names by which clients send its members."""
        return _names(cls)

    def handle_error(self, error: ma.ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:
        """Say it in our words, and the nearest known name with what is said about unknown members."""
        if many or not isinstance(error.messages, dict):
            return
        for name, messages in error.messages.items():
            if messages == [_UNKNOWN]:
                shown = printable(name)
                error.messages[name] = [f'There is no member "{shown}".{did_you_mean(str(name), self.names())}']
            elif isinstance(messages, list):
                error.messages[name] = [
                    _CLEARER.get(text, text) if isinstance(text, str) else text for text in messages
                ]


@cache
def _names(schema: type[Schema]) -> tuple[str, ...]:
    return tuple(field.data_key or name for name, field in schema._declared_fields.items() if not field.dump_only)


class QuerySchema(Schema):
    """Base of what a query is read with. An operation has one: combine several by inheritance."""

    from_text = True


class ResponseSchema(ma.Schema):
    """Base of what an answer is described (and, off the published path, written) with."""

    class Meta:
        unknown = ma.INCLUDE


class ProblemErrorSchema(ResponseSchema):
    detail = ma.fields.String(required=True)
    pointer = ma.fields.String(metadata={"description": "JSON Pointer into the body"})
    parameter = ma.fields.String(metadata={"description": "name of the query or path parameter"})
    header = ma.fields.String(metadata={"description": "name of the header field"})


class ProblemSchema(ResponseSchema):
    """Problem details of RFC 9457."""

    type = ma.fields.String(required=True, metadata={"format": "uri"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String(required=True, metadata={"description": "path that was asked for"})
    code = ma.fields.String(required=True, metadata={"description": "stable name of the problem"})
    reference = ma.fields.String(required=True, metadata={"description": "id of the request in the service's log"})
    errors = ma.fields.List(ma.fields.Nested(ProblemErrorSchema))
