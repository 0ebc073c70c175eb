"""Two states of a text side by side, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer texts are shown whole, before and after: comparing costs the square of their length.
_MOST_WORDS = 600


def compared(old: str, new: str) -> Markup | None:
    """One text with what went in ``del`` and what came in ``ins``; None where the two have too little in common."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.4:
        return None
    parts = []
    for operation, a, b, c, d in matcher.get_opcodes():
        if operation == "equal":
            parts.append(escape("".join(before[a:b])))
            continue
        parts.append(_within("del", "".join(before[a:b])))
        parts.append(_within("ins", "".join(after[c:d])))
    return Markup("").join(parts)


def _within(name: str, text: str) -> Markup:
    return Markup(f"<{name}>{escape(text)}</{name}>") if text else Markup("")  # noqa: S704 - the text is escaped
