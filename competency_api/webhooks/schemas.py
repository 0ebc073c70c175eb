"""What is asked and answered about webhooks."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.core.http import PageQuerySchema, ResponseSchema, Schema
from competency_api.core.http.fields import Boolean, Choice, Moment, SafeString
from competency_api.events.values import LONGEST_TYPE, TYPE_PATTERN
from competency_api.webhooks.delivery.addresses import LONGEST_URL
from competency_api.webhooks.values import LONGEST_OVERLAP, OVERLAP, Because, State

MOST_TYPES = 20
_CODE = "^[a-z0-9]+(-[a-z0-9]+)*$"
_MOMENT: dict[str, Any] = {"format": "date-time", "examples": ["2026-11-23T08:00:00Z"]}


def _path(name: str, description: str) -> dict[str, Any]:
    return {
        "in": "path",
        "name": name,
        "description": description,
        "schema": {"type": "string", "minLength": 1},
        "example": "5f0c1a52-3c57-4f0e-9d3b-0a4c9d1f7e21",
    }


#: How a webhook and a delivery are named in a path.
ID_PARAMETER = _path("id", "`id` of the webhook")
MESSAGE_PARAMETER = _path("message", "`id` of the message, as in the field `webhook-id`")


def _url(**options: Any) -> SafeString:
    return SafeString(
        least=1, most=LONGEST_URL, metadata={"description": "address that is called, with https"}, **options
    )


def _description() -> SafeString:
    return SafeString(most=200, metadata={"description": "what it is for"})


def _types() -> ma.fields.List[Any]:
    pattern = {"pattern": TYPE_PATTERN, "examples": ["version.published"]}
    right = ma.validate.Regexp(TYPE_PATTERN, error="It must be like version.published.")
    return ma.fields.List(
        SafeString(least=1, most=LONGEST_TYPE, validate=right, metadata=pattern),
        validate=ma.validate.Length(0, MOST_TYPES),
        metadata={"description": "types of events that it is told of; empty: all"},
    )


def _touching() -> Boolean:
    return Boolean(metadata={"description": "whether only of what touches the organisation, such as its mappings"})


class WebhookCreateSchema(Schema):
    url = _url(required=True)
    description = _description()
    types = _types()
    touching = _touching()
    organisation = SafeString(
        least=1,
        most=60,
        validate=ma.validate.Regexp(_CODE, error="It must be the code of an organisation."),
        metadata={"pattern": _CODE, "description": "code of the organisation; left out: that of the key"},
    )


class WebhookChangeSchema(Schema):
    url = _url()
    description = _description()
    types = _types()
    touching = _touching()
    active = Boolean(metadata={"description": "made active again, it is told of what it missed"})


class SecretRotationSchema(Schema):
    old_valid_until = Moment(
        metadata={
            **_MOMENT,
            "description": f"until when the old secret signs too, at most {LONGEST_OVERLAP.days} days; left out: "
            f"{OVERLAP.days} day",
        }
    )


class DeliveriesQuerySchema(PageQuerySchema):
    state = Choice([state.value for state in State], metadata={"description": "Only those in this state"})


def _text(description: str = "", *, optional: bool = False, **metadata: Any) -> ma.fields.String:
    described = {"description": description} if description else {}
    return ma.fields.String(required=True, allow_none=optional, metadata={**described, **metadata})


class WebhookSchema(ResponseSchema):
    id = _text()
    url = _text()
    description = _text()
    types = ma.fields.List(ma.fields.String(), required=True)
    touching = ma.fields.Boolean(required=True)
    organisation = _text("code of the organisation; null: the deployment's own", optional=True)
    active = ma.fields.Boolean(required=True)
    disabled_because = _text(
        "why it was made inactive, if not by hand: "
        f"`{Because.GONE}` (it answered 410), `{Because.FAILING}` (nothing arrived in three days), "
        f"`{Because.INACTIVE}` (its organisation is)",
        optional=True,
    )
    old_secret_valid_until = _text("until when the secret before signs too", optional=True, **_MOMENT)
    created_at = _text(**_MOMENT)


class NewWebhookSchema(WebhookSchema):
    secret = _text("what deliveries are signed with, which is shown here and never again")


class DeliverySchema(ResponseSchema):
    id = _text("the same as in the field `webhook-id`, and that of the event")
    type = _text(examples=["version.published"])
    state = _text(enum=[state.value for state in State])
    attempts = ma.fields.Integer(required=True)
    next_attempt_at = _text("null when there is none, or one is going on", optional=True, **_MOMENT)
    created_at = _text(**_MOMENT)
    finished_at = _text(optional=True, **_MOMENT)


class AttemptSchema(ResponseSchema):
    at = _text(**_MOMENT)
    status = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "what was answered"})
    error = _text("why it was not, or what was wrong with it", optional=True)
    milliseconds = ma.fields.Integer(required=True)


class WholeDeliverySchema(DeliverySchema):
    body = ma.fields.Dict(required=True, metadata={"description": "the message that was sent"})
    log = ma.fields.List(ma.fields.Nested(AttemptSchema), required=True)
