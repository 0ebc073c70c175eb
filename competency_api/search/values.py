"""What is asked of the index and what it answers: plain immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from competency_api.taxonomy.concept import Successor

MatchedBy = Literal["code", "former-code", "alignment", "preferred", "alternative", "hidden", "text"]
SuggestedBy = Literal["code", "label", "words", "typos"]
#: ``all`` the words of the query are in every hit; ``some``: no concept has them all, so hits have as many as possible.
Completeness = Literal["all", "some", "none"]


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """``text`` may be anything. ``language`` None searches every language; ``allowed`` None every concept.

    ``answer_languages`` are those of who reads the answer, most wanted first: of equal hits, those found in them come
    before those found in the reference language and in others. Without any, no language comes before another.
    ``offset`` hits, at least 0, are passed over. Without ``with_facets`` nothing is counted but the hits.
    """

    text: str
    language: str | None = None
    answer_languages: tuple[str, ...] = ()
    allowed: frozenset[str] | None = None
    limit: int = 20
    offset: int = 0
    with_facets: bool = True


class Highlight(msgspec.Struct, frozen=True):
    """Where words of the query stand in one text of a concept.

    ``path`` is the JSON Pointer of the text in the concept; each span is (first character, character after the last)
    in Unicode code points of that text.
    """

    path: str
    text: str
    spans: tuple[tuple[int, int], ...]


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One concept found. ``exact`` when its code or one whole label was asked for.

    ``language`` is the one in which it matched best; None when it was found by code or alignment.
    ``successors`` are the active concepts to use instead of a retired one, chains followed to their ends.
    """

    code: str
    score: float
    matched_by: MatchedBy
    exact: bool
    language: str | None
    highlights: tuple[Highlight, ...] = ()
    successors: tuple[Successor, ...] = ()


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` and ``facets`` count every hit, ``hits`` is the asked part of them.

    ``facets`` has the counts by ``kind`` and by ``discipline``, highest first, when they were asked for; a hit counts
    for the disciplines that it is part of and for those above them. ``corrections`` says for each word that was taken
    as misspelt which words were looked for, ``unknown`` which words mean nothing in this version, ``ignored_words`` how
    many words beyond the bound were not looked at.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    languages: tuple[str, ...]
    completeness: Completeness
    corrections: Mapping[str, tuple[str, ...]] = {}
    unknown: tuple[str, ...] = ()
    ignored_words: int = 0


class SuggestQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed so far. ``language`` None suggests in every language; ``allowed`` None every concept.

    Labels in the ``answer_languages`` come before those in the reference language and in others that match alike.
    """

    text: str
    language: str | None = None
    answer_languages: tuple[str, ...] = ()
    allowed: frozenset[str] | None = None
    limit: int = 10


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """``text`` is the label that matched, with the spans to mark in it, in ``language``.

    ``matched_by``: the code or the label begins with what is typed, words inside the label do, or they do but for
    typing errors. A hidden label is never shown: ``text`` then is the preferred one, without spans.
    """

    code: str
    text: str
    language: str
    matched_by: SuggestedBy
    spans: tuple[tuple[int, int], ...] = ()
    successors: tuple[Successor, ...] = ()
