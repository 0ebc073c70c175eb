"""Real answers in the description of the API: ``examples/<operationId>.json`` beside a feature's routes.

Each file holds the ``request`` (method, path, and body for a POST) and the ``answer`` that the starter taxonomy gives
to it; a test asks again and compares.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[2]
_JSON = "application/json"


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Every example by operationId."""
    return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(_PACKAGE.glob("*/examples/*.json"))}


def attach(spec: dict[str, Any]) -> dict[str, Any]:
    """The description with examples where there are any."""
    for path in spec["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and operation.get("operationId") in examples():
                _describe(operation, examples()[operation["operationId"]])
    return spec


def _describe(operation: dict[str, Any], example: dict[str, Any]) -> None:
    request = example["request"]
    title = f"{request['method']} {request['path']}"
    answer = operation["responses"]["200"]["content"][_JSON]
    answer["examples"] = {"starter": {"summary": title, "value": example["answer"]}}
    if "body" in request:
        body = operation["requestBody"]["content"][_JSON]
        body["examples"] = {"starter": {"summary": title, "value": request["body"]}}
