"""Providers, their courses and their mappings over HTTP: with a key of theirs that has the scope `courses`."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response
from werkzeug.routing import PathConverter

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.serving import Publications
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import (
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
    service,
    settings,
    with_revision,
)
from competency_api.courses import queries, schemas
from competency_api.courses import service as commands
from competency_api.courses.entry import hundredths
from competency_api.courses.models import CourseRow
from competency_api.courses.pins import Pins
from competency_api.courses.presentation import (
    BASE,
    history_document,
    mapping_documents,
    own_document,
    provider_document,
    resolutions,
)
from competency_api.courses.queries import Filters
from competency_api.courses.values import MappingRelation, MappingRequest

blp = Blueprint("providers", __name__, url_prefix=BASE, description="Courses of a provider, and what they teach")
blueprints = (blp,)


class OwnId(PathConverter):
    """A provider's own id of a course, slashes included; what begins with ``/mappings`` behind it is not of it."""

    regex = "[^/](?:(?!/mappings(?:/|$)).)*"


def register(app: Flask) -> None:
    """Let rules take own ids."""
    app.url_map.converters["own_id"] = OwnId


_ONE = [schemas.PROVIDER_PARAMETER]
_COURSE = [schemas.PROVIDER_PARAMETER, schemas.COURSE_PARAMETER]


def pins() -> Pins:
    """The published versions, for the present request."""
    return Pins(service(Publications).store, settings.base_url)


def filters_in(query: dict[str, Any], provider_id: int | None, visibility: str | None) -> Filters:
    least, most = query.get("hours_from"), query.get("hours_to")
    return Filters(
        concept=query.get("concept"),
        relations=tuple(query.get("relation", ())),
        levels=tuple(query.get("level", ())),
        languages=tuple(query.get("language", ())),
        modalities=tuple(query.get("modality", ())),
        provider_id=provider_id,
        least_hours=None if least is None else hundredths(least),
        most_hours=None if most is None else hundredths(most),
        visibility=visibility,
    )


def _request(document: dict[str, Any]) -> MappingRequest:
    return MappingRequest(
        concept=document["concept"],
        relation=MappingRelation(document["relation"]),
        level=document.get("level"),
        hours=hundredths(document["hours"]) if document.get("hours") is not None else None,
        evidence=document.get("evidence") or "",
        span=document.get("evidence_span") or "",
        version=document["version"],
    )


