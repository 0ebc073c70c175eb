"""``fields=code,labels.preferred``: only the members that are asked for.

Which names there are follows from the schema of the answer, so that a typing slip is refused and not answered with
an empty object. In a map (texts by language) a path may name an entry (``labels.es``) or go through all of them
(``labels.preferred``). Lists are gone through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import marshmallow as ma

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.http.fields import CommaList, Language, SafeString
from competency_api.core.http.schemas import QuerySchema
from competency_api.core.languages import find_tag
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable

#: Members to keep, each with what to keep below it; an empty tree keeps everything.
Tree = dict[str, "Tree"]
_ANY = "*"


class FieldsQuerySchema(QuerySchema):
    """``fields``: to be inherited by queries of operations that trim."""

    fields_ = CommaList(
        SafeString(least=1, most=100),
        most=50,
        data_key="fields",
        metadata={"description": "Members to answer with, separated by commas; dots lead into objects."},
    )


def tree_of(paths: Iterable[str], schema: type[ma.Schema]) -> Tree:
    """The members that the dotted ``paths`` name. Raises InvalidInput for those that the schema does not have."""
    resolved: list[list[str]] = []
    errors: list[FieldError] = []
    for path in paths:
        try:
            resolved.append(list(_resolve(path.split("."), schema())))
        except ValueError as fault:
            errors.append(FieldError(f'"{printable(path)}": {fault}', parameter="fields"))
    if errors:
        raise InvalidInput(errors)
    tree: Tree = {}
    for steps in sorted(resolved, key=len):
        _insert(tree, steps)
    return tree


def trim(document: Any, tree: Tree) -> Any:
    """The document with only the members of the tree; the document itself when the tree is empty."""
    if not tree:
        return document
    if isinstance(document, list | tuple):
        return [trim(entry, tree) for entry in document]
    if not isinstance(document, Mapping):
        return document
    if _ANY in tree:
        return {name: trim(value, tree.get(name, tree[_ANY])) for name, value in document.items()}
    return {name: trim(value, tree[name]) for name, value in document.items() if name in tree}


def _insert(tree: Tree, steps: list[str]) -> None:
    """Add one path; shorter paths must come first, because what is kept whole stays whole."""
    for step in steps:
        if step in tree and not tree[step]:
            return
        tree = tree.setdefault(step, {})


def _resolve(steps: list[str], place: Any) -> Iterator[str]:
    """The steps of one path below ``place`` (a schema or a field), with ``*`` where it goes through a map."""
    for step in steps:
        if not step:
            raise ValueError("a name is missing.")
        place = _inside(place)
        if isinstance(place, ma.fields.Mapping):
            entry = _inside(place.value_field)
            if not isinstance(entry, ma.Schema) or step not in _names(entry):
                if isinstance(place.key_field, Language) and find_tag(step) is None:
                    known = _names(entry) if isinstance(entry, ma.Schema) else ()
                    raise ValueError(f"there is no such member or language.{did_you_mean(step, known)}")
                yield step
                place = entry
                continue
            yield _ANY
            place = entry
        names = _names(place) if isinstance(place, ma.Schema) else {}
        if not names:
            raise ValueError("there is nothing below it.")
        if step not in names:
            raise ValueError(f"there is no such member.{did_you_mean(step, names)}")
        yield step
        place = names[step]


def _inside(place: Any) -> Any:
    """What a path goes on in: through lists, and from a nested field to its schema."""
    while isinstance(place, ma.fields.List | ma.fields.Nested):
        place = place.inner if isinstance(place, ma.fields.List) else place.schema
    return place


def _names(schema: ma.Schema) -> dict[str, Any]:
    return {field.data_key or name: field for name, field in schema.fields.items()}
