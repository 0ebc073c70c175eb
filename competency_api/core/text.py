"""Texts that come from outside: what is let in, and how it is shown in messages.

Stored texts are in Unicode NFC, without surrounding space and without characters that nobody sees: control
characters, lone surrogates, noncharacters, bidirectional controls, zero-width space, byte order mark, soft hyphen,
tags. They break searching, sorting and equality, can disguise what a text says, and PostgreSQL refuses NUL where
SQLite stores it (qSKOS calls it "unprintable characters in labels"). Zero-width joiners stay: Persian, the languages
of India and emoji are spelled with them.

They are refused rather than removed: a text that silently changes is worse than an error that names the place.
"""

from __future__ import annotations

import re
import unicodedata

# The rule is spelled by code points and not by general category, so that it does not follow the Unicode version of
# the Python that runs. Line feed is decided by the caller.
_REFUSED_BASIC = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\uffff"
)
_REFUSED = re.compile(
    f"[{_REFUSED_BASIC}"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "\U000e0000-\U000e0fff]"
)
# A class within the basic plane is matched by a table, several times as fast; texts with more are looked at again.
_SUSPECT = re.compile(f"[{_REFUSED_BASIC}\U00010000-\U0010ffff]")
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINE_ENDS = re.compile("\r\n?")

#: The same rule for one line as a pattern for JSON Schema (ECMA 262), as far as it lies in the basic
#: plane. Surrogates are left out: without the flag `u` the pattern would refuse every character beyond that plane.
_UNSEEN = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufdd0-\ufdef\ufeff\uffa0\ufff9-\uffff"
)
_SPACE = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
PATTERN = f"^[^{_UNSEEN}]*$"
#: The same, and not only space.
PATTERN_WITH_CONTENT = f"^[^{_UNSEEN}]*[^{_UNSEEN}{_SPACE}][^{_UNSEEN}]*$"

_NAMES = {
    "\x00": "NUL",
    "\x09": "a tab",
    "\n": "a line break",
    "\x0d": "a carriage return",
    "\ufeff": "a byte order mark",
    "\ufffd": "the replacement character (a sign of a wrong encoding)",
}
_NAMES_BY_CATEGORY = {"Cc": "a control character", "Cs": "half of a surrogate pair"}


def fault_of(text: str, *, multiline: bool = False) -> str | None:
    """Why the text is refused, as a sentence that names the character and its place; None when it is fine."""
    match = _REFUSED.search(text) if _SUSPECT.search(text) else None
    if match is None and not multiline:
        match = re.search("\n", text)
    if match is None:
        return None
    return f"Character {match.start() + 1} is {describe(match.group())}, which is not allowed; leave it out."


def describe(character: str) -> str:
    """A character in words: ``U+200B (zero width space)``."""
    name = _NAMES.get(character) or unicodedata.name(character, "").lower()
    if not name:
        name = _NAMES_BY_CATEGORY.get(unicodedata.category(character), "not a character")
    return f"U+{ord(character):04X} ({name})"


def normalised(text: str, *, multiline: bool = False) -> str:
    """NFC without surrounding space; in texts of several lines all line ends become ``\\n``."""
    if multiline:
        text = _LINE_ENDS.sub("\n", text)
    # not plain strip(): it would also take away control characters, which are to be refused
    return unicodedata.normalize("NFC", text).strip(_SPACES + "\n" if multiline else _SPACES)


def printable(value: object, limit: int = 80) -> str:
    """Anything as a short text that is safe in a message or a log line: unseen characters escaped, long ones cut."""
    text = str(value)
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if not _SUSPECT.search(cut) and "\n" not in cut:
        return cut
    return re.sub("\n", r"\\n", _REFUSED.sub(lambda m: m.group().encode("unicode_escape").decode(), cut))


def counted(count: int, what: str) -> str:
    """``1 warning``, ``1,200 warnings``: for what is counted by adding an s."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