@blp.get("/<provider>", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.response(200, schemas.ProviderSchema, description="The provider, with what it has set")
def read_provider(provider: str) -> Response:
    """Read a provider"""
    with db.reading(fresh=True) as session:
        found = queries.get_provider(session, actor(), provider)
        state = queries.get_settings(session, found.id)
    return with_revision(as_response(provider_document(found, state)), state.revision)


@blp.patch("/<provider>", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.conditional
@blp.arguments(schemas.SettingsWriteSchema)
@blp.response(200, schemas.ProviderSchema, description="The provider as it is now")
def change_provider(body: dict[str, Any], expected: frozenset[int], provider: str) -> Response:
    """Change what a provider has set"""
    with db.transaction() as session:
        found = queries.get_provider(session, actor(), provider)
        state = commands.change_settings(session, actor(), found, expected, body["automatic_migration"])
    return with_revision(as_response(provider_document(found, state)), state.revision)


# -- courses -----------------------------------------------------------------------------------------------------------


@blp.get("/<provider>/courses", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(schemas.OwnCoursesQuerySchema, location="query")
@blp.response(200, page_schema(schemas.CourseSchema), description="A page of courses, private ones as well")
def list_provider_courses(query: dict[str, Any], provider: str) -> Response:
    """List the courses of a provider

    In the order in which they were added.
    """
    after = seen_in(query.get("cursor"), (0, 0))
    with db.reading(fresh=True) as session:
        found = queries.get_provider(session, actor(), provider)
        asked = filters_in(query, found.id, query.get("visibility"))
        rows = queries.list_courses(session, asked, after, query["limit"])
    page = page_behind(rows, lambda row: (row.organisation_id, row.id), query["limit"])
    return as_page(page, lambda row: own_document(row, found))


@blp.get("/<provider>/courses/<own_id:external_id>", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.response(200, schemas.CourseSchema, description="The course")
def read_provider_course(provider: str, external_id: str) -> Response:
    """Read a course of a provider"""
    with db.reading(fresh=True) as session:
        found = queries.get_provider(session, actor(), provider)
        row = queries.get_course(session, found.id, external_id)
    return with_revision(as_response(own_document(row, found)), row.revision)


@blp.put("/<provider>/courses/<own_id:external_id>", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.upserting
@blp.arguments(schemas.CourseWriteSchema)
@blp.also(201, schemas.CourseSchema, "The course, which is new")
@blp.response(200, schemas.CourseSchema, description="The course as it is now")
def put_provider_course(
    body: dict[str, Any], expected: frozenset[int] | None, provider: str, external_id: str
) -> Response:
    """Write a course of a provider

    Made if there is none, else replaced whole: then `If-Match` must hold the `ETag` of the course. Its mappings stay.
    """
    with db.transaction() as session:
        found = queries.get_provider(session, actor(), provider)
        row, is_new = commands.put_course(session, actor(), found, external_id, _plain(body), expected)
    response = with_revision(as_response(own_document(row, found)), row.revision)
    response.status_code = 201 if is_new else 200
    return response


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """The body in JSON types again: its days are read already."""
    runs = [{name: str(day) for name, day in run.items() if day is not None} for run in body.get("dates", ())]
    return {**body, "dates": runs}


@blp.delete("/<provider>/courses/<own_id:external_id>", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.conditional
@blp.response(204, description="It is gone; its mappings are in the history")
def delete_provider_course(expected: frozenset[int], provider: str, external_id: str) -> Response:
    """Remove a course of a provider

    Written again under the same id, it has the same public id and history as before.
    """
    with db.transaction() as session:
        found = queries.get_provider(session, actor(), provider)
        commands.remove_course(session, actor(), found, external_id, expected)
    return Response(status=204)


# -- mappings ----------------------------------------------------------------------------------------------------------


@blp.get("/<provider>/courses/<own_id:external_id>/mappings", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, DatabaseUnavailable)
@blp.response(200, schemas.MappingsSchema, description="All mappings of the course")
def list_mappings(provider: str, external_id: str) -> Response:
    """List the mappings of a course"""
    with db.reading(fresh=True) as session:
        found = queries.get_provider(session, actor(), provider)
        row = queries.get_course(session, found.id, external_id)
        state = queries.mappings_state(session, found.id, row.id)
        body = {"items": mapping_documents(queries.list_mappings(session, found.id, [row.id]), pins())}
    return with_revision(as_response(body), state)


@blp.put("/<provider>/courses/<own_id:external_id>/mappings", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.conditional
@blp.arguments(schemas.MappingsWriteSchema)
@blp.response(200, schemas.MappingsSchema, description="All mappings of the course as they are now")
def put_mappings(body: dict[str, Any], expected: frozenset[int], provider: str, external_id: str) -> Response:
    """Write all mappings of a course

    Others that it has end; what ends or changes stays in the history.
    """
    requests, versions = [_request(item) for item in body["items"]], pins()
    with db.transaction() as session:
        found = queries.get_provider(session, actor(), provider)
        row, named = commands.put_mappings(session, actor(), found, external_id, expected, requests, versions)
        rows = queries.list_mappings(session, found.id, [row.id])
        state = queries.mappings_state(session, found.id, row.id)
    answer = {"items": mapping_documents(rows, versions), "resolved": resolutions(requests, named)}
    return with_revision(as_response(answer), state)


@blp.post("/<provider>/courses/<own_id:external_id>/mappings", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.idempotent
@blp.arguments(schemas.MappingWriteSchema)
@blp.response(201, schemas.MappingsSchema, description="The mapping, alone in the list")
def add_mapping(body: dict[str, Any], provider: str, external_id: str) -> Response:
    """Add a mapping to a course

    One of the same concept and relation is replaced by it.
    """
    request, versions = _request(body), pins()
    with db.transaction() as session:
        found = queries.get_provider(session, actor(), provider)

        def make(_salt: bytes) -> Made:
            row, named = commands.add_mapping(session, actor(), found, external_id, request, versions)
            only = Filters(concept=named.code, relations=(request.relation.value,))
            items = mapping_documents(queries.list_mappings(session, found.id, [row.id], only), versions)
            made = {"items": items, "resolved": resolutions([request], [named])}
            return Made(made, {"ETag": f'"{queries.mappings_state(session, found.id, row.id)}"'})

        return made_once(session, make)


@blp.get("/<provider>/courses/<own_id:external_id>/mappings/history", parameters=_COURSE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.EndedMappingSchema), description="A page of mappings as they were, newest first")
def list_mapping_history(query: dict[str, Any], provider: str, external_id: str) -> Response:
    """List what became of the mappings of a course"""
    before = seen_in(query.get("cursor"), (0, "", ""))
    with db.reading(fresh=True) as session:
        found = queries.get_provider(session, actor(), provider)
        course: CourseRow = queries.get_course(session, found.id, external_id)
        rows = queries.list_history(session, found.id, course.id, before, query["limit"])
        page = page_behind(rows, lambda row: (row[0].until, row[0].concept, row[0].relation), query["limit"])
        versions = pins()
        return as_page(page, lambda row: history_document(row[0], row[1], row[2], versions))
