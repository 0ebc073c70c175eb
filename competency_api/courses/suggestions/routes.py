"""Suggestions for one course over HTTP, with a key of its provider that has the scope `courses`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from flask import Flask, Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.serving import Publications, speaker_for
from competency_api.concepts.presentation import Presenter
from competency_api.core.errors import Conflict, DatabaseUnavailable, NotFound
from competency_api.core.http import (
    Blueprint,
    Made,
    PageQuerySchema,
    as_page,
    as_response,
    context_of,
    db,
    made_once,
    page_behind,
    page_schema,
    provide,
    seen_in,
    service,
    settings,
)
from competency_api.courses.presentation import BASE
from competency_api.courses.queries import Provider, get_course, get_provider
from competency_api.courses.routes import pins
from competency_api.courses.schemas import COURSE_PARAMETER, PROVIDER_PARAMETER
from competency_api.courses.suggestions import presentation, queries, reading, schemas
from competency_api.courses.suggestions import service as commands
from competency_api.courses.suggestions.asking import Suggester
from competency_api.courses.suggestions.values import Decided, Wanted
from competency_api.courses.values import course_of
from competency_api.matching.accepted import AcceptedTexts
from competency_api.matching.matcher import Matcher
from competency_api.matching.memory import AcceptedMemory
from competency_api.matching.texts.lexicon import primary
from competency_api.matching.values import MOST_MATCHES
from competency_api.versions.values import VersionInfo

blp = Blueprint("suggestions", __name__, url_prefix=BASE, description="What a course may be mapped to, and decisions")
blueprints = (blp,)

_COURSE = [PROVIDER_PARAMETER, COURSE_PARAMETER]
_OF_COURSE = "/<provider>/courses/<own_id:external_id>/mappings/suggestions"


def register(app: Flask) -> None:
    """Let suggestions for everybody know what was accepted for public courses."""
    context = context_of(app)

    def marks() -> int:
        with context.database.reading() as session:
            return queries.marks(session)

    def load(language: str) -> AcceptedTexts:
        with context.database.reading() as session:
            return queries.accepted_texts(session, language)

    provide(app, AcceptedMemory(marks, load, context.settings.latest_refresh_seconds))


def _suggester(session: orm.Session, provider: Provider, version: VersionInfo) -> Suggester:
    store = service(Publications).store

    @cache
    def accepted(language: str) -> AcceptedTexts:
        return queries.accepted_texts(session, primary(language), provider.id)

    return Suggester(store.taxonomy(version), lambda: store.beside(version, Matcher), accepted)


def presenter_of(version: VersionInfo, lang: str | None) -> Presenter:
    """Shows concepts of the version as the present request wants them."""
    taxonomy = service(Publications).store.taxonomy(version)
    return Presenter(taxonomy, str(version.number), settings.base_url, speaker_for(lang, taxonomy))


# -- for one course ----------------------------------------------------------------------------------------------------


@blp.get(_OF_COURSE, parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(schemas.SuggestQuerySchema, location="query")
@blp.response(200, schemas.CourseSuggestionsSchema, description="Suggestions that nothing was decided about yet")
def suggest_mappings(query: dict[str, Any], provider: str, external_id: str) -> Response:
    """Suggest mappings for a course

    From its title and description, each with the words that speak for it. Without concepts that it is mapped to, or
    that were rejected for it. What was accepted for similar texts comes further up.
    """
    version = pins().resolve(query["version"])
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        row = get_course(session, found.id, external_id)
        settled = queries.settled(session, found.id, [row.id])[row.id]
        suggester = _suggester(session, found, version)
        text, matches = suggester.of(course_of(row.content), Wanted.of(query), settled)
    return as_response(presentation.course_suggestions(text, matches, presenter_of(version, query.get("lang"))))


@blp.get(f"{_OF_COURSE}/decisions", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.DecidedSuggestionSchema), description="A page of decisions, by concept")
def list_suggestion_decisions(query: dict[str, Any], provider: str, external_id: str) -> Response:
    """List what was decided about suggestions for a course"""
    known, after = pins(), seen_in(query.get("cursor"), "")
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        row = get_course(session, found.id, external_id)
        rows = queries.list_decided(session, found.id, row.id, after, query["limit"])
    page = page_behind(rows, lambda each: each.concept, query["limit"])
    return as_page(page, lambda each: presentation.decided_document(each, known))


@blp.post(f"{_OF_COURSE}/decisions", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.arguments(schemas.CourseVerdictsWriteSchema)
@blp.response(201, schemas.DecisionsOutcomeSchema, description="What that did")
def decide_suggestions(body: dict[str, Any], provider: str, external_id: str) -> Response:
    """Accept or reject suggestions for a course

    Accepting writes the mapping, as of the version, with the words that speak for it as its evidence. What is rejected
    is not suggested again for this course. All or nothing.
    """
    version = pins().resolve(body["version"])
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        checked = _offered(session, found, version, external_id, body)
    return decided(provider, version, lambda: reading.from_items(body["items"], checked, external_id))


def decided(provider: str, version: VersionInfo, read: Callable[[], Sequence[Decided]]) -> Response:
    """The answer to decisions, which are written once for a request; ``read`` raises InvalidInput."""
    with db.transaction() as session:
        found = get_provider(session, actor(), provider)

        def made(_salt: bytes) -> Made:
            outcome = commands.decide(session, actor(), found, version, read())
            return Made(presentation.outcome_document(outcome, found, str(version.number)))

        return made_once(session, made)


def _offered(
    session: orm.Session, provider: Provider, version: VersionInfo, external_id: str, body: dict[str, Any]
) -> reading.Checked:
    """What is suggested for the course, of the kinds that are decided about."""
    row, suggester = get_course(session, provider.id, external_id), _suggester(session, provider, version)
    named = [suggester.taxonomy.get(item["concept"]) for item in body["items"]]
    kinds = tuple(sorted({concept.kind for concept in named if concept}))
    wanted = Wanted(kinds, MOST_MATCHES, 0.0, body.get("language"))
    text, matches = suggester.of(course_of(row.content), wanted)
    offers = {(external_id, match.code): text.offer(match) for match in matches.matches}
    return reading.Checked({external_id: row.id}, offers, suggester.taxonomy)
