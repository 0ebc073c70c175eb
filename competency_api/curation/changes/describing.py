"""The changes as JSON Schema, for the description of the API: made from the same structs that read them.

What a description can say is said: members, types, words, lengths, what is mandatory. What it cannot say depends on
the concepts that there are: which codes exist, and what the content of a concept of a kind may be.
"""

from __future__ import annotations

from typing import Any

import msgspec

from competency_api.core.text import PATTERN
from competency_api.curation.changes.actions import ACTIONS, SENDABLE
from competency_api.curation.changes.applying import TEXTS
from competency_api.taxonomy.kinds import CODE_PATTERN

Schema = dict[str, Any]

_CODE: Schema = {"type": "string", "pattern": f"^{CODE_PATTERN.pattern}$", "examples": ["C017"]}
_CODES: Schema = {"type": "array", "items": _CODE, "uniqueItems": True}
_DAY: Schema = {"type": "string", "format": "date", "examples": ["2026-11-23"]}
_LINE: Schema = {"type": "string", "pattern": PATTERN}
_CONTENT: Schema = {"type": "string", "pattern": r"\S"}
_FIELDS: Schema = {"type": "object", "minProperties": 1}
_SEEN = "digest of the content that was edited; empty: that of the draft as it is"
#: What the structs do not say, by member; by type and member where it differs.
_MEMBERS: dict[str, Schema] = {
    "code": _CODE,
    "seen": {"type": "string", "pattern": "^([0-9a-f]{64})?$", "description": _SEEN},
    "reason": _CONTENT,
    "on": _DAY,
    "transition_until": _DAY,
    "fields": {**_FIELDS, "description": "a merge patch (RFC 7396) of the concept's JSON"},
    "codes": {**_CODES, "minItems": 1},
    "language": {"type": "string", "maxLength": 35, "examples": ["es", "pt-BR"]},
    "texts": {**_FIELDS, "propertyNames": {"enum": [*TEXTS, "levels"]}},
    "remove": {"type": "array", "items": _LINE},
    "broader": _CODES,
    "part_of": _CODES,
}
_MEMBERS_OF_TYPE: dict[str, dict[str, Schema]] = {
    "merge": {"into": _CODE},
    "split": {"into": {**_CODES, "minItems": 2}},
}
_SEVERAL: Schema = {"required": ["successors"], "properties": {"successors": {"minItems": 2}}}
#: One of these must hold as well.
_ANY_OF: dict[str, list[Schema]] = {
    "retire": [{"properties": {"combine": {"enum": ["any"]}}}, _SEVERAL],
    "move": [{"required": [member]} for member in ("broader", "part_of")],
    "align": [{"required": [member], "properties": {member: {"minItems": 1}}} for member in ("add", "remove")],
}


def change_schema() -> Schema:
    """One change of any type that an author sends."""
    return {"oneOf": [_schema_of(name) for name in SENDABLE]}


def _schema_of(name: str) -> Schema:
    (reference,), known = msgspec.json.schema_components([ACTIONS[name]], ref_template="{name}")
    own = known[reference["$ref"]]
    members = {member: _inlined(value, known) for member, value in own["properties"].items()}
    members |= {member: value for member, value in _MEMBERS.items() if member in members}
    described = {
        "type": "object",
        "description": " ".join((ACTIONS[name].__doc__ or "").split()).replace("``", "`"),
        "properties": {"type": {"type": "string", "enum": [name]}} | members | _MEMBERS_OF_TYPE.get(name, {}),
        "required": ["type", *own["required"]],
        "additionalProperties": False,
    }
    if needed := _ANY_OF.get(name):
        described["anyOf"] = needed
    return described


def _inlined(value: Any, known: dict[str, Any]) -> Any:
    """The schema with what it refers to in its place, and codes as codes."""
    if isinstance(value, list):
        return [_inlined(entry, known) for entry in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        value = known[value["$ref"]]
    plain = {name: _inlined(inner, known) for name, inner in value.items() if name not in ("title", "default")}
    if isinstance(plain.get("properties"), dict):
        plain["properties"] = {name: _CODE if name == "code" else inner for name, inner in plain["properties"].items()}
    return plain
