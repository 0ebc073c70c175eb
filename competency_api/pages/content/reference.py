"""Every operation of the API, from its OpenAPI document, as plain values for a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

Document = Mapping[str, Any]
#: Reading what only some deployments have: their examples may lead nowhere, and are no links.
_OF_DEPLOYMENTS = ("/api/v1/courses/{id}", "/api/v1/workshops/{workshop}", "/.well-known/security.txt")
_METHODS = ("get", "post", "put", "patch", "delete")


def groups(document: Document) -> list[dict[str, Any]]:
    """Operations by their group, in the order of the document."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                found[item[method]["tags"][0]].append(_operation(document, path, method, item))
    return [
        {"name": tag["name"], "description": tag.get("description", ""), "operations": found[tag["name"]]}
        for tag in document["tags"]
        if found[tag["name"]]
    ]


def _operation(document: Document, path: str, method: str, item: Document) -> dict[str, Any]:
    described = item[method]
    given = [*item.get("parameters", ()), *described.get("parameters", ())]
    parameters = [resolved(document, parameter) for parameter in given]
    example = _example(path, parameters) if method == "get" else ""
    return {
        "id": described["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": described.get("summary", ""),
        "description": " ".join(described.get("description", "").split()),
        "scopes": [scope for entry in described.get("security", ()) for scopes in entry.values() for scope in scopes],
        "parameters": [_parameter(parameter) for parameter in parameters],
        "example": example,
        "open": _opened(example, described) if not path.startswith(_OF_DEPLOYMENTS) else "",
        "body": list(_body(document, described.get("requestBody", {}))),
        "responses": list(_responses(document, described["responses"])),
    }


def _example(path: str, parameters: list[Document]) -> str:
    """The path with the examples of its parameters and of those that must be given; empty where one has none."""
    query = {}
    for parameter in parameters:
        value = parameter.get("example", parameter.get("schema", {}).get("example"))
        if parameter["in"] == "path" and value is not None:
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
        elif parameter["in"] == "query" and parameter.get("required"):
            query[parameter["name"]] = "" if value is None else str(value)
    is_whole = "{" not in path and all(query.values())
    return f"{path}?{urlencode(query)}".rstrip("?") if is_whole else ""


def _opened(example: str, described: Document) -> str:
    """The address of the example for a browser, which would be led to a page where there is one."""
    path, mark, query = example.partition("?")
    is_led = {"200", "303"} <= described["responses"].keys()
    return f"{path}.json{mark}{query}" if example and is_led else example


def resolved(document: Document, value: Document) -> Document:
    """What a reference within the document leads to; anything else as it is."""
    while "$ref" in value:
        found: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def _parameter(parameter: Document) -> dict[str, Any]:
    schema = parameter.get("schema", {})
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "is_required": parameter.get("required", False),
        "type": type_of(schema),
        "default": schema.get("default"),
        "description": parameter.get("description", ""),
    }


def type_of(schema: Document) -> str:
    """A schema in a few words: its type, its values, the name of what it refers to."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(one) for one in schema[several]))
    kind = schema.get("type", "")
    words = kind if isinstance(kind, str) else " | ".join(kind)
    return f"list of {type_of(schema['items'])}" if words == "array" and "items" in schema else words


def _body(document: Document, body: Document) -> Iterator[dict[str, Any]]:
    """The members of a JSON body."""
    for content in resolved(document, body).get("content", {}).values():
        schema = resolved(document, content.get("schema", {}))
        for name, member in schema.get("properties", {}).items():
            yield {
                "name": name,
                "is_required": name in schema.get("required", ()),
                "type": type_of(member),
                "description": resolved(document, member).get("description", ""),
            }


def _responses(document: Document, responses: Document) -> Iterator[dict[str, Any]]:
    for status, response in sorted(responses.items()):
        if status == "default":
            continue
        found = resolved(document, response)
        content = found.get("content", {})
        yield {
            "status": status,
            "description": found.get("description", ""),
            "formats": list(content),
            "types": [type_of(entry.get("schema", {})) for entry in content.values()],
        }
