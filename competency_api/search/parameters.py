"""What is asked of search and suggestions: a text, the filters of ``/concepts``, languages, how much of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competency_api.catalogue.cursors import ListOf
from competency_api.concepts.filters import STATUSES, Values
from competency_api.concepts.parameters import FiltersQuerySchema, filters_in
from competency_api.core.http import LanguageQuerySchema, PageQuerySchema
from competency_api.core.http.fields import AnyText, Boolean, Choice, CommaList, Integer, Language
from competency_api.search.finding.querying import MOST_CHARACTERS, MOST_WORDS

MOST_HITS = 100
#: A page, when nothing else is asked for.
HITS = 20
MOST_SUGGESTIONS = 50


_Q = {
    "description": f"Words, a code, an address of an aligned concept. There is no query language; only words in "
    f"quotation marks must stand side by side. Of a long text the first {MOST_WORDS} words are read.",
    "examples": ["data protection", "EIPD", "C017"],
}
_Q_LANG = {
    "description": "Language of the question: only texts in it are looked at. Left out, all are, and each result says "
    "which one it was. The language of the answer is `lang`; of results that match alike, those in it come first."
}
_SUGGESTIONS = {"description": f"Suggestions at most, 1 to {MOST_SUGGESTIONS}."}


class _AskedQuerySchema(FiltersQuerySchema, LanguageQuerySchema):  # type: ignore[misc, valid-type]  # made from the table
    q = AnyText(required=True, most=MOST_CHARACTERS, metadata=_Q)
    q_lang = Language(metadata=_Q_LANG)
    status = CommaList(Choice(STATUSES), metadata={"description": "by default both"})


class SearchQuerySchema(_AskedQuerySchema, PageQuerySchema):
    limit = Integer(
        least=1, most=MOST_HITS, load_default=HITS, metadata={"description": f"Hits a page, 1 to {MOST_HITS}"}
    )
    facets = Boolean(load_default=True, metadata={"description": "whether hits are counted by kind and discipline"})


class SuggestQuerySchema(_AskedQuerySchema):
    limit = Integer(least=1, most=MOST_SUGGESTIONS, load_default=10, metadata=_SUGGESTIONS)


def scope_in(query: Mapping[str, Any]) -> dict[str, Values]:
    """The filters of a question; what `/concepts` has as the filter ``q`` is the question here."""
    return {name: values for name, values in filters_in(query).items() if name != "q"}


def hits_of(numbers: tuple[str, ...], query: Mapping[str, Any], languages: tuple[str, ...]) -> ListOf:
    """The list that the hits of a question are: in which version, what is asked, in which languages it is answered."""
    filters = {name: sorted(values) for name, values in scope_in(query).items()}
    asked = {"q": query["q"], "q_lang": query.get("q_lang"), "filters": filters, "lang": languages}
    return ListOf("search", numbers, asked)
