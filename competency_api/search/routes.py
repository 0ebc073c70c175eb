"""Search and suggestions over HTTP."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, Response

from competency_api.catalogue.cursors import versions_of
from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import Publications
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import (
    JSON,
    Blueprint,
    context_of,
    find_service,
    published,
    service,
)
from competency_api.search.answers import hits_answer, suggestions_answer
from competency_api.search.parameters import SearchQuerySchema, SuggestQuerySchema
from competency_api.search.plain import PlainSearches
from competency_api.search.schemas import HitsSchema, SuggestionsSchema

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
    answer = hits_answer(found, query, partial(publications.beside, found))
    return published(answer.body, {"version": found.number}, languages=answer.languages, headers=answer.headers)


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
    publications = service(Publications)
    found = publications.get(version)
    answer = suggestions_answer(found, query, partial(publications.beside, found))
    return published(answer.body, {"version": found.number}, languages=answer.languages)
