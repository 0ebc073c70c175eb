"""Fields that let in exactly what their description in the OpenAPI document says, and nothing by kindness.

marshmallow's own take 5.7, ``1_000``, ``yes``, week dates, NUL and lone surrogates. In a JSON body a number is a
number; in a query everything is text, and then only its one canonical spelling counts. Which of both it is, a field
learns from its schema (:class:`competency_api.core.http.schemas.QuerySchema`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

import marshmallow as ma
from webargs.fields import DelimitedList

from competency_api.core import languages, text
from competency_api.core.nearest import did_you_mean

_WHOLE = re.compile("-?(0|[1-9][0-9]{0,18})")
_CONTENT = re.compile(r"\S")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
LARGEST = 2**63 - 1


def _is_text(field: ma.fields.Field[Any]) -> bool:
    return bool(getattr(field.root, "from_text", False))


class SafeString(ma.fields.String):
    """A text as :mod:`competency_api.core.text` lets it in: cleaned, NFC, of ``least`` to ``most`` characters."""

    def __init__(self, *, least: int = 0, most: int = 1000, multiline: bool = False, **options: Any) -> None:
        self.multiline = multiline
        options.setdefault("metadata", {})
        if not multiline and "pattern" not in options["metadata"]:
            pattern = text.PATTERN_WITH_CONTENT if least else text.PATTERN
            options["metadata"] = {"pattern": pattern, **options["metadata"]}
        validators = options.pop("validate", None) or ()
        bounds = ma.validate.Length(least or None, most)
        own = validators if isinstance(validators, (list, tuple)) else (validators,)
        super().__init__(validate=(bounds, *own), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ma.ValidationError("It must be a text.")
        clean = text.normalised(value, multiline=self.multiline)
        fault = text.fault_of(clean, multiline=self.multiline)
        if fault:
            raise ma.ValidationError(fault)
        return clean


class AnyText(ma.fields.String):
    """A text that is looked up and never stored: anything of at most ``most`` characters that is not empty.

    Nothing is refused that people paste: tabs, soft hyphens, marks of direction, halves of characters.
    """

    def __init__(self, *, most: int, **options: Any) -> None:
        options["metadata"] = {"pattern": _CONTENT.pattern} | options.get("metadata", {})
        super().__init__(validate=ma.validate.Length(1, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and _CONTENT.search(value):
            return value
        raise ma.ValidationError("It is empty.")


class Integer(ma.fields.Integer):
    """A whole number from ``least`` to ``most``; ``beside`` names what else a subclass takes."""

    def __init__(self, *, least: int = 0, most: int = LARGEST, beside: str = "", **options: Any) -> None:
        self._fault = f"It must be a whole number from {least} to {most}{beside}."
        bounds = ma.validate.Range(least, most, error=self._fault)
        super().__init__(strict=True, validate=bounds, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if _is_text(self) and isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        # JSON has one sort of numbers: to JSON Schema, and to the programs that write it, 10.0 is a whole one
        if not _is_text(self) and isinstance(value, float) and value.is_integer():
            return int(value)
        raise ma.ValidationError(self._fault)


class Boolean(ma.fields.Boolean):
    """``true`` or ``false``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if _is_text(self) and value in ("true", "false"):
            return bool(value == "true")
        if isinstance(value, bool):
            return value
        raise ma.ValidationError("It must be true or false.")


class Date(ma.fields.Date):
    """A day of the calendar, ``2026-11-23``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        try:
            if isinstance(value, str) and _DATE.fullmatch(value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass
        raise ma.ValidationError("It must be a day, written like 2026-11-23.")


class Moment(ma.fields.AwareDateTime):
    """A moment with its zone, ``2026-11-23T08:00:00Z``; whole seconds in UTC on its way in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", default_timezone=dt.UTC, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        try:
            if isinstance(value, str) and _MOMENT.fullmatch(value):
                found = dt.datetime.fromisoformat(value.upper())
                return found.astimezone(dt.UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            pass
        raise ma.ValidationError("It must be a moment with its zone, written like 2026-11-23T08:00:00Z.")


class Choice(ma.fields.String):
    """One of a few known words; a wrong one is answered with the nearest."""

    def __init__(self, choices: Collection[str], **options: Any) -> None:
        self.choices = tuple(choices)
        super().__init__(validate=ma.validate.OneOf(self.choices), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and value in self.choices:
            return value
        shown = text.printable(value)
        raise ma.ValidationError(f'"{shown}" is not known here.{did_you_mean(str(value), self.choices)}')


class Language(ma.fields.String):
    """A language tag of BCP 47, in its canonical form."""

    def __init__(self, **options: Any) -> None:
        options["metadata"] = {"examples": ["es", "pt-BR"], "maxLength": languages.LONGEST_TAG} | options.get(
            "metadata", {}
        )
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = languages.find_tag(value) if isinstance(value, str) else None
        if found is None:
            raise ma.ValidationError('It must be a language tag of BCP 47, such as "es" or "pt-BR".')
        return found


class ByLanguage(ma.fields.Dict):
    """An object whose members are named by language tags; which subtags there are is not looked at."""

    def __init__(self, values: ma.fields.Field[Any], **options: Any) -> None:
        pattern = "^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*$"
        right = ma.validate.Regexp(pattern, error='It must be a language tag such as "es" or "pt-BR".')
        keys = SafeString(least=1, most=languages.LONGEST_TAG, validate=right)
        super().__init__(keys=keys, values=values, **options)
        #: for the description of the API
        self.property_names = {"pattern": pattern, "maxLength": languages.LONGEST_TAG}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[Any, Any]:
        try:
            found: dict[Any, Any] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]  # it has no types
        except ma.ValidationError as error:
            # of a member marshmallow says apart what is wrong with its name and with its value; its place is one
            if isinstance(error.messages, dict):
                places = {name: tree.get("key") or tree["value"] for name, tree in error.messages.items()}
                raise ma.ValidationError(places) from None
            raise
        return found


class CommaList(DelimitedList):
    """Values of a query in one parameter, separated by commas: each once, none empty, at most ``most``."""

    def __init__(self, inner: ma.fields.Field[Any], *, most: int = 100, **options: Any) -> None:
        self._most = most
        options["metadata"] = {"minItems": 1, "maxItems": most, "uniqueItems": True} | options.get("metadata", {})
        super().__init__(inner, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, str) or not value:
            raise ma.ValidationError("It must be one or more values separated by commas.")
        parts = value.split(",")
        if len(parts) > self._most:
            raise ma.ValidationError(f"There are {len(parts)} values; at most {self._most} are taken.")
        if len(set(parts)) < len(parts) or "" in parts:
            raise ma.ValidationError("Give each value once, and no empty one.")
        found: list[Any] = ma.fields.List._deserialize(self, parts, attr, data, **kwargs)  # past the splitting one
        return found
