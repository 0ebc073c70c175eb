"""The draft over HTTP: the same questions as to a version, with a key. The answers change with every acceptance."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, g

from competency_api.accounts.values import Scope
from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.presentation import change_entry, chosen_entries
from competency_api.catalogue.schemas import ChangesQuerySchema, QualityQuerySchema
from competency_api.catalogue.serving import Publications, require_codes, speaker_for
from competency_api.concepts.filters import missing, select
from competency_api.concepts.parameters import ConceptsQuerySchema, ShownQuerySchema, TreeQuerySchema, filters_in
from competency_api.concepts.presentation import Presenter
from competency_api.concepts.schemas import (
    ConceptPageSchema,
    ConceptSchema,
    SpokenConceptPageSchema,
    SpokenConceptSchema,
    TreeSchema,
)
from competency_api.concepts.tree import grown
from competency_api.core.errors import NotFound
from competency_api.core.http import (
    CSV,
    JSON,
    Blueprint,
    Format,
    as_response,
    db,
    offset_in,
    page_at,
    page_of,
    service,
    settings,
    tree_of,
    trim,
)
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.curation import presentation, queries
from competency_api.curation.draft import reading
from competency_api.curation.draft.reading import NAME, Draft
from competency_api.curation.draft.schemas import DraftDifferenceSchema, DraftQualitySchema, DraftSchema
from competency_api.curation.draft.store import DraftStore
from competency_api.curation.schemas import ImpactSchema
from competency_api.curation.sources import UseSources
from competency_api.formats import FORMATS
from competency_api.formats.csv_format import editable_table
from competency_api.search import presentation as finding
from competency_api.search.index import SearchIndex
from competency_api.search.parameters import SearchQuerySchema, SuggestQuerySchema, scope_in
from competency_api.search.schemas import HitsSchema, SuggestionsSchema
from competency_api.search.scopes import Scopes
from competency_api.search.values import SearchQuery, SuggestQuery
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.taxonomy import Taxonomy

blp = Blueprint(
    "draft",
    __name__,
    url_prefix="/api/v1/draft",
    description="The draft: the working state that the next version will be, readable like a version",
)
blueprints = (blp,)
_CODE = {
    "in": "path",
    "name": "code",
    "description": "Code of the concept",
    "schema": {"type": "string", "minLength": 1},
    "example": "C017",
}
_FORMAT = {
    "in": "path",
    "name": "name",
    "description": f"Name of the format: {', '.join(FORMATS)}.",
    "schema": {"type": "string", "enum": list(FORMATS)},
    "example": "csv",
}


def _taxonomy() -> Taxonomy:
    with db.reading(fresh=True) as session:
        return service(DraftStore).draft(session)


def _draft(taxonomy: Taxonomy) -> Draft:
    versions = service(Publications).store.versions()
    if not versions:
        return Draft(taxonomy, None, None)
    newest = service(Publications).get(LATEST)
    return Draft(taxonomy, newest.taxonomy, newest.version.number)


def _presenter(taxonomy: Taxonomy, query: dict[str, Any]) -> Presenter:
    speaker = speaker_for(query.get("lang"), taxonomy)
    return Presenter(taxonomy, NAME, settings.base_url, speaker, frozenset(query.get("include", ())))


@blp.get("")
@blp.scope(Scope.PROPOSE)
@blp.response(200, DraftSchema, description="The draft")
def read_draft() -> Response:
    """Read what the draft is

    What it changes since the newest version, the number that forces, and the proposals that are in it.
    """
    with db.reading(fresh=True) as session:
        taxonomy = service(DraftStore).draft(session)
        proposals = [row.uuid for row in queries.list_accepted(session)]
    return as_response(reading.draft_document(_draft(taxonomy), proposals))


@blp.get("/concepts")
@blp.scope(Scope.PROPOSE)
@blp.arguments(ConceptsQuerySchema, location="query")
@blp.formats(JSON, CSV)
@blp.response(200, {"anyOf": [ConceptPageSchema, SpokenConceptPageSchema]}, description="A page of concepts")
def list_draft_concepts(query: dict[str, Any]) -> Response:
    """List concepts of the draft"""
    taxonomy, asked = _taxonomy(), filters_in(query)
    concepts = sorted(select(taxonomy, asked), key=lambda concept: concept.code)
    if g.format is CSV:
        return as_response(b"".join(editable_table(Taxonomy(concepts))), CSV)
    presenter = _presenter(taxonomy, query)
    tree = tree_of([*query["fields_"], "version"], _shown(query)) if "fields_" in query else {}
    page = page_of(concepts, lambda concept: concept.code, limit=query["limit"], cursor=query.get("cursor"))
    body = {"version": NAME, **page.body(lambda concept: trim(presenter.concept(concept.code), tree))}
    response = as_response(body | ({"missing": missing(taxonomy, asked)} if "codes" in asked else {}))
    response.headers.update(page.link())
    return response


def _shown(query: dict[str, Any]) -> Any:
    return SpokenConceptSchema if "lang" in query else ConceptSchema


@blp.get("/concepts/<code>", parameters=[_CODE])
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.arguments(ShownQuerySchema, location="query")
@blp.response(200, {"anyOf": [ConceptSchema, SpokenConceptSchema]}, description="The concept")
def read_draft_concept(query: dict[str, Any], code: str) -> Response:
    """Read one concept of the draft

    Its `digest` is what a change says in `seen` to tell which content it was made from.
    """
    taxonomy = _taxonomy()
    if code not in taxonomy:
        raise NotFound(f'There is no concept "{printable(code)}" in the draft.{did_you_mean(code, taxonomy.concepts)}')
    tree = tree_of([*query["fields_"], "version"], _shown(query)) if "fields_" in query else {}
    return as_response(trim(_presenter(taxonomy, query).concept(code), tree))


@blp.get("/tree")
@blp.scope(Scope.PROPOSE)
@blp.arguments(TreeQuerySchema, location="query")
@blp.response(200, TreeSchema, description="Nested nodes")
def read_draft_tree(query: dict[str, Any]) -> Response:
    """Read the hierarchy of the draft"""
    taxonomy = _taxonomy()
    below = [query["below"]] if "below" in query else []
    require_codes(below, "below", taxonomy)
    presenter = _presenter(taxonomy, query)
    kinds = [query["kind"]] if "kind" in query else KINDS
    codes = below or [root for kind in kinds for root in taxonomy.roots(kind)]

    def show(code: str) -> dict[str, Any]:
        return {**presenter.reference(code), "kind": taxonomy[code].kind}

    return as_response({"version": NAME, "items": grown(taxonomy, codes, show, query["depth"])})


@blp.get("/search")
@blp.scope(Scope.PROPOSE)
@blp.arguments(SearchQuerySchema, location="query")
@blp.response(200, HitsSchema, description="A page of hits")
def search_draft(query: dict[str, Any]) -> Response:
    """Search the concepts of the draft"""
    taxonomy, offset = _taxonomy(), offset_in(query.get("cursor"))
    presenter = _presenter(taxonomy, query)
    asked = SearchQuery(**_asked(taxonomy, query, presenter), offset=offset, with_facets=query["facets"])
    result = service(DraftStore).beside(taxonomy, SearchIndex).search(asked)
    page = page_at(offset, result.hits, result.total)
    hits = page.body(lambda hit: finding.hit(hit, presenter))
    response = as_response({"version": NAME, **hits, **finding.about(result, presenter)})
    response.headers.update(page.link())
    return response


@blp.get("/suggest")
@blp.scope(Scope.PROPOSE)
@blp.arguments(SuggestQuerySchema, location="query")
@blp.response(200, SuggestionsSchema, description="Suggestions")
def suggest_draft(query: dict[str, Any]) -> Response:
    """Suggest concepts of the draft while a label is being typed"""
    taxonomy = _taxonomy()
    presenter, index = _presenter(taxonomy, query), service(DraftStore).beside(taxonomy, SearchIndex)
    suggestions = index.suggest(SuggestQuery(**_asked(taxonomy, query, presenter)))
    return as_response({"version": NAME, "items": [finding.suggestion(one, presenter) for one in suggestions]})


def _asked(taxonomy: Taxonomy, query: dict[str, Any], presenter: Presenter) -> dict[str, Any]:
    scope = scope_in(query)
    allowed = service(DraftStore).beside(taxonomy, Scopes).allowed(scope) if scope else None
    return {
        "text": query["q"],
        "language": query.get("q_lang"),
        "answer_languages": presenter.speaker.asked,
        "allowed": allowed,
        "limit": query["limit"],
    }


@blp.get("/changes")
@blp.scope(Scope.PROPOSE)
@blp.arguments(ChangesQuerySchema, location="query")
@blp.response(200, DraftDifferenceSchema, description="What changed since the newest version, concept by concept")
def read_draft_changes(query: dict[str, Any]) -> Response:
    """Compare the draft with the newest version"""
    draft = _draft(_taxonomy())
    require_codes(query.get("code", ()), "code", draft.taxonomy)
    wanted = (query.get("type", ()), query.get("code", ()), query.get("kind", ()))
    entries = chosen_entries(draft.difference, *wanted)
    speaker = speaker_for(query.get("lang"), draft.taxonomy)
    page = page_of(entries, lambda entry: entry.code, limit=query["limit"], cursor=query.get("cursor"))
    items = page.body(lambda entry: change_entry(entry, draft.before, draft.taxonomy, speaker))
    response = as_response(reading.difference_head(draft) | items)
    response.headers.update(page.link())
    return response


@blp.get("/quality")
@blp.scope(Scope.PROPOSE)
@blp.arguments(QualityQuerySchema, location="query")
@blp.response(200, DraftQualitySchema, description="The findings, errors first")
def read_draft_quality(query: dict[str, Any]) -> Response:
    """Read the quality of the draft

    Errors block a publication; warnings are published in its report.
    """
    draft = _draft(_taxonomy())
    require_codes([query["code"]] if "code" in query else [], "code", draft.taxonomy)
    findings = draft.findings()
    chosen = [f for f in findings if all(getattr(f, n) == query[n] for n in ("rule", "severity", "code") if n in query)]
    page = page_of(list(enumerate(chosen)), lambda pair: pair[0], limit=query["limit"], cursor=query.get("cursor"))
    response = as_response(reading.quality_head(findings) | page.body(lambda pair: msgspec.to_builtins(pair[1])))
    response.headers.update(page.link())
    return response


@blp.get("/impact")
@blp.scope(Scope.PROPOSE)
@blp.response(200, ImpactSchema, description="Mappings by outcome, alignments that are lost, by organisation")
def read_draft_impact() -> Response:
    """Read whom publishing the draft would touch"""
    draft = _draft(_taxonomy())
    with db.reading(fresh=True) as session:
        found = service(UseSources).impact(session, draft.difference, draft.before, draft.taxonomy)
    return as_response(presentation.impact_document(found))


@blp.get("/export/<name>", parameters=[_FORMAT])
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.files(*(Format(item.name, item.media_type) for item in FORMATS.values()))
def export_draft(name: str) -> Response:
    """Download the draft

    The CSV has a last column `digest`: edited and sent to `/api/v1/imports`, it becomes a proposal of what was edited.
    """
    chosen = FORMATS.get(name)
    if chosen is None:
        message = f'There is no export format "{printable(name)}".{did_you_mean(name, FORMATS)}'
        raise NotFound(message, extra={"available": list(FORMATS)})
    taxonomy = _taxonomy()
    file = f"smart-city-competencies-draft-{taxonomy.digest[:12]}{chosen.suffix}"
    chunks = editable_table(taxonomy) if chosen.name == "csv" else chosen.dump(taxonomy)
    response = as_response(b"".join(chunks), Format(chosen.name, chosen.media_type))
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
