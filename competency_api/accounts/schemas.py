"""What is asked and answered about organisations, people, keys and the audit trail."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.accounts.keys import LIFETIME, LONGEST_OVERLAP, OVERLAP
from competency_api.accounts.values import (
    CODE_PATTERN,
    LONGEST_CODE,
    LONGEST_NAME,
    RIGHT_CODE,
    OrganisationKind,
    Role,
    Scope,
)
from competency_api.core.http import PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Choice, Moment, SafeString

_EMAIL = "^[!-?A-~]+@[!-?A-~]+$"
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_PREFIX = "^sck_[A-Za-z0-9_-]{8}$"
KINDS = [kind.value for kind in OrganisationKind]
ROLES = [role.value for role in Role]
SCOPES = [scope.value for scope in Scope]
_MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}

#: How an organisation, a person and a key are named in a path.
CODE_PARAMETER = {
    "in": "path",
    "name": "code",
    "description": "Code of the organisation",
    "schema": {"type": "string", "minLength": 1},
    "example": "valencia",
}
ID_PARAMETER = {
    "in": "path",
    "name": "id",
    "description": "Its `id`",
    "schema": {"type": "string", "minLength": 1},
    "example": "5f0c1a52-3c57-4f0e-9d3b-0a4c9d1f7e21",
}


def _word(pattern: str, most: int, right: str, description: str, **options: bool) -> SafeString:
    """A text of a pattern; ``right`` says what it must be."""
    return SafeString(
        least=1,
        most=most,
        validate=ma.validate.Regexp(pattern, error=right),
        metadata={"pattern": pattern, "description": description},
        **options,
    )


def _code(description: str, **options: bool) -> SafeString:
    return _word(CODE_PATTERN, LONGEST_CODE, RIGHT_CODE, description, **options)


def _uuid(description: str, **options: bool) -> SafeString:
    return _word(_UUID, 36, "It must be an identifier of ours (a UUID).", description, **options)


def _name(**options: Any) -> SafeString:
    return SafeString(least=1, most=LONGEST_NAME, **options)


def _email() -> SafeString:
    return _word(_EMAIL, 254, "It must be an e-mail address.", "e-mail address", allow_none=True)


class OrganisationCreateSchema(Schema):
    code = _code("its name in addresses; it stays", required=True)
    name = _name(required=True)
    kind = Choice(KINDS, required=True, metadata={"description": "`partner` curates, `provider` maps courses"})


class OrganisationChangeSchema(Schema):
    name = _name()
    kind = Choice(KINDS)
    active = Boolean(metadata={"description": "`false`: its keys and those of its people are not valid"})


class PersonCreateSchema(Schema):
    name = _name(required=True)
    email = _email()
    role = Choice(ROLES, required=True, metadata={"description": "`admin` is outside organisations, the others inside"})
    organisation = _code("code of the organisation; left out: that of the key, if it has one")


class PersonChangeSchema(Schema):
    name = _name()
    email = _email()
    role = Choice(ROLES)
    active = Boolean(metadata={"description": "`false`: their keys are not valid"})


class KeyCreateSchema(Schema):
    name = _name(required=True, metadata={"description": "what it is used for"})
    scopes = ma.fields.List(
        Choice(SCOPES),
        required=True,
        validate=ma.validate.Length(1, len(SCOPES)),
        metadata={"description": "what it may do; every key may `read`"},
    )
    organisation = _code("code of the organisation; left out: that of the person, or of the key that asks")
    person = _uuid("whose key it is; left out: a machine's")
    expires_at = Moment(
        allow_none=True,
        metadata={**_MOMENT, "description": f"left out: {LIFETIME.days} days from now; null: never"},
    )


class RotationSchema(Schema):
    old_valid_until = Moment(
        metadata={
            **_MOMENT,
            "description": f"until when the old key stays valid, at most {LONGEST_OVERLAP.days} days; left out: "
            f"{OVERLAP.days} day",
        }
    )
    expires_at = Moment(
        metadata={**_MOMENT, "description": "end of the new key; left out: after as long as the old one was given"}
    )


class PeopleQuerySchema(PageQuerySchema):
    organisation = _code("Only those of this organisation")


class KeysQuerySchema(PageQuerySchema):
    organisation = _code("Only those of this organisation")
    prefix = _word(
        _PREFIX, 12, "It must be the first 12 characters of a key, sck_ included.", "Only those that begin so"
    )


class AuditQuerySchema(PageQuerySchema):
    action = SafeString(least=1, most=60, metadata={"description": "Only this action", "examples": ["key.revoked"]})
    key = _uuid("Only what was done with the key of this `id`")
    subject = SafeString(least=1, most=120, metadata={"description": "Only what was done to it: `organisation/CODE`"})


def _text(description: str = "", *, required: bool = True, **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=required, metadata={**described, **metadata})


def _optional(description: str = "", **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, allow_none=True, metadata={**described, **metadata})


class OrganisationSchema(ResponseSchema):
    code = _text(examples=["valencia"])
    name = _text()
    kind = _text(enum=KINDS)
    active = ma.fields.Boolean(required=True)
    created_at = _text(**_MOMENT)


class PersonSchema(ResponseSchema):
    id = _text()
    name = _text()
    email = _optional()
    role = _text(enum=ROLES)
    organisation = _optional("code of the organisation; null outside")
    active = ma.fields.Boolean(required=True)
    created_at = _text(**_MOMENT)


class KeySchema(ResponseSchema):
    id = _text()
    name = _text()
    prefix = _text("how it begins: what to look for when a key was found", examples=["sck_q0T9xYb1"])
    scopes = ma.fields.List(ma.fields.String(), required=True)
    organisation = _optional("code of the organisation; null outside")
    person = _optional("`id` of the person; null for a machine's")
    status = _text(enum=["active", "expired", "revoked"])
    replaces = _optional("`id` of the key that it replaces")
    created_at = _text(**_MOMENT)
    expires_at = _optional(**_MOMENT)
    revoked_at = _optional(**_MOMENT)
    last_used_at = _optional("to the minute, known a minute later", **_MOMENT)


class NewKeySchema(KeySchema):
    secret = _text("the key itself, which is shown here and never again")


class MeSchema(ResponseSchema):
    key = ma.fields.Nested(KeySchema, required=True)
    scopes = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "what the key may do at present"}
    )
    organisation = ma.fields.Nested(OrganisationSchema, required=True, allow_none=True)
    person = ma.fields.Nested(PersonSchema, required=True, allow_none=True)


class AuditEntrySchema(ResponseSchema):
    id = ma.fields.Integer(required=True)
    at = _text(**_MOMENT)
    actor = _text("name of whoever did it, as it was then")
    key = _optional("`id` of the key that was used; null at the command line")
    action = _text(examples=["key.revoked"])
    subject = _text("on what", examples=["organisation/valencia"])
    organisation = _optional("code of the organisation that may read it; null: administrators only")
    details = ma.fields.Dict(required=True, metadata={"description": "what is specific to the action"})
