"""Coverage over HTTP: of a provider, with a key that has the scope `courses`; of everything public, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint as PageBlueprint
from flask import Flask, Response, g, render_template, request
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.serving import speaker_for
from competency_api.concepts.presentation import Presenter
from competency_api.core.errors import DatabaseUnavailable, NotFound
from competency_api.core.http import (
    AUTO,
    CSV,
    HTML,
    JSON,
    Blueprint,
    Format,
    as_response,
    brief,
    db,
    provide,
    service,
    styled,
)
from competency_api.courses.presentation import BASE
from competency_api.courses.queries import Provider, get_provider
from competency_api.courses.reports import schemas
from competency_api.courses.reports.measuring import Measurer, Question
from competency_api.courses.reports.memory import ReportMemory
from competency_api.courses.reports.presentation import Shown
from competency_api.courses.reports.writing.page import about
from competency_api.courses.reports.writing.table import as_csv, comparison_rows, report_rows
from competency_api.courses.reports.writing.words import words_for
from competency_api.courses.reports.writing.workbook import as_workbook, group_rows
from competency_api.courses.routes import pins
from competency_api.courses.schemas import PROVIDER_PARAMETER
from competency_api.taxonomy.speaking import Speaker

PUBLIC_SECONDS = 10
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_STYLE = "coverage.css"

blp = Blueprint("coverage", __name__, url_prefix="/api/v1", description="What courses cover, and what they miss")
pages = PageBlueprint("coverage_pages", __name__, template_folder="writing/templates")
blueprints = (blp, pages)

_ONE = [PROVIDER_PARAMETER]
_UNDER = BASE.removeprefix("/api/v1")


def register(app: Flask) -> None:
    provide(app, ReportMemory())


@blp.get(f"{_UNDER}/<provider>/coverage", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(schemas.CoverageQuerySchema, location="query")
@blp.formats(JSON, CSV, XLSX, HTML)
@blp.response(200, schemas.CoverageSchema, description="The coverage, concept by concept and added up")
def read_provider_coverage(query: dict[str, Any], provider: str) -> Response:
    """Read what a provider covers

    Against a profile, a kind, a discipline or a list of concepts, at any version; private courses count as well.
    Mappings as of other versions count as a migration would move them by itself; those that wait for a decision are
    not counted, and listed. A course that only assesses or requires a concept does not cover it.
    """
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        return _report(session, query, found)


@blp.get("/coverage")
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(schemas.PublicCoverageQuerySchema, location="query")
@blp.formats(JSON, CSV, XLSX, HTML)
@blp.response(200, schemas.CoverageSchema, description="The coverage, concept by concept and added up")
def read_coverage(query: dict[str, Any]) -> Response:
    """Read what the public courses of all providers cover

    As `/api/v1/providers/{provider}/coverage` tells it of one provider.
    """
    with db.reading() as session:
        return brief(_report(session, query, None), PUBLIC_SECONDS)


@blp.get(f"{_UNDER}/<provider>/coverage/comparison", parameters=_ONE)
@blp.scope(Scope.COURSES)
@blp.raises(NotFound)
@blp.arguments(schemas.ComparisonQuerySchema, location="query")
@blp.formats(JSON, CSV, XLSX, HTML)
@blp.response(200, schemas.ComparisonSchema, description="Both coverages, concept by concept")
def compare_provider_coverage(query: dict[str, Any], provider: str) -> Response:
    """Compare what a provider covers at two versions

    What the new version did to the coverage: the same courses, counted at `older` and at `version`.
    """
    with db.reading(fresh=True) as session:
        found = get_provider(session, actor(), provider)
        measurer, question = _asked(session, query, found)
        older = measurer.pins.resolve(query["older"])

        def document(shown: Shown) -> dict[str, Any]:
            return shown.comparison(measurer.comparison(question, older), older)

        return _answer(measurer, question, query.get("lang"), document, older.digest)


def _report(session: orm.Session, query: dict[str, Any], provider: Provider | None) -> Response:
    measurer, question = _asked(session, query, provider)

    def document(shown: Shown) -> dict[str, Any]:
        return shown.report(measurer.report(question))

    return _answer(measurer, question, query.get("lang"), document)


def _asked(session: orm.Session, query: dict[str, Any], provider: Provider | None) -> tuple[Measurer, Question]:
    measurer = Measurer(session, pins(), service(ReportMemory))
    return measurer, measurer.question(query, provider)


def _answer(
    measurer: Measurer, question: Question, lang: str | None, document: Callable[[Shown], dict[str, Any]], *more: str
) -> Response:
    """The answer as it was made for the same question and the same mappings, or made now."""
    taxonomy = measurer.pins.taxonomy(question.version.id)
    speaker = speaker_for(lang or (None if g.format is JSON else AUTO), taxonomy)

    def make() -> tuple[bytes, tuple[str, ...]]:
        presenter = Presenter(taxonomy, str(question.version.number), measurer.pins.base_url, speaker)
        said = document(Shown(presenter, measurer.pins, question))
        return _WRITERS[g.format](said, measurer, question, speaker), tuple(speaker.used)

    key = (measurer.state(question), g.format, speaker.asked, *more)
    body, languages = service(ReportMemory).answer(key, make)
    response = as_response(body, g.format)
    if languages:
        response.headers["Content-Language"] = ", ".join(languages)
    return styled(response, render_template(_STYLE)) if g.format is HTML else response


def _as_json(said: dict[str, Any], *_rest: object) -> bytes:
    return msgspec.json.encode(said)


def _as_table(said: dict[str, Any], *_rest: object) -> bytes:
    return as_csv((comparison_rows if "older" in said else report_rows)(said))


def _as_page(said: dict[str, Any], measurer: Measurer, question: Question, speaker: Speaker) -> bytes:
    tongue, words = words_for(speaker.asked)
    page = render_template(
        "comparison.html" if "older" in said else "coverage.html",
        **about(said, measurer, question, speaker, words),
        w=words,
        tongue=tongue,
        style=render_template(_STYLE),
        formats=_other_formats() if question.provider is None else {},
    )
    return page.encode()


def _other_formats() -> dict[str, str]:
    path, query = request.path.removesuffix(".html"), request.query_string.decode()
    return {name: f"{path}.{name.lower()}{'?' if query else ''}{query}" for name in ("JSON", "CSV", "XLSX")}


def _as_workbook(said: dict[str, Any], *_rest: object) -> bytes:
    if "older" in said:
        return as_workbook({"comparison": comparison_rows(said)})
    return as_workbook({"concepts": report_rows(said), "sums": group_rows(said)})


_WRITERS: dict[Format, Callable[[dict[str, Any], Measurer, Question, Speaker], bytes]] = {
    JSON: _as_json,
    CSV: _as_table,
    XLSX: _as_workbook,
    HTML: _as_page,
}
