r"""What one cell of a table says, and back.

* A text stands as it is.
* A list is separated by ``|``; spaces around an item do not count.
* A record is ``name=value`` pairs separated by ``;``.
* ``\`` takes its meaning from the next character inside lists and records: ``\|``, ``\;``, ``\=``, ``\\``. ``\s`` is a
  space that counts and ``\e`` the empty text, since an empty cell says that there is nothing.
* A value of an attribute that its column has no words for stands as ``json:`` and JSON.

Laws: ``decode(encode(x)) == x`` for every codec, and ``unguarded(guarded(text)) == text``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from competency_api.core.text import printable
from competency_api.formats.reading.jsontext import JsonFault, JsonText

# A spreadsheet takes a cell that begins so for a formula and may run it (OWASP, "CSV injection"). Full-width forms
# count as well: some programs fold them when they open the file.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_JSON = "json:"


class CellError(ValueError):
    """The cell does not say what its column asks for; a whole sentence."""


def guarded(cell: str) -> str:
    """The cell with ``'`` in front when a spreadsheet could take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that no backslash precedes, still escaped, without space around and empty ones."""
    escapes = "\\" in text
    parts = re.findall(rf"(?:\\.|[^\\{separator}]|\\$)+", text, re.DOTALL) if escapes else text.split(separator)
    return [stripped for part in parts if (stripped := part.strip(" "))]


def _escaped(text: str, characters: str) -> str:
    if not text:
        return r"\e"
    inner = re.sub(rf"[\\{characters}]", r"\\\g<0>", text)
    inner = re.sub("^ +", lambda spaces: r"\s" * len(spaces.group()), inner)
    return re.sub(" +$", lambda spaces: r"\s" * len(spaces.group()), inner)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    special = {"s": " ", "e": ""}
    return re.sub(r"\\(.)", lambda match: special.get(match[1], match[1]), text, flags=re.DOTALL)


class Codec(Protocol):
    """Between a JSON value and the text of a cell."""

    def encode(self, value: Any) -> str:
        """Raises CellError, TypeError or AttributeError for a value that the codec is not made for."""

    def decode(self, cell: str) -> Any:
        """The value of a cell that is not empty. Raises CellError."""


class Text:
    def encode(self, value: Any) -> str:
        if not isinstance(value, str):
            raise CellError("no text")
        return f"\\{value}" if value.startswith("\\") else value or r"\e"

    def decode(self, cell: str) -> Any:
        if cell == r"\e":
            return ""
        return cell[1:] if cell.startswith(r"\\") else cell


class Integer:
    def encode(self, value: Any) -> str:
        return str(value)

    def decode(self, cell: str) -> Any:
        return _whole_number(cell)


class Texts:
    """A list of texts: ``GDPR | General Data Protection Regulation``."""

    def encode(self, value: Any) -> str:
        return " | ".join(_escaped(item, "|") for item in value)

    def decode(self, cell: str) -> Any:
        return [_unescaped(item) for item in _split(cell, "|")]


@dataclass(frozen=True)
class Pairs:
    """A list of objects with one main field and one that may follow it: ``C001=2 | C005``, ``C017=equivalent``."""

    main: str
    second: str
    is_number: bool

    def encode(self, value: Any) -> str:
        return " | ".join(self._encode_item(item) for item in value)

    def _encode_item(self, item: dict[str, Any]) -> str:
        main = _escaped(item[self.main], "|=")
        return f"{main}={_escaped(str(item[self.second]), '|=')}" if item.get(self.second) is not None else main

    def decode(self, cell: str) -> Any:
        return [self._decode_item(item) for item in _split(cell, "|")]

    def _decode_item(self, text: str) -> dict[str, Any]:
        main, *second = _split(text, "=") or [""]
        if text.startswith("="):
            raise CellError(f'"{printable(text)}" has nothing before its "="; right is "{self._example()}".')
        if len(second) > 1:
            raise CellError(f'"{printable(text)}" has more than one "="; right is "{self._example()}".')
        item: dict[str, Any] = {self.main: _unescaped(main)}
        for value in second:
            item[self.second] = _whole_number(_unescaped(value)) if self.is_number else _unescaped(value)
        return item

    def _example(self) -> str:
        return "C001=2" if self.is_number else "C017=equivalent"


@dataclass(frozen=True)
class Records:
    """A list of objects: ``match=exact; scheme=ESCO; uri=http://… | match=close; …``; their names are not checked."""

    order: Sequence[str]
    numbers: Sequence[str] = ()

    def encode(self, value: Any) -> str:
        return " | ".join(self._encode_item(item) for item in value)

    def _encode_item(self, item: dict[str, Any]) -> str:
        if not item.keys() <= set(self.order):
            raise CellError("no columns for this")
        pairs = [(name, item[name]) for name in self.order if item.get(name) is not None]
        return "; ".join(f"{name}={_escaped(v if isinstance(v, str) else str(v), '|;')}" for name, v in pairs)

    def decode(self, cell: str) -> Any:
        return [self._decode_item(item) for item in _split(cell, "|")]

    def _decode_item(self, text: str) -> dict[str, Any]:
        item: dict[str, Any] = {}
        for part in _split(text, ";"):
            name, equals, value = (piece.strip(" ") for piece in part.partition("="))
            if not equals:
                example = f"{self.order[0]}=…; {self.order[1]}=…"
                raise CellError(f'"{printable(part)}" is no "name=value" pair; right is "{example}".')
            if name in item:
                raise CellError(f'"{printable(name)}" stands twice in "{printable(text)}".')
            item[name] = _whole_number(value) if name in self.numbers else _unescaped(value)
        return item


@dataclass(frozen=True)
class Free:
    """The value of an attribute: by its own codec, or as JSON where that one cannot say it."""

    codec: Codec | None = None

    def encode(self, value: Any) -> str:
        try:
            plain = self.codec.encode(value) if self.codec else ""
            if plain and not plain.startswith(_JSON) and self.codec and self.codec.decode(plain) == value:
                return plain
        except (CellError, TypeError, AttributeError):
            pass
        return _JSON + msgspec.json.encode(value, order="sorted").decode()

    def decode(self, cell: str) -> Any:
        if self.codec and not cell.startswith(_JSON):
            return self.codec.decode(cell)
        text = JsonText(cell.removeprefix(_JSON), "")
        try:
            value = text.value()
            text.end()
        except JsonFault as fault:
            raise CellError(f'Behind "{_JSON}" stands no JSON. {fault.message}') from None
        return value


def _whole_number(text: str) -> int:
    if not re.fullmatch("-?[0-9]{1,18}", text):
        raise CellError(f'"{printable(text)}" is not a whole number.')
    return int(text)
