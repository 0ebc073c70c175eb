"""Two states of a text side by side, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer texts are shown whole, before and after: comparing costs the square of their length.
_MOST_WORDS = 600
#: Texts that share less are read more easily one below the other.
_ALIKE = 0.6


def compared(old: str, new: str) -> Markup | None:
    """One text with what went in ``del`` and what came in ``ins``; None where the two have too little in common."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        return None
    if SequenceMatcher(None, _said(before), _said(after), autojunk=False).ratio() < _ALIKE:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    parts = []
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            parts.append(escape("".join(before[a:b])))
            continue
        parts.append(_within("del", "".join(before[a:b])))
        parts.append(_within("ins", "".join(after[c:d])))
    return Markup("").join(parts)


def _said(words: list[str]) -> list[str]:
    """Without the space between them, which is alike in all texts."""
    return [word for word in words if not word.isspace()]


def _within(name: str, text: str) -> Markup:
    return Markup(f"<{name}>{escape(text)}</{name}>") if text else Markup("")  # noqa: S704 - the text is escaped
