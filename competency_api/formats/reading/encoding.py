"""Bytes to text: UTF-8, with or without a byte order mark; anything else is named and refused."""

from __future__ import annotations

import codecs

from competency_api.formats.document import Place, Problems

_OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_REMEDY = 'Save it as UTF-8 (in Excel: "CSV UTF-8").'


def text_of(data: bytes, source: str, problems: Problems) -> str | None:
    """The text of a file, or None after adding what is wrong with its encoding, line by line."""
    whole = Place(source)
    encoding = next((name for mark, name in _OTHER_MARKS if data.startswith(mark)), None)
    if encoding is None and b"\x00" in data[:4]:
        encoding = "UTF-16 or UTF-32"  # without a mark; no text of ours begins with NUL
    if encoding:
        problems.add(whole, f"The file is encoded in {encoding}. {_REMEDY}")
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        problems.add(whole, "The file is empty.")
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        _add_wrong_lines(data, source, problems)
        return None


def _add_wrong_lines(data: bytes, source: str, problems: Problems) -> None:
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            before = line[: error.start].decode()
            wrong = line[error.start : error.end]
            meant = line[error.start : error.start + 1].decode("cp1252", "replace")
            hint = f'; in Windows-1252 (Latin-1) it would be "{meant}"' if meant.isprintable() else ""
            place = Place(source, number, len(before) + 1)
            problems.add(place, f"Byte 0x{wrong[:1].hex().upper()} is not UTF-8{hint}. {_REMEDY}", wrong.hex())
