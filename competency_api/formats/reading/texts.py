"""The texts inside a JSON value: each in the form in which it is stored, or named with its place."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec

from competency_api.core.text import fault_of, normalised, printable
from competency_api.formats.reading.jsontext import MOST_DEPTH, UNUSABLE
from competency_api.formats.reading.shapes import Fault
from competency_api.taxonomy.pointers import escaped

#: Where texts of several lines stand; all others are one line.
_MULTILINE = ("/definition/", "/scope_note/", "/example/", "/attributes/", "/retirement/reason", "/version/notes")
# What core.text refuses though Python calls it printable is in here, with much that it does not refuse: a quick look
# before the exact one, which costs ten times as much. A test holds it against all of Unicode.
_PERHAPS_REFUSED = re.compile("[\u115f\u1160\u3164\uffa0\ufff9-\uffff\U00010000-\U0010ffff]")


def cleaned_all(value: Any, pointer: str, faults: list[Fault]) -> Any:
    """:func:`cleaned`, many times as fast where nothing needs cleaning, as is nearly always so."""
    return value if _is_surely_clean(value) else cleaned(value, pointer, faults)


def _is_surely_clean(value: Any) -> bool:
    """Looks at all texts at once, as the one text of their JSON; False may also mean: look closer."""
    try:
        text = msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):  # what stands for an unusable number, half a surrogate pair
        return False
    return (
        text.count("[") + text.count("{") <= MOST_DEPTH
        and text.isprintable()  # neither control characters nor any space but the common one
        and not any(sign in text for sign in ("\\", '" ', ' "'))  # nor that at the edge of a text
        and (text.isascii() or (_PERHAPS_REFUSED.search(text) is None and unicodedata.is_normalized("NFC", text)))
    )


def cleaned(value: Any, pointer: str, faults: list[Fault], depth: int = 0) -> Any:
    """The same value with every text in NFC and without space around; what is refused is added to ``faults``."""
    if isinstance(value, str):
        return _text(value, pointer, faults)
    if depth > MOST_DEPTH:
        faults.append(Fault(pointer, f"Nothing nests deeper than {MOST_DEPTH} levels here."))
        return None
    if isinstance(value, dict):
        return {
            _key(key, pointer, faults): cleaned(inner, f"{pointer}/{escaped(key)}", faults, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [cleaned(inner, f"{pointer}/{index}", faults, depth + 1) for index, inner in enumerate(value)]
    if value is UNUSABLE:
        faults.append(Fault(pointer, "This number cannot be stored: write a finite one below 2^63."))
    return value


def _is_plain(text: str) -> bool:
    """Whether a text is surely clean already: most are, and the full check costs ten times as much."""
    return text.isascii() and text.isprintable() and text[:1] != " " and text[-1:] != " "


def _text(text: str, pointer: str, faults: list[Fault]) -> str:
    if _is_plain(text):
        return text
    multiline = pointer.startswith(_MULTILINE)
    clean = normalised(text, multiline=multiline)
    if fault := fault_of(clean, multiline=multiline):
        faults.append(Fault(pointer, fault, text))
    return clean


def _key(key: str, pointer: str, faults: list[Fault]) -> str:
    """Names are refused where a text would be mended: mending could make two of them one."""
    if not _is_plain(key) and (fault_of(key) or normalised(key) != key):
        path = f"{pointer}/{escaped(key)}"
        faults.append(Fault(path, f'The name "{printable(key)}" has a character or a space too many.', key))
    return key
