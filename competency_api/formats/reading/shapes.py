"""Every way in which a JSON value is not of a given type, each with its place.

``msgspec.convert`` is fast and stops at the first fault. This walks the same type description slowly and names all of
them; it runs only on values that were already refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.taxonomy.pointers import escaped


class Fault(NamedTuple):
    """What is wrong at a JSON Pointer, as a whole sentence."""

    pointer: str
    message: str
    value: object = ""


_JSON_NAMES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a whole number"}
_EXPECTED: dict[type[inspect.Type], str] = {
    inspect.StructType: "An object",
    inspect.DictType: "An object",
    inspect.VarTupleType: "A list",
    inspect.StrType: "A text",
    inspect.IntType: "A whole number",
    inspect.BoolType: "True or false",
}
_PYTHON: dict[type[inspect.Type], type] = {
    inspect.StructType: dict,
    inspect.DictType: dict,
    inspect.VarTupleType: list,
    inspect.StrType: str,
    inspect.IntType: int,
    inspect.BoolType: bool,
}


def json_name(value: object) -> str:
    """The kind of a JSON value in words."""
    if value is None:
        return "null"
    return _JSON_NAMES.get(type(value), "a number")


@cache
def _type_info(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def faults_of(value: Any, kind: type[msgspec.Struct]) -> Iterator[Fault]:
    """Everything that keeps ``value`` from being one of ``kind``; nothing when it is one."""
    yield from _faults(value, _type_info(kind), "")


def _faults(value: Any, kind: inspect.Type, pointer: str) -> Iterator[Fault]:
    match kind:
        case inspect.AnyType():
            pass
        case inspect.UnionType():  # all of ours are "or nothing"
            if value is not None:
                yield from _faults(value, next(t for t in kind.types if not isinstance(t, inspect.NoneType)), pointer)
        case inspect.LiteralType():
            if value not in kind.values:
                nearest = did_you_mean(str(value), map(str, kind.values))
                yield Fault(pointer, f'"{printable(value)}" is not permitted here.{nearest}', value)
        case _ if not _is_exactly(value, _PYTHON[type(kind)]):
            yield Fault(pointer, f"{_EXPECTED[type(kind)]} is expected here, not {json_name(value)}.", value)
        case inspect.StructType():
            yield from _struct_faults(value, kind, pointer)
        case inspect.DictType():
            for key, inner in value.items():
                yield from _faults(inner, kind.value_type, f"{pointer}/{escaped(key)}")
        case inspect.VarTupleType():
            for index, inner in enumerate(value):
                yield from _faults(inner, kind.item_type, f"{pointer}/{index}")


def _is_exactly(value: object, kind: type) -> bool:
    return type(value) is kind  # and not isinstance: True is no whole number in JSON


def _struct_faults(value: dict[str, Any], kind: inspect.StructType, pointer: str) -> Iterator[Fault]:
    fields = {field.encode_name: field for field in kind.fields}
    missing = [name for name, field in fields.items() if field.required and name not in value]
    for name in missing:
        yield Fault(f"{pointer}/{name}", f'The field "{name}" is missing here.')
    # a misspelt mandatory field is both missing and unknown: suggest the missing one first
    known = missing or [name for name in fields if name not in value]
    for name, inner in value.items():
        path = f"{pointer}/{escaped(name)}"
        if name in fields:
            yield from _faults(inner, fields[name].type, path)
        else:
            yield Fault(path, f'Unknown field "{printable(name)}".{did_you_mean(name, known or fields)}', name)
