"""What is asked of a :class:`competency_api.matching.matcher.Matcher` and what it answers: plain immutable values."""

from __future__ import annotations

from typing import Literal

import msgspec

from competency_api.taxonomy.kinds import KINDS

Field = Literal["title", "description"]
LabelType = Literal["preferred", "alternative", "hidden"]
Relation = Literal["teaches", "requires"]

#: What a course does not teach but city and person are: kinds that are suggested only when they are named.
UNASKED = ("challenge", "profile")
DEFAULT_KINDS = tuple(kind for kind in KINDS if kind not in UNASKED)
#: Characters of a title, and of a description, that are read.
MOST_OF_TITLE = 1_000
MOST_OF_DESCRIPTION = 50_000
MOST_MATCHES = 50


class MatchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a course. Any text may be given; what is beyond the bounds is the caller's to refuse.

    ``language`` None: it is guessed. ``kinds`` are those of the concepts that may be suggested, None for all.
    Suggestions with less than ``min_confidence`` are left out.
    """

    description: str
    title: str = ""
    language: str | None = None
    kinds: tuple[str, ...] | None = None
    limit: int = 10
    min_confidence: float = 0.0


class Span(msgspec.Struct, frozen=True, order=True):
    """Words that support a suggestion: the first character and the one after the last, in code points of the field."""

    field: Field
    start: int
    end: int


class Why(msgspec.Struct, frozen=True):
    """The label that the words of the text were taken for.

    ``label`` is its text, empty for a hidden one, which is not shown; ``language`` its own, which is not that of the
    text where the concept has no label in it; ``words`` are those of the text that stand in it, as they are written.
    """

    label_type: LabelType
    label: str
    language: str
    field: Field
    words: tuple[str, ...]


class Taken(msgspec.Struct, frozen=True):
    """What was accepted for similar texts: by how many ``organisations``, and what that comes to.

    ``share``, -1 to 1, is how much of what acceptances can do they did; below 0 the asking provider refused the concept
    for a similar text.
    """

    organisations: int
    share: float


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A concept that the text is about, as far as its words tell.

    ``score`` orders the matches of one text. ``confidence``, 0 to 1, is the share of suggestions with such a score
    that people found right (docs/reference/suggestions-quality.md). ``level`` is guessed for competencies only, and
    None where the text gives no hint. ``taken`` is None where nothing that was accepted before has a say.
    """

    code: str
    score: float
    confidence: float
    spans: tuple[Span, ...]
    relation: Relation
    level: int | None
    why: Why
    taken: Taken | None = None


class MatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """``language`` is the one that the text was read in; ``is_guessed`` when nobody named it. Best matches first."""

    language: str
    is_guessed: bool
    matches: tuple[Match, ...]
