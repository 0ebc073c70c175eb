from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from competency_api.app import build
from competency_api.core.config import Settings
from competency_api.core.http import Blueprint, UndeclaredAccessError, operations_of, spec_json
from tests.core.http import small

APP = build(Settings(), (small.__name__,))


def spec() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(spec_json(APP))
    return document


def operations() -> list[dict[str, Any]]:
    members = [member for path in spec()["paths"].items() for member in path[1].items()]
    return [operation for method, operation in members if method in ("get", "post")]


def test_the_document_is_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(spec()).iter_errors()) == []


def test_the_document_does_not_depend_on_deployment_or_time() -> None:
    other = build(Settings.from_env({"PUBLIC_BASE_URL": "https://x.example", "PORT": "9"}), (small.__name__,))
    assert spec_json(other) == spec_json(APP)


def test_no_name_of_the_document_follows_the_python_version() -> None:
    text = spec_json(APP)
    assert "UNPROCESSABLE" not in text
    assert "ENTITY" not in text


def test_requests_are_closed_and_answers_open() -> None:
    schemas = spec()["components"]["schemas"]
    assert schemas["ThingCreate"]["additionalProperties"] is False
    assert schemas["Thing"]["additionalProperties"] is True
    assert schemas["Problem"]["additionalProperties"] is True


def test_every_operation_documents_its_problems() -> None:
    paths = spec()["paths"]
    assert paths["/things/{code}"]["get"]["responses"]["404"] == {"$ref": "#/components/responses/NotFound"}
    assert {"400", "409", "413", "415", "422"} <= paths["/things"]["post"]["responses"].keys()
    assert all({"422", "default"} <= operation["responses"].keys() for operation in operations())


def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    names = [operation["operationId"] for operation in operations()]
    assert {"list_things", "export_things", "export_suffix"} <= set(names)
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for operation in operations())


def test_a_limit_is_described_with_its_word() -> None:
    parameters = {p["name"]: p["schema"] for p in spec()["paths"]["/things"]["get"]["parameters"]}
    assert parameters["limit"]["type"] == ["integer", "string"]
    assert parameters["limit"]["maximum"] == 500
    assert parameters["limit"]["pattern"] == "^all$"


def test_a_route_that_says_not_who_may_use_it_cannot_be_made() -> None:
    blp = Blueprint("careless", __name__, description="Careless")
    with pytest.raises(UndeclaredAccessError, match="GET /open"):
        blp.get("/open")(lambda: "")


def test_the_register_of_operations_knows_who_may_use_each() -> None:
    assert {operation.access for operation in operations_of(APP)} == {"public"}
    assert ("POST", "/things") in {(operation.method, operation.rule) for operation in operations_of(APP)}
