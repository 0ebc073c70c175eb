"""Suggestions over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app

from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import Publication, Publications, speaker_for
from competency_api.concepts.presentation import Presenter
from competency_api.core.errors import DatabaseUnavailable, FieldError, InvalidInput, NotFound
from competency_api.core.http import (
    Blueprint,
    LanguageQuerySchema,
    context_of,
    find_service,
    momentary,
    provide,
    service,
    settings,
)
from competency_api.core.languages import choose
from competency_api.core.nearest import did_you_mean
from competency_api.matching import presentation
from competency_api.matching.accepted import AcceptedTexts, suggested
from competency_api.matching.matcher import Matcher
from competency_api.matching.memory import AcceptedMemory
from competency_api.matching.preparation import Preparation
from competency_api.matching.schemas import MatchRequestSchema, SuggestedListSchema
from competency_api.matching.values import MatchQuery

blp = Blueprint("matching", __name__, url_prefix="/api/v1", description="Which concepts the text of a course is about")
blueprints = (blp,)


def register(app: Flask) -> None:
    """Offer what :mod:`competency_api.operations.server` starts in each worker."""
    publications, context = find_service(app, Publications), context_of(app)
    if publications is not None:
        preparation = Preparation(publications, context.settings.language_fallback)
        provide(app, preparation)
        context.at_end.append(preparation.close)


@blp.post("/versions/<version>/match", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(LanguageQuerySchema, location="query")
@blp.arguments(MatchRequestSchema)
@blp.response(200, SuggestedListSchema, description="The suggestions, best first")
def match_course(query: dict[str, Any], body: dict[str, Any], version: str) -> Response:
    """Suggest concepts for the text of a course

    Each with the words that support it, whether the course teaches or requires it, and the level as far as the text
    tells. Only concepts of the version, active ones. What providers accepted for similar texts comes further up. The
    text is neither kept nor sent anywhere.
    """
    found = service(Publications).get(version)
    language = _spoken(found, body.pop("language", None))
    presenter = Presenter(
        found.taxonomy, found.number, settings.base_url, speaker_for(query.get("lang"), found.taxonomy)
    )
    asked = MatchQuery(**body | {"kinds": tuple(body["kinds"])}, language=language)
    memory = find_service(current_app, AcceptedMemory)
    remembering = memory.of if memory else lambda _language: AcceptedTexts()
    result = suggested(service(Publications).beside(found, Matcher), asked, remembering)
    return momentary(presentation.suggestions(result, presenter), languages=presenter.speaker.used)


def _spoken(found: Publication, language: str | None) -> str | None:
    """The version's language that is meant. Raises InvalidInput when it has none such."""
    if language is None:
        return None
    choice = choose([language], found.taxonomy.languages, ())
    if choice is None:
        known = ", ".join(found.taxonomy.languages)
        hint = did_you_mean(language, found.taxonomy.languages)
        raise InvalidInput(FieldError(f"Version {found.number} has texts in {known}.{hint}", pointer="/language"))
    return choice.tag
