"""The outcome of workshops over HTTP: report, files, what becomes of it in the taxonomy, what concepts say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import Conflict, DatabaseUnavailable, Forbidden, NotFound
from competency_api.core.http import (
    CSV,
    JSON,
    XLSX,
    Blueprint,
    Format,
    Made,
    as_page,
    as_response,
    asked_languages,
    brief,
    db,
    made_once,
    page_behind,
    page_schema,
    seen_in,
    service,
    settings,
)
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.courses.reports.writing.table import as_csv
from competency_api.courses.reports.writing.workbook import as_workbook
from competency_api.courses.routes import pins
from competency_api.curation.routes import draft
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.versions.queries import list_version_ids_of
from competency_api.workshops import queries
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import require_organiser
from competency_api.workshops.models import WorkshopRow
from competency_api.workshops.outcome import gathering, proposing, schemas
from competency_api.workshops.outcome.conclusions.routes import readable
from competency_api.workshops.outcome.planning import Wanted, wanted_in
from competency_api.workshops.outcome.report import Voice
from competency_api.workshops.outcome.standings import list_standings, place_of, standing_document
from competency_api.workshops.outcome.tables import sheets_of, table_of
from competency_api.workshops.presentation import BASE
from competency_api.workshops.results.counting import Counts
from competency_api.workshops.schemas import WORKSHOP_PARAMETER
from competency_api.workshops.wording import read

blp = Blueprint(
    "workshop_outcome", __name__, url_prefix="/api/v1", description="What comes of workshops, and of what they ranked"
)
blueprints = (blp,)
_UNDER = BASE.removeprefix("/api/v1")
_WORKSHOP = [WORKSHOP_PARAMETER]
_EXPORT = [WORKSHOP_PARAMETER, schemas.FORMAT_PARAMETER]
#: How long public answers may be old: a reported workshop hardly changes any more.
SECONDS = 60


# -- report and files --------------------------------------------------------------------------------------------------


@blp.get(f"{_UNDER}/<workshop>/report", parameters=_WORKSHOP)
@blp.welcoming
@blp.raises(NotFound)
@blp.arguments(schemas.ReportQuerySchema, location="query")
@blp.response(200, schemas.ReportSchema, description="Everything that the workshop came to")
def read_workshop_report(query: dict[str, Any], workshop: str) -> Response:
    """Read the report of a workshop

    What it was, the result of each topic, the conclusions of tables and plenary, and what was proposed of it. Public
    once it is reported; until then for those who run it. What the plenary reported is written at
    `/workshops/{workshop}/report/text`.
    """
    with db.reading(fresh=True) as session:
        row, _ = readable(session, workshop)
        document = gathering.report_of(session, row, pins(), service(Counts), matrices=query["matrices"])
    return _spoken(document, query.get("lang"), row, msgspec.json.encode, JSON)


@blp.get(f"{_UNDER}/<workshop>/export/<name>", parameters=_EXPORT)
@blp.welcoming
@blp.raises(NotFound)
@blp.arguments(schemas.ExportQuerySchema, location="query")
@blp.files(JSON, CSV, XLSX)
def export_workshop(query: dict[str, Any], workshop: str, name: str) -> Response:
    """Download what came of a workshop

    All that is not personal, for those who may read the report: JSON and XLSX whole, CSV one table of it. Once the
    workshop is closed the ballots are in it, by topic and table: every figure of these can be counted again.
    """
    if name not in schemas.FORMATS:
        hint = did_you_mean(name, schemas.FORMATS)
        raise NotFound(f'There is no export format "{printable(name)}".{hint}', extra={"available": schemas.FORMATS})
    with db.reading(fresh=True) as session:
        row, _ = readable(session, workshop)
        document = gathering.report_of(session, row, pins(), service(Counts), matrices=True) | {
            "ballots": gathering.ballots_of(session, row)
        }
    asked = query.get("lang") or (None if name == JSON.suffix else _own_language(row))
    writers: dict[str, tuple[Callable[[Any], bytes], Format]] = {
        "json": (msgspec.json.encode, JSON),
        "csv": (lambda said: as_csv(table_of(query["table"], said)), CSV),
        "xlsx": (lambda said: as_workbook(sheets_of(said)), XLSX),
    }
    response = _spoken(document, asked, row, *writers[name])
    response.headers["Content-Disposition"] = f'attachment; filename="{row.code}.{name}"'
    return response


def _own_language(row: WorkshopRow) -> str:
    """The first of those that it was held in: tables are in one."""
    return next(iter(read(row.languages)), REFERENCE_LANGUAGE)


def _spoken(
    document: dict[str, Any], lang: str | None, row: WorkshopRow, write: Callable[[Any], bytes], written: Format
) -> Response:
    """The document in that format, in all languages without ``lang``; then the workshop's own come before others."""
    own = read(row.languages)
    asked = asked_languages(lang, own)
    if asked is None:
        return as_response(write(document), written)
    voice = Voice(asked, (*own, *settings.fallback))
    response = as_response(write(voice.said(document)), written)
    response.headers["Content-Language"] = ", ".join(voice.used)
    return response


