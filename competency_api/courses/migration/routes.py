"""Migrations over HTTP: plans of a provider, with a key that has the scope `courses`; previews for everybody."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

from flask import Response, g, request
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.serving import speaker_for
from competency_api.core.errors import (
    Conflict,
    DatabaseUnavailable,
    InvalidInput,
    MalformedRequest,
    NotFound,
    TooLarge,
    UnsupportedMediaType,
)
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
    momentary,
    page_behind,
    page_schema,
    seen_in,
    settings,
)
from competency_api.courses.migration import queries, reading, schemas, service
from competency_api.courses.migration.models import PlanRow
from competency_api.courses.migration.presentation import Shown, address, plan_document, preview_rows
from competency_api.courses.migration.stepping import Asked, listed
from competency_api.courses.pins import Pins
from competency_api.courses.plans.preview import Way, previewed, rewritten
from competency_api.courses.plans.tables import PLAN_COLUMNS, as_csv
from competency_api.courses.presentation import BASE
from competency_api.courses.queries import Provider, course_ids, get_provider, get_settings
from competency_api.courses.routes import pins
from competency_api.courses.schemas import PROVIDER_PARAMETER
from competency_api.taxonomy.migration import Outcomes

blp = Blueprint("migrations", __name__, url_prefix="/api/v1", description="Bringing mappings to another version")
blueprints = (blp,)

_UNDER = BASE.removeprefix("/api/v1") + "/<provider>/migrations"
_ONE = [PROVIDER_PARAMETER]
_PLAN = [PROVIDER_PARAMETER, schemas.PLAN_PARAMETER]
_CSV_BODY = {"text/csv": {"schema": {"type": "string"}}}


def _document(session: orm.Session, plan: PlanRow, provider: Provider, known: Pins) -> dict[str, Any]:
    return plan_document(plan, provider, known, get_settings(session, provider.id).last_change)


@blp.get(_UNDER, parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_schema(schemas.MigrationSchema), description="A page of migrations, newest first")
def list_migrations(query: dict[str, Any], provider: str) -> Response:
    """List the migrations of a provider"""
    known = pins()
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        rows = queries.list_plans(session, found.id, seen_in(query.get("cursor"), 0), query["limit"])
        page = page_behind(rows, lambda row: row.id, query["limit"])
        return as_page(page, lambda row: _document(session, row, found, known))


@blp.post(_UNDER, parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.arguments(schemas.MigrationCreateSchema)
@blp.response(201, schemas.MigrationSchema, description="The plan; no mapping is written yet")
def create_migration(body: dict[str, Any], provider: str) -> Response:
    """Plan a migration

    To any later version or an earlier one. What happens to each mapping is at `links.mappings`.
    """
    known = pins()
    to, from_ = known.resolve(body["to"]), known.resolve(body["from_"]) if "from_" in body else None
    with db.transaction() as session:
        found = get_provider(session, actor(), provider)

        def made(_salt: bytes) -> Made:
            plan = service.make_plan(session, actor(), found, known, to, from_)
            return Made(_document(session, plan, found, known), {"Location": address(found, plan)})

        return made_once(session, made)


@blp.get(f"{_UNDER}/<id>", parameters=_PLAN)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.response(200, schemas.MigrationSchema, description="The migration")
def read_migration(provider: str, **path: str) -> Response:
    """Read a migration"""
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        return as_response(_document(session, queries.get_plan(session, found.id, path["id"]), found, pins()))


@blp.get(f"{_UNDER}/<id>/mappings", parameters=_PLAN)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.arguments(schemas.StepsQuerySchema, location="query")
@blp.formats(JSON, CSV)
@blp.response(200, page_schema(schemas.MigrationStepSchema), description="A page of mappings, by course and concept")
def list_migration_mappings(query: dict[str, Any], provider: str, **path: str) -> Response:
    """List what happens to each mapping

    Of an open migration, every mapping that it is about; of an applied one, those that it moved or dropped. CSV is not
    paged, and its column `decision` may be filled in and sent back: `keep`, `drop`, or codes with spaces between.
    """
    known, after = pins(), seen_in(query.get("cursor"), (0, "", ""))
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        asked = Asked.of(session, found, queries.get_plan(session, found.id, path["id"]), known, query)
        target = known.taxonomy(asked.plan.to_version)
        shown = Shown(known, target, speaker_for(query.get("lang", None if g.format is JSON else AUTO), target))
        if g.format is CSV:
            rows = (shown.row(*entry) for entry in listed(asked, None))
            return as_response(as_csv([PLAN_COLUMNS, *rows]), CSV)
        some = list(islice(listed(asked, after), query["limit"] + 1))
        return as_page(page_behind(some, lambda s: s[0].held.key, query["limit"]), lambda entry: shown.step(*entry))


@blp.post(f"{_UNDER}/<id>/decisions", parameters=_PLAN)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.arguments(schemas.DecisionsWriteSchema)
@blp.response(201, schemas.MigrationSchema, description="The migration, with what was decided")
def decide_migration(body: dict[str, Any], provider: str, **path: str) -> Response:
    """Decide about mappings that wait

    A later decision about the same takes the place of an earlier one; one about a single mapping goes before one about
    all mappings to its concept. All or nothing.
    """
    with db.transaction() as session:
        return _decided(session, provider, path["id"], lambda checked: reading.from_items(body["items"], checked))


@blp.post(f"{_UNDER}/<id>/decision-file", parameters=_PLAN)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict, InvalidInput, TooLarge, UnsupportedMediaType)
@blp.idempotent
@blp.doc(requestBody={"required": True, "content": _CSV_BODY})
@blp.response(201, schemas.MigrationSchema, description="The migration, with what was decided")
def send_migration_decisions(provider: str, **path: str) -> Response:
    """Decide by a file

    The CSV of the mappings with its column `decision` filled in; rows without one say nothing. All or nothing.
    """
    data = _file("text/csv")
    with db.transaction() as session:
        return _decided(session, provider, path["id"], lambda checked: reading.from_file(data, checked))


@blp.post(f"{_UNDER}/<id>/application", parameters=_PLAN)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.response(201, schemas.MigrationSchema, description="The migration, with what it did")
def apply_migration(provider: str, **path: str) -> Response:
    """Apply a migration

    In one transaction: what moves by itself, and what was decided. Mappings without a decision stay as they are and
    wait. Refused when courses or mappings changed since it was planned. To undo it, migrate back.
    """
    known = pins()
    with db.transaction() as session:
        found = get_provider(session, actor(), provider)

        def made(_salt: bytes) -> Made:
            plan = service.apply_plan(session, actor(), found, path["id"], known)
            return Made(_document(session, plan, found, known), {"Location": address(found, plan)})

        return made_once(session, made)


def _decided(session: orm.Session, provider: str, plan_id: str, read: Any) -> Response:
    known, found = pins(), get_provider(session, actor(), provider)

    def made(_salt: bytes) -> Made:
        before = queries.get_plan(session, found.id, plan_id)
        service.require_open(before, get_settings(session, found.id).last_change)
        entries = read(reading.Checked(session, before, known, course_ids(session, found.id)))
        plan = service.decide(session, actor(), found, plan_id, entries)
        return Made(_document(session, plan, found, known), {"Location": address(found, plan)})

    return made_once(session, made)


def _file(*media_types: str) -> bytes:
    if request.mimetype not in media_types:
        raise UnsupportedMediaType(f"Send it as {' or '.join(media_types)}.")
    return request.get_data()


@blp.post("/migrations/preview")
@blp.public
@blp.raises(NotFound, DatabaseUnavailable, MalformedRequest, InvalidInput, TooLarge, UnsupportedMediaType)
@blp.arguments(schemas.PreviewQuerySchema, location="query")
@blp.doc(requestBody=schemas.PREVIEW_BODY)
@blp.formats(JSON, CSV)
@blp.response(200, schemas.PreviewSchema, description="What becomes of each row, and the rows ready to save")
def preview_migration(query: dict[str, Any]) -> Response:
    """Try a migration out on a file

    A file of mappings, CSV with a header or JSON, with `concept` and, if they are there, `course`, `relation`, `level`,
    `hours`, `evidence`, `version`. Nothing of it is kept. Rows that wait for a decision are left as they are.
    """
    data = _file("text/csv", "application/json")
    names, rows = reading.rows_to_preview(data, request.mimetype == JSON.media_type)
    known = pins()
    ways: dict[str, Way] = {}
    to = known.resolve(query["to"])
    target = known.taxonomy(to.id)

    def way_from(said: str) -> Way:
        if said not in ways:
            version = known.resolve(said or query["from_"])
            ways[said] = Way(str(version.number), Outcomes(known.taxonomy(version.id), target))
        return ways[said]

    found = previewed(rows, way_from, f"{settings.base_url}/id/")
    saved = rewritten(found, str(to.number))
    if g.format is CSV:
        return momentary_file(as_csv(preview_rows(saved, names)))
    shown = Shown(known, target, speaker_for(query.get("lang"), target))
    items = [shown.preview(entry, way_from(str(entry.row.get("version") or "")).outcomes.old) for entry in found]
    outcomes = dict(Counter(entry.outcome for entry in found))
    return momentary({"to": str(to.number), "outcomes": outcomes, "items": items, "mappings": saved})


def momentary_file(data: bytes) -> Response:
    response = as_response(data, CSV)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="mappings.csv"'
    return response
