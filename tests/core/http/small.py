"""A small feature to test the HTTP layer with: things that are listed, read and made."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from competency_api.app import build
from competency_api.core.config import Settings
from competency_api.core.errors import Conflict, DatabaseUnavailable, NotFound
from competency_api.core.http import (
    Blueprint,
    FieldsQuerySchema,
    Format,
    ResponseSchema,
    Schema,
    WholePageQuerySchema,
    alias,
    immutable,
    negotiate,
    page_of,
    page_schema,
    tree_of,
    trim,
)
from competency_api.core.http.fields import Boolean, Choice, CommaList, Date, Integer, Language, SafeString

FORMATS = (Format("json", "application/json"), Format("csv", "text/csv"), Format("html", "text/html"))
THINGS = [
    {"code": f"C{n:03}", "number": n, "labels": {"en": {"preferred": f"Thing {n}"}, "es": {"preferred": f"Cosa {n}"}}}
    for n in range(1, 121)
]

blp = Blueprint("things", __name__, url_prefix="/things", description="Things")
blueprints = (blp,)


class LabelsSchema(ResponseSchema):
    preferred = ma.fields.String()
    alternative = ma.fields.List(ma.fields.String())


class ThingSchema(ResponseSchema):
    code = ma.fields.String()
    number = ma.fields.Integer()
    labels = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(LabelsSchema))


class ThingQuerySchema(WholePageQuerySchema, FieldsQuerySchema):
    kind = Choice(["competency", "discipline"])
    deep = Boolean()
    day = Date()
    lang = Language()
    codes = CommaList(SafeString(least=1, most=10), most=3)


class PartSchema(Schema):
    label = SafeString(least=1, most=20)


class ThingCreateSchema(Schema):
    label = SafeString(required=True, least=1, most=20)
    note = SafeString(most=100, multiline=True)
    number = Integer(least=1, most=99)
    open = Boolean()
    parts = ma.fields.List(ma.fields.Nested(PartSchema))


@blp.get("")
@blp.public
@blp.arguments(ThingQuerySchema, location="query")
@blp.response(200, page_schema(ThingSchema), description="A page of things")
def list_things(query: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
    """List things"""
    tree = tree_of(query.get("fields_", ()), ThingSchema)
    page = page_of(THINGS, lambda thing: thing["code"], limit=query["limit"], cursor=query.get("cursor"))
    return jsonify(page.body(lambda thing: trim(thing, tree))), 200, page.link()


@blp.post("")
@blp.public
@blp.raises(Conflict)
@blp.arguments(ThingCreateSchema)
@blp.response(201, ThingSchema, description="The new thing")
def make_thing(body: dict[str, Any]) -> dict[str, Any]:
    """Make a thing"""
    if body["label"] == "taken":
        raise Conflict("There is a thing of that name.")
    return {"code": "C999", "number": body.get("number", 1), "labels": {"en": {"preferred": body["label"]}}}


@blp.get("/<code>")
@blp.public
@blp.raises(NotFound)
@blp.response(200, ThingSchema, description="The thing")
def read_thing(code: str) -> Response:
    """Read a thing"""
    for thing in THINGS:
        if thing["code"] == code:
            return immutable(jsonify(thing))
    raise NotFound(f"There is no thing {code}.", extra={"nearest": ["C001"]})


@blp.get("/latest")
@blp.public
@blp.response(200, ThingSchema, description="The newest thing")
def read_latest_thing() -> Response:
    """Read the newest thing"""
    return alias(jsonify(THINGS[-1]), "/things/C120")


@blp.get("/export")
@blp.get("/export.<suffix>", endpoint="export_suffix")
@blp.public
@blp.response(200, {"type": "string"}, content_type="text/csv", description="All things")
def export_things(suffix: str | None = None) -> Response:
    """Export all things"""
    chosen = negotiate(FORMATS, suffix)
    return Response(chosen.suffix, content_type=chosen.media_type)


@blp.get("/broken")
@blp.public
@blp.response(200, description="Never")
def break_things() -> Response:
    """Break"""
    raise RuntimeError("the password is 1234")


@blp.get("/unreachable")
@blp.public
@blp.response(200, description="Never")
def reach_things() -> Response:
    """Fail by the database"""
    raise DatabaseUnavailable("The database postgresql://inside/db cannot be reached.", retry_after=7)


def client(**environ: str) -> Any:
    """A test client of the small application."""
    return build(Settings.from_env(environ), (__name__,)).test_client()