# -- what becomes of it ------------------------------------------------------------------------------------------------


@blp.post(f"{_UNDER}/<workshop>/proposals", parameters=_WORKSHOP)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Conflict, Forbidden)
@blp.idempotent
@blp.arguments(schemas.DryRunQuerySchema, location="query")
@blp.arguments(schemas.OutcomeWantedSchema)
@blp.alternative(200, schemas.OutcomesSchema, description="With `dry_run=true`: what would be made")
@blp.response(201, schemas.OutcomesSchema, description="What was made, and what there was already")
def propose_from_workshop(query: dict[str, Any], body: dict[str, Any], workshop: str) -> Response:
    """Propose what follows from a workshop

    Of one topic of a closed workshop: needs that came high become proposals to add them, concepts that came high or low
    get a comment, and a profile takes its levels from the places. Proposals are drafts of your organisation: complete
    and submit them. Repeated, it makes nothing twice. For organisers whose key also has the scope `propose`.
    """
    wanted = wanted_in(body)
    if query["dry_run"]:
        with db.reading(fresh=True) as session:
            found = _follows(session, workshop, body["topic"], wanted, proposing.rehearse)
            return as_response(found | {"dry_run": True})

    def make(_salt: bytes) -> Made:
        return Made(_follows(session, workshop, body["topic"], wanted, proposing.propose) | {"dry_run": False})

    with db.transaction() as session:
        return made_once(session, make)


def _follows(session: orm.Session, code: str, topic: str, wanted: Wanted, step: proposing.Step) -> dict[str, Any]:
    row, asker = asking.asked(session, code)
    require_organiser(asker)
    chosen = queries.get_topic(session, row, topic)
    about = gathering.about(session, row, chosen, pins())
    made = step(session, actor(), row, chosen, about, wanted, draft)
    return {"workshop": row.code, "topic": chosen.name, "items": [proposing.made_document(each) for each in made]}


@blp.get("/concepts/<code>/workshops", parameters=[schemas.CODE_PARAMETER])
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(schemas.StandingsQuerySchema, location="query")
@blp.response(
    200, page_schema(schemas.ConceptStandingSchema), description="A page of topics, the newest workshop first"
)
def list_workshops_of_concept(query: dict[str, Any], code: str) -> Response:
    """List the workshops in which a concept was ranked

    Reported ones, with its place in each topic that it was an option of.
    """
    before, limit = seen_in(query.get("cursor"), (0, 0)), query["limit"]
    with db.reading() as session:
        if not list_version_ids_of(session, code):
            raise NotFound(f'There is no concept "{printable(code)}" in any version.')
        page = page_behind(list_standings(session, code, before, limit), place_of, limit)
    return brief(as_page(page, standing_document), SECONDS)
