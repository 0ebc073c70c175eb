"""JSON text with places: values are read by the standard library's scanner in C, places are found on demand.

The scanner of :mod:`json` reads one value from a given position and says where it ends. So the few outer levels of a
file are walked here, each concept is read at full speed, and the position of every concept is known. Where something
inside a concept is wrong, that one concept is walked again to find the line (:func:`positions`).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from competency_api.formats.document import Place
from competency_api.taxonomy.pointers import escaped

#: No concept of ours nests deeper than 6; what is deeper than this is an attack or a mistake.
MOST_DEPTH = 32

_SPACE = re.compile(r"[ \t\n\r]*")
_LONGEST_NUMBER = 19  # digits of the largest integer that every database of ours holds (2^63 - 1)
_IN_WORDS = {
    "Expecting value": "A value is expected here",
    "Expecting ',' delimiter": "A comma or a closing bracket is expected here",
    "Expecting ':' delimiter": "A colon is expected here",
    "Expecting property name enclosed in double quotes": "A field name in double quotes is expected here",
    "Illegal trailing comma before end of object": "There must be no comma before the closing brace",
    "Illegal trailing comma before end of array": "There must be no comma before the closing bracket",
    "Unterminated string starting at": "The text that begins here is never closed; the file may be cut off",
    "Invalid control character at": 'A control character stands here; a line break in a text is written "\\n"',
}


class JsonFault(Exception):
    """The text is not JSON from ``position`` on; ``message`` is a whole sentence."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        self.message = message


class _Unusable:
    """Stands for a number that JSON can spell and this service cannot hold (NaN, 1e999, 30 digits)."""

    def __repr__(self) -> str:
        return "unusable number"


UNUSABLE = _Unusable()


def _integer(digits: str) -> Any:
    return int(digits) if len(digits.lstrip("-")) <= _LONGEST_NUMBER and abs(int(digits)) < 2**63 else UNUSABLE


def _float(digits: str) -> Any:
    number = float(digits)
    return number if abs(number) != float("inf") else UNUSABLE


class JsonText:
    """A cursor over JSON text; ``position`` counts characters. ``first_line`` is the line of its first character."""

    def __init__(self, text: str, source: str, first_line: int = 1) -> None:
        self.text = text
        self.source = source
        self.position = 0
        #: Whether an object read since this was last set to False holds a key twice.
        self.has_duplicate_keys = False
        self._first_line = first_line
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=_integer, parse_float=_float, parse_constant=lambda _: UNUSABLE
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            self.has_duplicate_keys = True
        return result

    # -- reading ---------------------------------------------------------------------------------------------------

    def peek(self) -> str:
        """The next character that is not space, without passing it; empty at the end."""
        match = _SPACE.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.text[self.position : self.position + 1]

    def value(self) -> Any:
        """Reads the next value, however large. Raises JsonFault."""
        self.peek()
        try:
            result, self.position = self._decoder.raw_decode(self.text, self.position)
        except json.JSONDecodeError as error:
            raise self._fault(error.pos, _IN_WORDS.get(error.msg, error.msg)) from None
        except RecursionError:
            raise JsonFault(self.position, "The brackets that begin here are nested too deeply.") from None
        return result

    def members(self) -> Iterator[tuple[str, int]]:
        """Walks the object that begins here: each key with its position. The caller reads the value in between."""
        for _ in self._parts("{", "}"):
            start = self.position
            if self.peek() != '"':
                raise self._fault(start, "A field name in double quotes is expected here")
            key = self.value()
            self._pass(":", "A colon is expected here")
            yield key, start

    def elements(self) -> Iterator[int]:
        """Walks the array that begins here: the position of each element. The caller reads it in between."""
        for _ in self._parts("[", "]"):
            yield self.position

    def end(self) -> None:
        """Raises JsonFault unless only space is left."""
        if self.peek():
            raise JsonFault(self.position, "Nothing may follow the end of the JSON value.")

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        self._pass(opening, f'"{opening}" is expected here')
        if self.peek() == closing:
            self.position += 1
            return
        while True:
            self.peek()
            yield
            if self.peek() == closing:
                self.position += 1
                return
            self._pass(",", f'A comma or "{closing}" is expected here')

    def _pass(self, character: str, otherwise: str) -> None:
        if self.peek() != character:
            raise self._fault(self.position, otherwise)
        self.position += 1

    def _fault(self, position: int, message: str) -> JsonFault:
        if not self.text[position:].strip():
            return JsonFault(position, "The JSON ends here before it is complete; it may be cut off.")
        return JsonFault(position, f"{message}.")

    # -- places ----------------------------------------------------------------------------------------------------

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, position: int, field: str = "") -> Place:
        line = bisect_right(self._line_starts, position)
        return Place(self.source, self._first_line + line - 1, position - self._line_starts[line - 1] + 1, field)

    def locate(self, start: int, pointer: str) -> Place:
        """The place of ``pointer`` in the value that begins at ``start``, or of the nearest part around it."""
        if not pointer:
            return self.place(start)
        found = {"": start}
        for path, position in positions(self.text, start):
            found.setdefault(path, position)
        around = pointer
        while around not in found:
            around = around.rpartition("/")[0]
        return self.place(found[around], pointer)


def positions(text: str, start: int) -> Iterator[tuple[str, int]]:
    """JSON Pointer and position of everything inside the value at ``start``; a key that stands twice comes twice.

    The position of a member is that of its key. The value must have been read before: this is no validator.
    """
    cursor = JsonText(text, "")
    cursor.position = start
    yield from _inside(cursor, "", 0)


def _inside(cursor: JsonText, pointer: str, depth: int) -> Iterator[tuple[str, int]]:
    opening = cursor.peek()
    if opening == "{" and depth < MOST_DEPTH:
        for key, position in cursor.members():
            path = f"{pointer}/{escaped(key)}"
            yield path, position
            yield from _inside(cursor, path, depth + 1)
    elif opening == "[" and depth < MOST_DEPTH:
        for index, position in enumerate(cursor.elements()):
            yield f"{pointer}/{index}", position
            yield from _inside(cursor, f"{pointer}/{index}", depth + 1)
    else:
        cursor.value()
