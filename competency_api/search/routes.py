"""Search and suggestions over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from competency_api.catalogue.cursors import versions_of
from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import Publication, Publications, speaker_for
from competency_api.concepts.presentation import Presenter
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import (
    JSON,
    Blueprint,
    context_of,
    find_service,
    published,
    service,
    settings,
)
from competency_api.search import presentation
from competency_api.search.index import SearchIndex
from competency_api.search.parameters import SearchQuerySchema, SuggestQuerySchema, hits_of, scope_in
from competency_api.search.plain import PlainSearches
from competency_api.search.schemas import HitsSchema, SuggestionsSchema
from competency_api.search.scopes import Scopes
from competency_api.search.values import SearchQuery, SuggestQuery

blp = Blueprint("search", __name__, url_prefix="/api/v1", description="Finding concepts by what people write")
blueprints = (blp,)


def register(app: Flask) -> None:
    publications, context = find_service(app, Publications), context_of(app)
    given = context.settings
    # where answers differ by the page that asks, their fields cannot be taken over
    if publications is not None and given.cors_origins == ("*",):
        app.wsgi_app = PlainSearches(  # type: ignore[method-assign]  # Flask's own way
            app.wsgi_app, publications, given, context.limits
        )


@blp.get("/versions/<version>/search", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(SearchQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, HitsSchema, description="A page of hits")
def search_concepts(query: dict[str, Any], version: str) -> Response:
    """Search the concepts of a version

    Codes and whole labels first, then words by where they stand: preferred label, alternative, hidden, definition.
    Inflections, missing accents and typing errors are forgiven. Retired concepts are found too, and say what to use.
    """
    publications = service(Publications)
    (found,) = map(publications.load, versions_of(publications, (version,), query.get("cursor")))
    presenter = _presenter(found, query)
    hits = hits_of(found.number, query, presenter.speaker.asked)
    offset = hits.offset(query)
    asked = SearchQuery(**_asked(found, query, presenter), offset=offset, with_facets=query["facets"])
    result = publications.beside(found, SearchIndex).search(asked)
    page = hits.page_at(offset, result.hits, result.total)
    body = presentation.page(page, result, presenter)
    languages = presentation.languages(result.hits, presenter)
    return published(body, {"version": found.number}, languages=languages, headers=page.link())


@blp.get("/versions/<version>/suggest", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(SuggestQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, SuggestionsSchema, description="Suggestions")
def suggest_concepts(query: dict[str, Any], version: str) -> Response:
    """Suggest concepts while a label is being typed

    Labels that begin with the text first, then those with its words inside, then those with its words misspelt; of
    each, those in the language of the answer before others.
    """
    found = service(Publications).get(version)
    presenter, index = _presenter(found, query), service(Publications).beside(found, SearchIndex)
    suggestions = index.suggest(SuggestQuery(**_asked(found, query, presenter)))
    items = [presentation.suggestion(one, presenter) for one in suggestions]
    body = {"version": found.number, "items": items}
    return published(body, {"version": found.number}, languages=presentation.languages(suggestions, presenter))


def _asked(found: Publication, query: dict[str, Any], presenter: Presenter) -> dict[str, Any]:
    """What search and suggestions are asked alike."""
    scope = scope_in(query)
    allowed = service(Publications).beside(found, Scopes).allowed(scope) if scope else None
    return {
        "text": query["q"],
        "language": query.get("q_lang"),
        "answer_languages": presenter.speaker.asked,
        "allowed": allowed,
        "limit": query["limit"],
    }


def _presenter(found: Publication, query: dict[str, Any]) -> Presenter:
    speaker = speaker_for(query.get("lang"), found.taxonomy)
    return Presenter(found.taxonomy, found.number, settings.base_url, speaker)
