"""What is answered to a question about the concepts of a version, and in the same way of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from competency_api.concepts.answers import Answer, Readable, presenter_of
from competency_api.concepts.presentation import Presenter
from competency_api.search import presentation
from competency_api.search.index import SearchIndex
from competency_api.search.parameters import hits_of, scope_in
from competency_api.search.scopes import Scopes
from competency_api.search.values import SearchQuery, SuggestQuery

Thing = TypeVar("Thing", SearchIndex, Scopes)


class Beside(Protocol):
    """Gives what is made of the concepts that are searched, and kept with them."""

    def __call__(self, make: type[Thing], /) -> Thing: ...


def hits_answer(found: Readable, query: Mapping[str, Any], beside: Beside) -> Answer:
    """The page of hits that a query of ``SearchQuerySchema`` asks for. Raises InvalidInput."""
    presenter = presenter_of(found, query)
    hits = hits_of(found.numbers, query, presenter.speaker.asked)
    offset = hits.offset(query)
    asked = SearchQuery(**_asked(query, presenter, beside), offset=offset, with_facets=query["facets"])
    result = beside(SearchIndex).search(asked)
    page = hits.page_at(offset, result.hits, result.total)
    body = presentation.page(page, result, presenter)
    return Answer(body, presentation.languages(result.hits, presenter), page.link())


def suggestions_answer(found: Readable, query: Mapping[str, Any], beside: Beside) -> Answer:
    """The suggestions that a query of ``SuggestQuerySchema`` asks for. Raises InvalidInput."""
    presenter = presenter_of(found, query)
    suggestions = beside(SearchIndex).suggest(SuggestQuery(**_asked(query, presenter, beside)))
    body = {"version": found.number, "items": [presentation.suggestion(one, presenter) for one in suggestions]}
    return Answer(body, presentation.languages(suggestions, presenter))


def _asked(query: Mapping[str, Any], presenter: Presenter, beside: Beside) -> dict[str, Any]:
    """What search and suggestions are asked alike."""
    scope = scope_in(query)
    return {
        "text": query["q"],
        "language": query.get("q_lang"),
        "answer_languages": presenter.speaker.asked,
        "allowed": beside(Scopes).allowed(scope) if scope else None,
        "limit": query["limit"],
    }
