"""The draft over HTTP: the same questions as to a version, with a key. The answers change with every acceptance."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from competency_api.accounts.values import Scope
from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.cursors import ListOf, filters_of, findings_page
from competency_api.catalogue.heeding import require_heeded
from competency_api.catalogue.presentation import change_entry, changes_table, chosen_entries, quality_head
from competency_api.catalogue.routes import UNHEEDED_IN_CHANGES
from competency_api.catalogue.schemas import ChangesQuerySchema, QualityQuerySchema, QualitySchema
from competency_api.catalogue.serving import Publications, require_codes, speaker_for
from competency_api.concepts.absence import absent_from, current_code
from competency_api.concepts.answers import (
    Answer,
    Trimmer,
    concepts_page,
    concepts_table,
    presenter_of,
    shown_tree,
    tree_answer,
)
from competency_api.concepts.parameters import ConceptsQuerySchema, ShownQuerySchema, TreeQuerySchema
from competency_api.concepts.routes import UNHEEDED_IN_CONCEPT, UNHEEDED_IN_LIST, history_of
from competency_api.concepts.schemas import ConceptPageSchema, SpokenConceptPageSchema, TreeSchema
from competency_api.core.errors import NotAcceptable, NotFound
from competency_api.core.http import (
    AUTO,
    CSV,
    HTML,
    JSON,
    XLSX,
    Blueprint,
    Format,
    as_response,
    db,
    private_page,
    service,
)
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.curation import presentation, queries
from competency_api.curation.draft import reading
from competency_api.curation.draft.reading import BASE, NAME, Draft
from competency_api.curation.draft.schemas import (
    ConceptInDraftSchema,
    DraftDifferenceSchema,
    DraftSchema,
    SpokenConceptInDraftSchema,
)
from competency_api.curation.draft.store import DraftStore
from competency_api.curation.remarks.queries import newest
from competency_api.curation.schemas import ImpactSchema
from competency_api.curation.sources import UseSources
from competency_api.formats import FORMATS, TABLES
from competency_api.search.answers import Beside, hits_answer, suggestions_answer
from competency_api.search.parameters import SearchQuerySchema, SuggestQuerySchema
from competency_api.search.schemas import HitsSchema, SuggestionsSchema
from competency_api.taxonomy.changes import ConceptChange, weightiest_first
from competency_api.taxonomy.numbering import next_number
from competency_api.taxonomy.speaking import Speaker
from competency_api.taxonomy.wording import edit_lines

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
    "description": "Code of the concept; a former code is answered with 302.",
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


def _draft() -> Draft:
    with db.reading(fresh=True) as session:
        taxonomy = service(DraftStore).draft(session)
    versions = service(Publications).store.versions()
    if not versions:
        return Draft(taxonomy, None, None)
    newest = service(Publications).get(LATEST)
    return Draft(taxonomy, newest.taxonomy, newest.version.number)


def _beside(draft: Draft) -> Beside:
    return functools.partial(service(DraftStore).beside, draft.taxonomy)


def _answered(answer: Answer) -> Response:
    response = as_response(answer.body)
    response.headers.update(answer.headers)
    if answer.languages:
        response.headers["Content-Language"] = ", ".join(answer.languages)
    return response


@blp.get("")
@blp.scope(Scope.PROPOSE)
@blp.response(200, DraftSchema, description="The draft")
def read_draft() -> Response:
    """Read what the draft is

    What it changes since the newest version, the number that forces, and the proposals that are in it.
    """
    with db.reading(fresh=True) as session:
        proposals = [row.uuid for row in queries.list_accepted(session)]
    return as_response(reading.draft_document(_draft(), proposals))


@blp.get("/concepts")
@blp.scope(Scope.PROPOSE)
@blp.arguments(ConceptsQuerySchema, location="query")
@blp.formats(JSON, CSV, XLSX)
@blp.response(200, {"anyOf": [ConceptPageSchema, SpokenConceptPageSchema]}, description="A page of concepts")
def list_draft_concepts(query: dict[str, Any]) -> Response:
    """List concepts of the draft

    As those of a version. CSV and XLSX have a last column `digest`: edited and sent to `/api/v1/imports`, they become a
    proposal of what was edited.
    """
    require_heeded(request.args, g.format, UNHEEDED_IN_LIST.get(g.format, {}))
    draft = _draft()
    if table := TABLES.get(g.format.suffix):
        return as_response(b"".join(table.dump_editable(concepts_table(draft, query))), g.format)
    return _answered(concepts_page(draft, query, "draft concepts"))


@blp.get("/concepts/<code>", parameters=[_CODE])
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.arguments(ShownQuerySchema, location="query")
@blp.formats(JSON, HTML)
@blp.redirects(302, "It is a former code: the concept has another one")
@blp.response(200, {"anyOf": [ConceptInDraftSchema, SpokenConceptInDraftSchema]}, description="The concept")
def read_draft_concept(query: dict[str, Any], code: str) -> BaseResponse:
    """Read one concept of the draft

    Its `digest` is what a change says in `seen` to tell which content it was made from.
    """
    require_heeded(request.args, g.format, UNHEEDED_IN_CONCEPT.get(g.format, {}))
    draft = _draft()
    if code not in draft.taxonomy:
        return _elsewhere(draft, code)
    presenter = presenter_of(draft, query, AUTO if g.format is HTML else None)
    document = {**presenter.concept(code), **reading.place_in_time(history_of(code), draft, code)}
    if g.format is HTML:
        with db.reading(fresh=True) as session:
            comments = newest(session, code)
        return private_page("draft_concept.html", concept=document, state=BASE, comments=comments)
    shown = Trimmer(shown_tree(query, ConceptInDraftSchema, SpokenConceptInDraftSchema), presenter.speaker)
    return _answered(Answer(shown.trimmed(document), shown.languages))


def _elsewhere(draft: Draft, code: str) -> BaseResponse:
    current = current_code(draft.taxonomy, code)
    if current is None:
        raise absent_from("the draft", code, draft.taxonomy)
    return redirect(url_for(request.endpoint or "", code=current), 302)


@blp.get("/tree")
@blp.scope(Scope.PROPOSE)
@blp.arguments(TreeQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, TreeSchema, description="Nested nodes")
def read_draft_tree(query: dict[str, Any]) -> Response:
    """Read the hierarchy of the draft"""
    return _answered(tree_answer(_draft(), query))


@blp.get("/search")
@blp.scope(Scope.PROPOSE)
@blp.arguments(SearchQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, HitsSchema, description="A page of hits")
def search_draft(query: dict[str, Any]) -> Response:
    """Search the concepts of the draft"""
    draft = _draft()
    return _answered(hits_answer(draft, query, _beside(draft)))


@blp.get("/suggest")
@blp.scope(Scope.PROPOSE)
@blp.arguments(SuggestQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, SuggestionsSchema, description="Suggestions")
def suggest_draft(query: dict[str, Any]) -> Response:
    """Suggest concepts of the draft while a label is being typed"""
    draft = _draft()
    return _answered(suggestions_answer(draft, query, _beside(draft)))


@blp.get("/changes")
@blp.scope(Scope.PROPOSE)
@blp.arguments(ChangesQuerySchema, location="query")
@blp.formats(JSON, CSV, XLSX, HTML)
@blp.response(200, DraftDifferenceSchema, description="What changed since the newest version, concept by concept")
def read_draft_changes(query: dict[str, Any]) -> Response:
    """Compare the draft with the newest version"""
    require_heeded(request.args, g.format, UNHEEDED_IN_CHANGES.get(g.format, {}))
    draft, wanted = _draft(), (query.get("type", ()), query.get("code", ()), query.get("kind", ()))
    require_codes(query.get("code", ()), "code", draft.before, draft.taxonomy)
    entries = chosen_entries(draft.difference, *wanted)
    if table := TABLES.get(g.format.suffix):
        parent = str(draft.parent_number or "")
        return as_response(table.write(changes_table(parent, NAME, entries, draft.difference.names)), g.format)
    speaker = speaker_for(query.get("lang", AUTO if g.format is HTML else None), draft.taxonomy)
    if g.format is HTML:
        return _changes_page(draft, entries, speaker)
    made_of = {name: sorted(values) for name, values in zip(("type", "code", "kind"), wanted, strict=True) if values}
    page = ListOf("draft changes", (), made_of | {"lang": speaker.asked}).page(entries, weightiest_first, query)
    items = page.body(lambda entry: change_entry(entry, draft.before, draft.taxonomy, speaker))
    return _answered(Answer(reading.difference_head(draft) | items, speaker.used, page.link()))


def _changes_page(draft: Draft, entries: list[ConceptChange], speaker: Speaker) -> Response:
    shown = [(change_entry(entry, draft.before, draft.taxonomy, speaker), entry) for entry in entries]
    names = presentation.link_names(entries, draft.before, draft.taxonomy, speaker)
    return private_page(
        "draft_changes.html",
        head=reading.difference_head(draft),
        items=shown,
        lines=functools.partial(edit_lines, names=names),
        content=lambda code: presentation.content_lines(draft.taxonomy[code], names),
    )


@blp.get("/quality")
@blp.scope(Scope.PROPOSE)
@blp.arguments(QualityQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, QualitySchema, description="The findings, errors first")
def read_draft_quality(query: dict[str, Any]) -> Response:
    """Read the quality of the draft

    Errors block a publication; warnings are published in its report.
    """
    draft = _draft()
    require_codes([query["code"]] if "code" in query else [], "code", draft.taxonomy)
    findings = draft.findings()
    page = findings_page(ListOf("draft quality", (), filters_of(query)), findings, query)
    body = quality_head(NAME, findings) | page.body(lambda pair: msgspec.to_builtins(pair[1]))
    return _answered(Answer(body, headers=page.link()))


@blp.get("/impact")
@blp.scope(Scope.PROPOSE)
@blp.response(200, ImpactSchema, description="Mappings by outcome, alignments that are lost, by organisation")
def read_draft_impact() -> Response:
    """Read whom publishing the draft would touch"""
    draft = _draft()
    with db.reading(fresh=True) as session:
        uses = service(UseSources)
        found, readers = uses.impact(session, draft.difference, draft.before, draft.taxonomy), uses.readers(session)
    numbering = next_number(draft.parent_number, draft.difference)
    return as_response(presentation.impact_document(found, readers, numbering.smallest if numbering else None))


@blp.get("/export/<name>", parameters=[_FORMAT])
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound, NotAcceptable)
@blp.files(*(Format(item.name, item.media_type) for item in FORMATS.values()))
def export_draft(name: str) -> Response:
    """Download the draft

    CSV and XLSX have a last column `digest`: edited and sent to `/api/v1/imports`, they become a proposal of what was
    edited.
    """
    chosen = FORMATS.get(name)
    if chosen is None:
        message = f'There is no export format "{printable(name)}".{did_you_mean(name, FORMATS)}'
        raise NotFound(message, extra={"available": list(FORMATS)})
    draft = _draft()
    dump = TABLES[name].dump_editable if name in TABLES else chosen.dump
    data = b"".join(dump(draft.taxonomy, reading.file_header(draft)))
    response = as_response(data, Format(chosen.name, chosen.media_type))
    file = f"smart-city-competencies-draft-{draft.taxonomy.digest[:12]}{chosen.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
