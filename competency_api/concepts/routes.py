"""Concepts of published versions over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.cursors import versions_of
from competency_api.catalogue.heeding import NOT_PAGED, require_heeded
from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import PAGE, Publication, Publications, page_of_version, speaker_for
from competency_api.concepts.absence import absent, current_code
from competency_api.concepts.answers import (
    Trimmer,
    concepts_page,
    concepts_table,
    presenter_of,
    shown_tree,
    tree_answer,
)
from competency_api.concepts.conversions import as_table, conversions
from competency_api.concepts.history import History, history_document
from competency_api.concepts.parameters import ConceptsQuerySchema, ShownQuerySchema, TreeQuerySchema
from competency_api.concepts.presentation import Presenter
from competency_api.concepts.schemas import (
    ConceptInVersionSchema,
    ConceptPageSchema,
    ConversionRequestSchema,
    ConversionsSchema,
    HistorySchema,
    SpokenConceptInVersionSchema,
    SpokenConceptPageSchema,
    TreeSchema,
)
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import (
    AUTO,
    CSV,
    HTML,
    JSON,
    XLSX,
    Blueprint,
    LanguageQuerySchema,
    as_response,
    brief,
    current,
    db,
    exact_path,
    momentary,
    published,
    service,
    settings,
    to_page,
)
from competency_api.formats import TABLES
from competency_api.versions import queries

HISTORY_SECONDS = 10
_CODE_PARAMETER = {
    "in": "path",
    "name": "code",
    "description": "Code of the concept; a former code is answered with 301.",
    "schema": {"type": "string", "minLength": 1},
    "example": "C017",
}
#: Tables are what is imported again, so nothing of a concept may be missing; a page for people is laid out as it is.
_UNHEEDED_IN_TABLES = {**NOT_PAGED, "sort": "code", "fields": "", "include": "", "lang": ""}
UNHEEDED_IN_LIST = dict.fromkeys((CSV, XLSX), _UNHEEDED_IN_TABLES)
UNHEEDED_IN_CONCEPT = {HTML: {"fields": "", "include": ""}}
_MOVED = "It is a former code: the concept has another one"

blp = Blueprint(
    "concepts",
    __name__,
    url_prefix="/api/v1",
    description="Concepts of the published versions, their hierarchy, their history, and their names in other versions",
)
identifiers = Blueprint("identifiers", __name__, description="The permanent addresses of concepts")
blueprints = (blp, identifiers)


@blp.get("/versions/<version>/concepts", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(ConceptsQuerySchema, location="query")
@blp.formats(JSON, CSV, XLSX)
@blp.response(200, {"anyOf": [ConceptPageSchema, SpokenConceptPageSchema]}, description="A page of concepts")
def list_concepts(query: dict[str, Any], version: str) -> Response:
    """List concepts of a version

    Several values of one filter are alternatives, several filters must all hold. Without `status` or `codes` only
    active concepts are listed. CSV and XLSX are the export's formats: complete concepts in all languages, by code, not
    paged.
    """
    require_heeded(request.args, g.format, UNHEEDED_IN_LIST.get(g.format, {}))
    publications = service(Publications)
    (found,) = map(publications.load, versions_of(publications, (version,), query.get("cursor")))
    numbers = {"version": found.number}
    if table := TABLES.get(g.format.suffix):
        return published(b"".join(table.dump(concepts_table(found, query))), numbers, written=g.format)
    answer = concepts_page(found, query)
    return published(answer.body, numbers, languages=answer.languages, headers=answer.headers)


@blp.get("/versions/<version>/concepts/<code>", parameters=[VERSION_PARAMETER, _CODE_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(ShownQuerySchema, location="query")
@blp.choices(JSON, HTML)
@blp.redirects(301, _MOVED)
@blp.redirects(303, PAGE)
@blp.response(200, {"anyOf": [ConceptInVersionSchema, SpokenConceptInVersionSchema]}, description="The concept")
def read_concept(query: dict[str, Any], version: str, code: str) -> BaseResponse:
    """Read one concept of a version

    A retired one is answered with its retirement and, in `use`, the active concepts that stand in for it. What is said
    of its history ends with this version; `/api/v1/concepts/{code}` has all of it.
    """
    require_heeded(request.args, g.format, UNHEEDED_IN_CONCEPT.get(g.format, {}))
    found = service(Publications).get(version)
    history = history_of(code)
    if code not in found.taxonomy:
        return _elsewhere(found, code, history)
    if g.format is HTML:
        return to_page(*page_of_version(version, found.number), "concepts", code, lang=query.get("lang"))
    retired = found.taxonomy[code].retirement is not None
    presenter = presenter_of(found, query)
    shown = Trimmer(shown_tree(query, ConceptInVersionSchema, SpokenConceptInVersionSchema), presenter.speaker)
    document = {**presenter.concept(code), **history.until(found.version).members(retired)}
    numbers = {"version": found.number}
    return published(shown.trimmed(document), numbers, languages=shown.languages)


def history_of(code: str) -> History:
    with db.reading() as session:
        containing = queries.list_version_ids_of(session, code)
        changes = queries.list_concept_changes(session, code)
    return History.of(service(Publications).store.versions(), containing, changes)


def _elsewhere(found: Publication, code: str, history: History) -> BaseResponse:
    """For a code that the version does not contain: to where it is now, or why not."""
    current = current_code(found.taxonomy, code)
    if current is None:
        since = str(history.first_version.number) if history.containing else None
        raise absent(code, found.taxonomy, found.number, since)
    return brief(redirect(exact_path({"code": current}), 301), HISTORY_SECONDS)


@blp.get("/versions/<version>/tree", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(TreeQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, TreeSchema, description="Nested nodes")
def read_tree(query: dict[str, Any], version: str) -> Response:
    """Read the hierarchy

    Of all kinds, of one kind, or below one concept. A concept with several broader ones stands below each of them.
    """
    found = service(Publications).get(version)
    answer = tree_answer(found, query)
    return published(answer.body, {"version": found.number}, languages=answer.languages)


@blp.get("/concepts/<code>", parameters=[_CODE_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(LanguageQuerySchema, location="query")
@blp.formats(JSON)
@blp.redirects(301, _MOVED)
@blp.response(200, HistorySchema, description="The concept's identity and history")
def read_history(query: dict[str, Any], code: str) -> BaseResponse:
    """Read what became of a concept

    Its identity, every version that contains it, and what each of them changed.
    """
    history = history_of(code)
    if not history.containing:
        return _elsewhere(service(Publications).get(LATEST), code, history)
    newest = service(Publications).load(history.containing[-1])
    concept, speaker = newest.taxonomy[code], speaker_for(query.get("lang"), newest.taxonomy)
    label = speaker.label(concept.labels, concept.translations)
    response = as_response(history_document(concept, history, label, settings.base_url))
    if speaker.used:
        response.headers["Content-Language"] = ", ".join(speaker.used)
    return current(response, HISTORY_SECONDS)


@blp.post("/convert")
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(LanguageQuerySchema, location="query")
@blp.arguments(ConversionRequestSchema)
@blp.formats(JSON, CSV)
@blp.response(200, ConversionsSchema, description="The outcome for each item, in the order asked")
def convert_codes(query: dict[str, Any], body: dict[str, Any]) -> Response:
    """Find codes of one version again in another

    `same`, `renamed` and `replaced` need no person; `redefined` has changed its meaning, `choose` has several
    candidates, `retired` has none, `absent` does not exist in that version, and `unknown` is in neither. With `from`
    and `to` alike, it tells what a URI of another scheme is called here.
    """
    source, target = service(Publications).get(body["from_"]), service(Publications).get(body["to"])
    shown = presenter_of(target, query, None if g.format is JSON else AUTO)
    asked = Presenter(source.taxonomy, source.number, settings.base_url, shown.speaker)
    found = conversions(body["items"], asked, shown)
    return momentary(found if g.format is JSON else b"".join(as_table(found)), g.format, languages=shown.speaker.used)


@identifiers.get("/id/<code>", parameters=[_CODE_PARAMETER])
@identifiers.public
@identifiers.raises(NotFound, DatabaseUnavailable)
@identifiers.choices(JSON, HTML)
@identifiers.redirects(301, _MOVED)
@identifiers.response(303, description="To the concept in the newest version, as data or as a page, by `Accept`")
def find_concept(code: str) -> BaseResponse:
    """Follow a concept's permanent address"""
    newest = service(Publications).get(LATEST)
    if code not in newest.taxonomy:
        return _elsewhere(newest, code, History((), ()))
    if g.format is HTML:
        return to_page("concepts", code)
    return brief(redirect(f"/api/v1/versions/latest/concepts/{code}", 303), HISTORY_SECONDS)
