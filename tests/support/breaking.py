"""Differences between two descriptions of the API that break clients of the older one.

Breaking is what makes a request that worked fail, or takes away from an answer what was promised: an operation, a
parameter, a format, a response or a member that is gone; a type that changed; a request that must say more, or may say
less. Additions are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Spec = dict[str, Any]

_METHODS = ("get", "put", "post", "delete", "patch")
#: Bounds of what may be sent, and whether a smaller value is the narrower one.
_BOUNDS = {
    "maxLength": True,
    "maximum": True,
    "maxItems": True,
    "minLength": False,
    "minimum": False,
    "minItems": False,
}
_DEEPEST = 20


def breaks(old: Spec, new: Spec) -> list[str]:
    """Every break, one line each, in the order of the older description."""
    return list(_Comparison(old, new).operations())


class _Comparison:
    def __init__(self, old: Spec, new: Spec) -> None:
        self._old = old
        self._new = new

    def operations(self) -> Iterator[str]:
        for path, item in self._old["paths"].items():
            for method in _METHODS:
                if method not in item:
                    continue
                where = f"{method.upper()} {path}"
                other = self._new["paths"].get(path, {})
                if method not in other:
                    yield f"{where}: gone"
                    continue
                yield from self._parameters(where, (item, item[method]), (other, other[method]))
                yield from self._request(where, item[method], other[method])
                yield from self._responses(where, item[method]["responses"], other[method]["responses"])

    def _parameters(self, where: str, old: tuple[Spec, Spec], new: tuple[Spec, Spec]) -> Iterator[str]:
        before, after = _parameters_of(self._old, *old), _parameters_of(self._new, *new)
        for key, parameter in before.items():
            if key not in after:
                yield f"{where} {key}: gone"
            else:
                yield from self._sent(f"{where} {key}", parameter.get("schema"), after[key].get("schema"))
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{where} {key}: became required"

    def _request(self, where: str, old: Spec, new: Spec) -> Iterator[str]:
        before, after = old.get("requestBody"), new.get("requestBody")
        if after and not before and after.get("required"):
            yield f"{where} body: became required"
        for media_type, content in (before or {}).get("content", {}).items():
            other = (after or {}).get("content", {}).get(media_type)
            if other is None:
                yield f"{where} body {media_type}: gone"
            else:
                yield from self._sent(f"{where} body", content.get("schema"), other.get("schema"))

    def _responses(self, where: str, old: Spec, new: Spec) -> Iterator[str]:
        for status, response in old.items():
            if status not in new:
                yield f"{where} {status}: gone"
                continue
            after = _resolved(self._new, new[status]).get("content", {})
            for media_type, content in _resolved(self._old, response).get("content", {}).items():
                if media_type not in after:
                    yield f"{where} {status} {media_type}: gone"
                else:
                    other = after[media_type].get("schema")
                    yield from self._answered(f"{where} {status}", content.get("schema"), other)

    def _sent(self, where: str, old: Any, new: Any, depth: int = 0) -> Iterator[str]:
        """What clients send: nothing that was taken may be refused."""
        before, after = _resolved(self._old, old), _resolved(self._new, new)
        yield from _type_break(where, before, after)
        gone = {*map(str, before.get("enum", ()))} - {*map(str, after.get("enum", before.get("enum", ())))}
        yield from (f"{where}: {value} is no longer taken" for value in sorted(gone))
        if after.get("enum") and not before.get("enum"):
            yield f"{where}: takes fewer values"
        if after.get("pattern") != before.get("pattern") and after.get("pattern"):
            yield f"{where}: another pattern"
        for bound, is_upper in _BOUNDS.items():
            if _is_narrower(before.get(bound), after.get(bound), is_upper):
                yield f"{where}: {bound} is narrower"
        yield from (f"{where}.{name}: became required" for name in _required(after) - _required(before))
        yield from self._below(where, before, after, depth, self._sent)

    def _answered(self, where: str, old: Any, new: Any, depth: int = 0) -> Iterator[str]:
        """What clients read: nothing that was promised may be missing."""
        before, after = _resolved(self._old, old), _resolved(self._new, new)
        yield from _type_break(where, before, after)
        yield from (f"{where}.{name}: no longer always there" for name in _required(before) - _required(after))
        yield from self._below(where, before, after, depth, self._answered)

    def _below(self, where: str, before: Spec, after: Spec, depth: int, compare: Any) -> Iterator[str]:
        if depth == _DEEPEST:
            return
        properties = after.get("properties", {})
        for name, schema in before.get("properties", {}).items():
            if name not in properties:
                yield f"{where}.{name}: gone"
            else:
                yield from compare(f"{where}.{name}", schema, properties[name], depth + 1)
        if "items" in before:
            yield from compare(f"{where}[]", before["items"], after.get("items"), depth + 1)
        if isinstance(before.get("additionalProperties"), dict):
            yield from compare(
                f"{where}.*", before["additionalProperties"], after.get("additionalProperties"), depth + 1
            )
        pairs = zip(before.get("anyOf", ()), after.get("anyOf", ()), strict=False)
        for number, (one, other) in enumerate(pairs):
            yield from compare(f"{where}|{number}", one, other, depth + 1)
        if len(after.get("anyOf", ())) < len(before.get("anyOf", ())):
            yield f"{where}: an alternative is gone"


def _resolved(spec: Spec, schema: Any) -> Spec:
    """The schema behind references; none, and `true`, describe nothing."""
    while isinstance(schema, dict) and "$ref" in schema:
        found: Any = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        schema = found
    return schema if isinstance(schema, dict) else {}


def _parameters_of(spec: Spec, item: Spec, operation: Spec) -> dict[str, Spec]:
    given = [_resolved(spec, entry) for entry in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    return {f"{entry['in']} {entry['name']}": entry for entry in given}


def _required(schema: Spec) -> set[str]:
    return set(schema.get("required", ()))


def _types(schema: Spec) -> set[str]:
    given = schema.get("type", [])
    return {given} if isinstance(given, str) else set(given)


def _type_break(where: str, before: Spec, after: Spec) -> Iterator[str]:
    if _types(before) != _types(after):
        yield f"{where}: type {sorted(_types(before))} became {sorted(_types(after))}"


def _is_narrower(before: float | None, after: float | None, is_upper: bool) -> bool:
    if after is None:
        return False
    return before is None or (after < before if is_upper else after > before)
