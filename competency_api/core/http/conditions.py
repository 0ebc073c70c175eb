"""Changes of what exists: ``If-Match`` with the entity tag of the state that they were made from.

The entity tag of what people edit is its revision. Services compare it (``require_revision`` of core.db), and that
nobody overwrites what another wrote meanwhile is decided by ``UPDATE … WHERE revision = …``.
"""

from __future__ import annotations

import re
from typing import TypeVar

from flask import Response, request

from competency_api.core.errors import FieldError, InvalidInput, PreconditionRequired

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "`ETag` of the state that the change was made from.",
    "schema": {"type": "string", "minLength": 1, "pattern": '^"[0-9]+"$'},
    "example": '"1"',
}
IF_MATCH_TO_CHANGE = {
    **IF_MATCH,
    "required": False,
    "description": "`ETag` of the state that the change was made from; needed to change what exists.",
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "`*`: only if there is nothing yet.",
    "schema": {"type": "string", "enum": ["*"]},
}
# A proxy that compresses makes a tag weak; it still names the same revision.
_TAG = re.compile(r'\s*(?:W/)?"([0-9]{1,18})"\s*')

_ANY_TAG = re.compile(r'\s*(?:W/)?"[!#-~\x80-\xff]*"\s*')
#: The same for what has no revision, but a name of its state.
IF_MATCH_STATE = {
    **IF_MATCH,
    "schema": {"type": "string", "minLength": 1},
    "example": '"5f0c8a64b2c1f0e7"',
}
_STATE = re.compile(r'\s*(?:W/)?"([!#-~]{1,200})"\s*')

Answer = TypeVar("Answer", bound=Response)


def expected_revisions() -> frozenset[int]:
    """The revisions that ``If-Match`` of the present request names.

    Raises PreconditionRequired without it and for ``*``, which would overwrite whatever there is, and InvalidInput for
    what is no entity tag.
    """
    field = _required_field()
    found = [_TAG.fullmatch(part) for part in field.split(",")]
    return frozenset(int(match[1]) for match in found if match)


def expected_states() -> frozenset[str]:
    """The same for entity tags that are no revisions."""
    field = _required_field()
    found = [_STATE.fullmatch(part) for part in field.split(",")]
    return frozenset(match[1] for match in found if match)


def _required_field() -> str:
    field = request.headers.get("If-Match", "").strip()
    if not field or field == "*":
        raise PreconditionRequired("Send the `ETag` of what you read in `If-Match`.")
    if not all(_ANY_TAG.fullmatch(part) for part in field.split(",")):
        raise InvalidInput(FieldError('It must be an `ETag` that you read, such as "1".', header="If-Match"))
    return field


def expected_or_new() -> frozenset[int] | None:
    """Of a request that makes something or changes it: the revisions that ``If-Match`` names, none (an empty set) with
    ``If-None-Match: *``, which demands that there is nothing yet, and None without either.

    Raises PreconditionRequired for ``If-Match: *``.
    """
    if "If-Match" in request.headers:
        return expected_revisions()
    return frozenset() if request.headers.get("If-None-Match", "").strip() == "*" else None


def with_revision(response: Answer, revision: int) -> Answer:
    """The answer with the entity tag of a revision."""
    response.set_etag(str(revision))
    return response
