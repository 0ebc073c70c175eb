"""A client of a release keeps working with everything that follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.support.breaking import breaks
from tests.support.sources import ROOT

RELEASED = sorted((ROOT / "openapi" / "released").glob("*.json"))

OPERATION: dict[str, Any] = {
    "parameters": [
        {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 500}},
        {"in": "query", "name": "kind", "schema": {"type": "string", "enum": ["a", "b"]}},
        {"in": "query", "name": "q", "schema": {"type": "string"}},
    ],
    "requestBody": {
        "content": {"application/json": {"schema": {"type": "object", "properties": {"x": {"type": "string"}}}}}
    },
    "responses": {
        "200": {
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}},
                "text/csv": {"schema": {"type": "string"}},
            }
        },
        "404": {"description": "no"},
    },
}
SPEC: dict[str, Any] = {
    "paths": {"/things": {"post": OPERATION}},
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["code"],
                "properties": {
                    "code": {"type": "string"},
                    "links": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                    "texts": {"type": "object", "additionalProperties": {"type": "string"}},
                    "said": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
            }
        }
    },
}


def thing(spec: Any) -> Any:
    return spec["components"]["schemas"]["Thing"]


def post(spec: Any) -> Any:
    return spec["paths"]["/things"]["post"]


BREAKS: dict[str, Callable[[Any], Any]] = {
    "POST /things: gone": lambda s: s["paths"].pop("/things"),
    "query limit: gone": lambda s: post(s)["parameters"].pop(0),
    "query limit: maximum is narrower": lambda s: post(s)["parameters"][0]["schema"].update(maximum=100),
    "query limit: type ['integer'] became ['string']": lambda s: post(s)["parameters"][0]["schema"].update(
        type="string"
    ),
    "query limit: became required": lambda s: post(s)["parameters"][0].update(required=True),
    "query kind: b is no longer taken": lambda s: post(s)["parameters"][1]["schema"].update(enum=["a"]),
    "query q: takes fewer values": lambda s: post(s)["parameters"][2]["schema"].update(enum=["a"]),
    "query q: another pattern": lambda s: post(s)["parameters"][2]["schema"].update(pattern="^a$"),
    "query q: minLength is narrower": lambda s: post(s)["parameters"][2]["schema"].update(minLength=2),
    "query new: became required": lambda s: post(s)["parameters"].append(
        {"in": "query", "name": "new", "required": True}
    ),
    "body.x: gone": lambda s: post(s)["requestBody"]["content"]["application/json"]["schema"]["properties"].clear(),
    "body.y: became required": lambda s: post(s)["requestBody"]["content"]["application/json"]["schema"].update(
        required=["y"]
    ),
    "body application/json: gone": lambda s: post(s)["requestBody"]["content"].clear(),
    "404: gone": lambda s: post(s)["responses"].pop("404"),
    "200 text/csv: gone": lambda s: post(s)["responses"]["200"]["content"].pop("text/csv"),
    "200.links: gone": lambda s: thing(s)["properties"].pop("links"),
    "200.code: no longer always there": lambda s: thing(s).update(required=[]),
    "200.links[].code: type ['string'] became ['integer']": lambda s: thing(s)["properties"]["code"].update(
        type="integer"
    ),
    "200.texts.*: type ['string'] became ['object']": lambda s: thing(s)["properties"]["texts"].update(
        additionalProperties={"type": "object"}
    ),
    "200.said: an alternative is gone": lambda s: thing(s)["properties"]["said"]["anyOf"].pop(),
}


@pytest.mark.parametrize("line", BREAKS)
def test_every_kind_of_break_is_found(line: str) -> None:
    changed = deepcopy(SPEC)
    BREAKS[line](changed)
    assert any(found.endswith(line) for found in breaks(SPEC, changed)), breaks(SPEC, changed)


def test_additions_break_nothing() -> None:
    changed = deepcopy(SPEC)
    changed["paths"]["/more"] = {"get": {"responses": {}}}
    post(changed)["parameters"].append({"in": "query", "name": "new"})
    post(changed)["parameters"][1]["schema"]["enum"].append("c")
    post(changed)["responses"]["409"] = {"description": "conflict"}
    thing(changed)["properties"]["more"] = {"type": "string"}
    assert breaks(SPEC, changed) == []
    assert breaks(SPEC, SPEC) == []


def test_there_is_a_released_description_to_keep_to() -> None:
    assert RELEASED


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_what_was_released_still_works(released: Any) -> None:
    current = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))
    assert breaks(json.loads(released.read_text("utf-8")), current) == []
