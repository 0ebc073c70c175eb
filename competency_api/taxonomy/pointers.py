"""A concept as a flat map from JSON Pointers to values, and back.

The leaves are the places that the difference speaks about: one text in one language is a leaf, a list (relations of one
type, alignments, sources) is a leaf, an attribute by language or by level is split into its texts. ``rebuilt`` undoes
``flattened`` exactly, for any concept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from competency_api.taxonomy.concept import Concept

#: Every field but the code, which never changes.
FIELDS = tuple(name for name in Concept.__struct_fields__ if name != "code")
_DEFAULTS = {
    field.name: field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
    for field in msgspec.structs.fields(Concept)
} | {"labels": {}}

#: Fields whose value is a map by language or by name: each key is a place of its own.
_MAPS = ("labels", "definition", "scope_note", "example", "translations", "relations", "attributes")


def escaped(token: str) -> str:
    """One reference token of a JSON Pointer (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def tokens(path: str) -> list[str]:
    """The unescaped reference tokens of a pointer; the empty pointer has none."""
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def leaves(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The places that make up ``value``, which stands at ``prefix``: objects are gone into, lists are one place."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(f"{prefix}/{escaped(key)}", inner)
    else:
        yield prefix, value


def as_json(value: object) -> Any:
    """The content as what a JSON decoder gives (lists, not tuples), so that it compares equal to what was stored."""
    return msgspec.json.decode(msgspec.json.encode(value))


def flattened(concept: Concept, fields: Collection[str] = FIELDS) -> dict[str, Any]:
    """The values of a concept by pointer, of these fields only; fields that are at their default are absent."""
    flat: dict[str, Any] = {}
    for name in fields:
        value = getattr(concept, name)
        if value == _DEFAULTS[name]:
            continue
        if name in _MAPS:
            flat.update(leaves(f"/{name}", as_json(value)))
        else:
            flat[f"/{name}"] = as_json(value)
    return flat


def rebuilt(code: str, flat: Mapping[str, Any]) -> Concept:
    """The concept whose :func:`flattened` form this is.

    Raises ``msgspec.ValidationError`` when the places do not make up a concept.
    """
    content: dict[str, Any] = {"code": code, "labels": {}}
    for path, value in flat.items():
        *parents, last = tokens(path)
        node = content
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = value
    return msgspec.convert(content, Concept)


def lies_within(path: str, place: str) -> bool:
    """Whether ``path`` is the place or lies below it."""
    return path == place or path.startswith(f"{place}/")


def value_at(flat: Mapping[str, Any], place: str) -> Any:
    """What stands at a place, put together from the leaves below it; None when nothing does."""
    if place in flat:
        return flat[place]
    found: dict[str, Any] = {}
    for path, value in flat.items():
        if path.startswith(f"{place}/"):
            *parents, last = tokens(path[len(place) :])
            node = found
            for parent in parents:
                node = node.setdefault(parent, {})
            node[last] = value
    return found or None


def with_value(flat: Mapping[str, Any], place: str, value: Any) -> dict[str, Any]:
    """The flat map with ``value`` at a place instead of what stands there, below it, or around it; None takes away."""
    result = {
        path: kept for path, kept in flat.items() if not lies_within(path, place) and not place.startswith(f"{path}/")
    }
    if value is not None:
        # what is no map by language or name is one place, also where it is an object: a retirement
        result.update(leaves(place, value) if tokens(place)[0] in _MAPS else {place: value})
    return result
