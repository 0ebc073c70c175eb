"""Suggestions for whole catalogues over HTTP, with a key of the provider that has the scope `courses`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import msgspec
from flask import Response, g, request
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, InvalidInput, NotFound, TooLarge, UnsupportedMediaType
from competency_api.core.http import (
    AUTO,
    CSV,
    JSON,
    Blueprint,
    Made,
    PageQuerySchema,
    as_page,
    as_response,
    db,
    made_once,
    page_behind,
    page_schema,
    seen_in,
    settings,
)
from competency_api.courses.plans.tables import as_csv
from competency_api.courses.presentation import BASE
from competency_api.courses.queries import course_ids, get_provider
from competency_api.courses.routes import pins
from competency_api.courses.schemas import PROVIDER_PARAMETER
from competency_api.courses.suggestions import presentation, queries, reading, schemas
from competency_api.courses.suggestions.lists.worker import KIND
from competency_api.courses.suggestions.models import ListRow
from competency_api.courses.suggestions.routes import decided, presenter_of
from competency_api.courses.suggestions.values import Decided, Wanted
from competency_api.jobs import service as jobs
from competency_api.jobs.presentation import BASE as JOBS
from competency_api.jobs.presentation import job_document
from competency_api.jobs.queries import job_of
from competency_api.jobs.schemas import JobSchema

blp = Blueprint("suggestion_lists", __name__, url_prefix=BASE, description="Suggestions for whole catalogues")
blueprints = (blp,)

_ONE = [PROVIDER_PARAMETER]
_LIST = [PROVIDER_PARAMETER, schemas.LIST_PARAMETER]
_CSV_BODY = {"text/csv": {"schema": {"type": "string"}}}


@blp.get("/<provider>/suggestions", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.SuggestionListSchema), description="A page of lists, newest first")
def list_suggestion_lists(query: dict[str, Any], provider: str) -> Response:
    """List the lists of suggestions of a provider

    Those that are done; the newest five are kept. What is still being made is among the jobs.
    """
    known = pins()
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        rows = queries.list_lists(session, found.id, seen_in(query.get("cursor"), 0), query["limit"])
    page = page_behind(rows, lambda row: row.id, query["limit"])
    return as_page(page, lambda row: presentation.list_document(row, found.code, known))


@blp.post("/<provider>/suggestions", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.arguments(schemas.SuggestListWriteSchema)
@blp.response(202, JobSchema, description="The job that makes the list, which `Location` names; its result is the list")
def suggest_catalogue(body: dict[str, Any], provider: str) -> Response:
    """Suggest mappings for all courses of a provider

    A job does it, as of the version that is the asked one now.
    """
    version, wanted = pins().resolve(body["version"]), msgspec.to_builtins(Wanted.of(body))
    with db.transaction() as session:
        found = get_provider(session, actor(), provider)
        asked = {"provider": found.code, "version": str(version.number), "wanted": wanted}

        def made(_salt: bytes) -> Made:
            row = jobs.submit(session, actor(), KIND, asked, organisation_id=found.id)
            return Made(job_document(job_of(row)), {"Location": f"{JOBS}/{row.uuid}"}, status=202)

        return made_once(session, made)


@blp.get("/<provider>/suggestions/<id>", parameters=_LIST)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.response(200, schemas.SuggestionListSchema, description="The list, without its suggestions")
def read_suggestion_list(provider: str, **path: str) -> Response:
    """Read a list of suggestions"""
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        row = queries.get_list(session, found.id, path["id"])
    return as_response(presentation.list_document(row, found.code, pins()))


@blp.get("/<provider>/suggestions/<id>/items", parameters=_LIST)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(schemas.ListItemsQuerySchema, location="query")
@blp.formats(JSON, CSV)
@blp.response(200, page_schema(schemas.ListedSuggestionSchema), description="A page of suggestions, by course")
def list_suggestions(query: dict[str, Any], provider: str, **path: str) -> Response:
    """List suggestions for a catalogue

    Best first for each course. CSV is not paged, and its column `decision` may be filled in with `accept` or `reject`
    and sent back, relation, level, hours and evidence as you want them.
    """
    after, known = seen_in(query.get("cursor"), (0, 0)), pins()
    filters = queries.Filters(_named(query), query.get("standing"), query["min_confidence"])
    with db.reading(fresh=True) as session:
        row = _list(session, provider, path["id"])
        shown = presenter_of(known.of(row.version_id), query.get("lang", None if g.format is JSON else AUTO))
        if g.format is CSV:
            rows = queries.list_suggestions(session, row, filters)
            return as_response(as_csv([presentation.COLUMNS, *(presentation.list_row(*r, shown) for r in rows)]), CSV)
        rows = queries.list_suggestions(session, row, filters, after, query["limit"])
    page = page_behind(rows, lambda each: (each[0].course_id, each[0].place), query["limit"])
    return as_page(page, lambda each: presentation.list_item(*each, shown))


def _named(query: dict[str, Any]) -> tuple[str, ...]:
    return (query["course"],) if "course" in query else ()


def _list(session: orm.Session, provider: str, list_id: str) -> ListRow:
    return queries.get_list(session, get_provider(session, actor(), provider).id, list_id)


@blp.post("/<provider>/suggestions/<id>/decisions", parameters=_LIST)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.arguments(schemas.ListVerdictsWriteSchema)
@blp.response(201, schemas.DecisionsOutcomeSchema, description="What that did")
def decide_listed_suggestions(body: dict[str, Any], provider: str, **path: str) -> Response:
    """Accept or reject suggestions for a catalogue

    As for one course; all or nothing.
    """
    courses = {item["course"] for item in body["items"]}
    return _decided_listed(provider, path["id"], lambda checked: reading.from_items(body["items"], checked), courses)


@blp.post("/<provider>/suggestions/<id>/decision-file", parameters=_LIST)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict, InvalidInput, TooLarge, UnsupportedMediaType)
@blp.idempotent
@blp.doc(requestBody={"required": True, "content": _CSV_BODY})
@blp.response(201, schemas.DecisionsOutcomeSchema, description="What that did")
def send_suggestion_decisions(provider: str, **path: str) -> Response:
    """Accept or reject suggestions by a file

    The CSV of the list with its column `decision` filled in; rows without one say nothing. All or nothing.
    """
    request.max_content_length = settings.max_import_bytes
    if request.mimetype != CSV.media_type:
        raise UnsupportedMediaType(f"Send it as {CSV.media_type}.")
    data = request.get_data()
    return _decided_listed(provider, path["id"], lambda checked: reading.from_file(data, checked))


def _decided_listed(
    provider: str, list_id: str, read: Callable[[reading.Checked], list[Decided]], courses: Collection[str] = ()
) -> Response:
    """``courses`` are those that are decided about; none: any of the list."""
    known = pins()
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        row = queries.get_list(session, found.id, list_id)
        offers = {
            (course.external_id, each.concept): presentation.offer_in(each, course)[1]
            for each, course, _ in queries.list_suggestions(session, row, queries.Filters(courses))
        }
        checked = reading.Checked(course_ids(session, found.id), offers, known.taxonomy(row.version_id))
    return decided(provider, known.of(row.version_id), lambda: read(checked))
