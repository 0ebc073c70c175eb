"""Texts by language as they are written into workshops."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.languages import find_tag
from competency_api.core.text import printable

Texts = dict[str, str]


def checked(texts: Mapping[str, str], pointer: str, *, required: bool = False) -> Texts:
    """The texts under canonical tags. Raises InvalidInput for unknown languages, repeated ones, and none at all."""
    found: Texts = {}
    errors = []
    for tag, text in texts.items():
        canonical = find_tag(tag)
        if canonical is None:
            message = f'"{printable(tag)}" is not a language tag of BCP 47; right are "es" and "pt-BR".'
            errors.append(FieldError(message, pointer=f"{pointer}/{tag}"))
        elif canonical in found:
            errors.append(FieldError(f"{canonical} is there twice.", pointer=f"{pointer}/{tag}"))
        else:
            found[canonical] = text
    if required and not texts:
        errors.append(FieldError("It needs a text in at least one language.", pointer=pointer))
    if errors:
        raise InvalidInput(errors)
    return found


def stored(value: Any) -> str:
    """As a column of JSON holds it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(column: str) -> Any:
    return json.loads(column)
