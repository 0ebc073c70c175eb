"""The public catalogue over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, g
from sqlalchemy import orm

from competency_api.core.errors import DatabaseUnavailable, FieldError, InvalidInput, NotFound
from competency_api.core.http import (
    JSON,
    Blueprint,
    Format,
    Page,
    as_page,
    as_response,
    brief,
    db,
    page_behind,
    page_schema,
    seen_in,
)
from competency_api.core.text import printable
from competency_api.courses import queries, schemas
from competency_api.courses.exports import elm, schema_org
from competency_api.courses.exports.catalogue import Entry, entries_of
from competency_api.courses.exports.formats import Graph
from competency_api.courses.models import CourseRow
from competency_api.courses.pins import Pins
from competency_api.courses.presentation import mapping_documents, public_document
from competency_api.courses.queries import Filters
from competency_api.courses.routes import filters_in, pins
from competency_api.courses.values import Visibility
from competency_api.versions.queries import list_version_ids_of

blp = Blueprint("courses", __name__, url_prefix="/api/v1", description="Public courses of all providers")
blueprints = (blp,)

JSON_LD = Format("jsonld", "application/ld+json")
ELM = Format("elm", "application/ld+json")
#: How long an answer may be old: courses change now and then.
SECONDS = 10
_GRAPHS: dict[Format, Graph] = {JSON_LD: schema_org, ELM: elm}
_PAGE = page_schema(schemas.PublicCourseSchema)
_SHOWN = [schemas.PUBLIC_PARAMETER]


def _listed(query: dict[str, Any], concept: str | None = None) -> Response:
    """A page of public courses; those of a concept with what they have to do with it."""
    after, limit = seen_in(query.get("cursor"), (0, 0)), query["limit"]
    with db.reading() as session:
        asked = _filters(session, {**query, **({"concept": concept} if concept else {})})
        rows = queries.list_courses(session, asked, after, limit)
        page = page_behind(rows, lambda row: (row.organisation_id, row.id), limit)
        if g.format is JSON:
            response = _as_list(session, page, asked, pins())
        else:
            response = _as_graph(session, page.items, _GRAPHS[g.format], pins())
            response.headers.update(page.link())
    return brief(response, SECONDS)


def _filters(session: orm.Session, query: dict[str, Any]) -> Filters:
    found = queries.find_provider(session, query["provider"]) if "provider" in query else None
    if found is None and "provider" in query:
        raise InvalidInput(FieldError(f'There is no provider "{printable(query["provider"])}".', parameter="provider"))
    if "concept" in query and not list_version_ids_of(session, query["concept"]):
        message = f'There is no concept "{printable(query["concept"])}" in any version.'
        raise InvalidInput(FieldError(message, parameter="concept"))
    return filters_in(query, found.id if found else None, Visibility.PUBLIC.value)


def _as_list(session: orm.Session, page: Page[CourseRow], asked: Filters, versions: Pins) -> Response:
    providers = queries.names_of(session, page.items)
    mapped: dict[tuple[int, int], list[Any]] = {}
    if asked.concept is not None:
        for owner in providers:
            ids = [row.id for row in page.items if row.organisation_id == owner]
            for pair in queries.list_mappings(session, owner, ids, asked):
                mapped.setdefault((owner, pair[0].course_id), []).append(pair)

    def shown(row: CourseRow) -> dict[str, Any]:
        document = public_document(row, providers[row.organisation_id])
        found = mapped.get((row.organisation_id, row.id))
        return {**document, "mappings": mapping_documents(found, versions)} if found else document

    return as_page(page, shown)


def _as_graph(session: orm.Session, rows: Sequence[CourseRow], graph: Graph, versions: Pins) -> Response:
    providers = queries.names_of(session, rows)
    entries: list[Entry] = list(entries_of(session, rows, versions))
    pairs = zip(rows, entries, strict=True)
    nodes = [graph.course_node(entry, providers[row.organisation_id], versions) for row, entry in pairs]
    return as_response(graph.document(nodes), g.format)


@blp.get("/courses")
@blp.public
@blp.raises(DatabaseUnavailable)
@blp.arguments(schemas.CoursesQuerySchema, location="query")
@blp.formats(JSON, JSON_LD, ELM)
@blp.response(200, _PAGE, description="A page of courses")
def list_courses(query: dict[str, Any]) -> Response:
    """List public courses

    Several values of one filter are alternatives, several filters must all hold; `concept`, `relation` and `level` are
    about one and the same mapping. As JSON, as schema.org's `Course` (JSON-LD), or as ELM's learning opportunities.
    """
    return _listed(query)


@blp.get("/courses/<id>", parameters=_SHOWN)
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.formats(JSON, JSON_LD, ELM)
@blp.response(200, schemas.PublicCourseSchema, description="The course, with its mappings")
def read_course(**path: str) -> Response:
    """Read a public course"""
    with db.reading() as session:
        row = queries.get_public_course(session, path["id"])
        versions = pins()
        if g.format is not JSON:
            return brief(_as_graph(session, [row], _GRAPHS[g.format], versions), SECONDS)
        provider = queries.names_of(session, [row])[row.organisation_id]
        found = mapping_documents(queries.list_mappings(session, row.organisation_id, [row.id]), versions)
    return brief(as_response({**public_document(row, provider), "mappings": found}), SECONDS)


@blp.get("/concepts/<code>/courses", parameters=[schemas.CODE_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(schemas.CatalogueQuerySchema, location="query")
@blp.formats(JSON, JSON_LD, ELM)
@blp.response(200, _PAGE, description="A page of courses, with these mappings")
def list_courses_of_concept(query: dict[str, Any], code: str) -> Response:
    """List the public courses that teach, assess or require a concept

    As of any version: each mapping says its own.
    """
    with db.reading() as session:
        if not list_version_ids_of(session, code):
            raise NotFound(f'There is no concept "{printable(code)}" in any version.')
    return _listed(query, code)
