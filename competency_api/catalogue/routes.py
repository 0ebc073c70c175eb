"""Published versions over HTTP."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint as PageBlueprint
from flask import Flask, Response, g, request

from competency_api.catalogue import presentation
from competency_api.catalogue.cursors import ListOf, filters_of, findings_page, versions_of
from competency_api.catalogue.heeding import NOT_PAGED, require_heeded
from competency_api.catalogue.schemas import (
    VERSION_PARAMETER,
    ChangesQuerySchema,
    DifferenceSchema,
    QualityQuerySchema,
    QualitySchema,
    VersionPageSchema,
    VersionSchema,
)
from competency_api.catalogue.serving import PAGE, Publication, Publications, require_codes, speaker_for
from competency_api.catalogue.store import VersionStore
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import (
    ATOM,
    CSV,
    HTML,
    JSON,
    XLSX,
    Blueprint,
    Context,
    WholePageQuerySchema,
    as_response,
    context_of,
    current,
    db,
    provide,
    published,
    service,
    settings,
    to_page,
)
from competency_api.formats import TABLES
from competency_api.taxonomy.changes import ConceptChange, weightiest_first
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.versions import queries

#: How long a reader may not notice a new version where answers are kept: as short as the aliases of versions.
LIST_SECONDS = 10

blp = Blueprint(
    "versions",
    __name__,
    url_prefix="/api/v1",
    description="Published versions: what they are, how they differ, how good they are",
)
pages = PageBlueprint("catalogue_pages", __name__, template_folder="templates")
blueprints = (blp, pages)


def register(app: Flask) -> None:
    context = context_of(app)
    publications = publications_of(context)
    provide(app, publications)
    context.fields_of = lambda numbers: [
        field for version in publications.find_withdrawn(numbers) for field in presentation.withdrawal_fields(version)
    ]
    context.checks.add("version", publications.check)


def publications_of(context: Context) -> Publications:
    given = context.settings
    count = context.metrics.gauge("taxonomy_versions_loaded", "Versions that the workers have in memory")
    size = context.metrics.gauge("taxonomy_versions_loaded_bytes", "Their estimated memory, with search indexes")

    def observe(loaded: int, bytes_: int) -> None:
        count(loaded)
        size(bytes_)

    store = VersionStore(
        context.database,
        max_bytes=given.version_cache_bytes,
        refresh_seconds=given.latest_refresh_seconds,
        observe=observe,
    )
    return Publications(store)


@pages.app_context_processor
def whose_content() -> dict[str, object]:
    """What pages at addresses of the API say below: licence and acknowledgements."""
    return {
        "licence": presentation.LICENCE_NAME,
        "licence_address": presentation.LICENCE_ADDRESS,
        "acknowledgements": presentation.ACKNOWLEDGEMENTS,
    }


@blp.get("/versions")
@blp.public
@blp.raises(DatabaseUnavailable)
@blp.arguments(WholePageQuerySchema, location="query")
@blp.formats(JSON, ATOM)
@blp.response(200, VersionPageSchema, description="A page of versions, newest first")
def list_versions(query: dict[str, Any]) -> Response:
    """List the published versions

    Newest first. `/api/v1/versions.atom` is the same as a feed.
    """
    versions = service(Publications).store.versions()[::-1]
    page = ListOf("versions", (), {}).page(versions, lambda v: v.id, query, descending=True)
    is_feed = g.format is ATOM
    body = presentation.atom(page.items, settings.base_url) if is_feed else page.body(presentation.version_summary)
    response = as_response(body, g.format)
    response.headers.update(page.link())
    return current(response, LIST_SECONDS)


@blp.get("/versions/<version>", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.formats(JSON)
@blp.response(200, VersionSchema, description="The version")
def read_version(version: str) -> Response:
    """Read one version

    Number, notes, digest and how to recompute it, counts, how complete each language is, and why it has its number.
    """
    found = service(Publications).resolve(version)
    return published(presentation.version_document(found), {"version": str(found.number)}, is_final=False)


#: Filters of the differences.
_CHOOSING = ("type", "kind", "code")
#: The label of the table is the name in the reference language, as in every file.
_UNHEEDED_IN_TABLES = {**NOT_PAGED, "lang": REFERENCE_LANGUAGE}
UNHEEDED_IN_CHANGES = {CSV: _UNHEEDED_IN_TABLES, XLSX: _UNHEEDED_IN_TABLES, HTML: NOT_PAGED}
_OLDER, _NEWER = ({**VERSION_PARAMETER, "name": name} for name in ("older", "newer"))


@blp.get("/versions/<older>/changes/<newer>", parameters=[{**_OLDER, "example": "1.0.0"}, _NEWER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(ChangesQuerySchema, location="query")
@blp.files(CSV, XLSX)
@blp.choices(JSON, CSV, XLSX, HTML)
@blp.redirects(303, PAGE)
@blp.response(200, DifferenceSchema, description="The typed difference, concept by concept")
def read_changes(query: dict[str, Any], older: str, newer: str) -> Response:
    """Compare two versions

    Any two, in either order: what turns the first into the second. Each change has its type, the part of the version
    number that it moves, and every place that it touches with the value before and after. CSV and XLSX have one row per
    place. The weightiest changes come first: major, minor, patch, and by code within. Only JSON is paged.
    """
    require_heeded(request.args, g.format, UNHEEDED_IN_CHANGES.get(g.format, {}))
    publications = service(Publications)
    old, new = map(publications.load, versions_of(publications, (older, newer), query.get("cursor")))
    require_codes(query.get("code", ()), "code", old.taxonomy, new.taxonomy)
    if g.format is HTML:
        chosen = {name: ",".join(query[name]) for name in _CHOOSING if name in query}
        return to_page("versions", old.number, "changes", new.number, lang=query.get("lang"), query=chosen)
    found = publications.difference(old, new)
    entries = presentation.chosen_entries(found, query.get("type", ()), query.get("code", ()), query.get("kind", ()))
    if table := TABLES.get(g.format.suffix):
        rows = presentation.changes_table(old.number, new.number, entries, found.names)
        return published(table.write(rows), {"older": old.number, "newer": new.number}, written=g.format)
    head = presentation.difference_head(old.version, new.version, found)
    return _changes(old, new, head, entries, query)


def _changes(
    old: Publication, new: Publication, head: dict[str, Any], entries: list[ConceptChange], query: dict[str, Any]
) -> Response:
    speaker = speaker_for(query.get("lang"), new.taxonomy)
    asked = {name: sorted(query[name]) for name in _CHOOSING if name in query}
    list_of = ListOf("changes", (old.number, new.number), asked | {"lang": speaker.asked})
    page = list_of.page(entries, weightiest_first, query)
    shown = page.body(lambda entry: presentation.change_entry(entry, old.taxonomy, new.taxonomy, speaker))
    numbers = {"older": old.number, "newer": new.number}
    return published(head | shown, numbers, languages=speaker.used, headers=page.link())


@blp.get("/versions/<version>/quality", parameters=[VERSION_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(QualityQuerySchema, location="query")
@blp.formats(JSON)
@blp.response(200, QualitySchema, description="The findings, warnings as a rule, since errors block a publication")
def read_quality(query: dict[str, Any], version: str) -> Response:
    """Read the quality report that was published with a version"""
    publications = service(Publications)
    (found,) = map(publications.load, versions_of(publications, (version,), query.get("cursor")))
    require_codes([query["code"]] if "code" in query else [], "code", found.taxonomy)
    with db.reading() as session:
        findings = queries.get_findings(session, found.version)
    page = findings_page(ListOf("quality", found.numbers, filters_of(query)), findings, query)
    body = presentation.quality_head(found.number, findings) | page.body(lambda pair: msgspec.to_builtins(pair[1]))
    return published(body, {"version": found.number}, headers=page.link())
