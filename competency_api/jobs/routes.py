"""Jobs over HTTP: each organisation follows its own."""

from __future__ import annotations

from typing import Any

from flask import Response

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import NotFound
from competency_api.core.http import Blueprint, as_page, as_response, db, page_behind, page_schema, seen_in
from competency_api.jobs import queries, schemas
from competency_api.jobs.presentation import BASE, job_document

blp = Blueprint("jobs", __name__, url_prefix=BASE, description="Long work that is done later: how far it is")
blueprints = (blp,)


@blp.get("")
@blp.scope(Scope.READ)
@blp.arguments(schemas.JobsQuerySchema, location="query")
@blp.response(200, page_schema(schemas.JobSchema), description="A page of jobs, newest first")
def list_jobs(query: dict[str, Any]) -> Response:
    """List jobs"""
    before = seen_in(query.get("cursor"), 0)
    with db.reading(fresh=True) as session:
        rows = queries.list_jobs(session, actor(), before, query["limit"], query.get("state"))
    return as_page(page_behind(rows, lambda row: row[0], query["limit"]), lambda row: job_document(row[1]))


@blp.get("/<id>", parameters=[schemas.ID_PARAMETER])
@blp.scope(Scope.READ)
@blp.raises(NotFound)
@blp.response(200, schemas.JobSchema, description="The job, with its result once it is done")
def read_job(**path: str) -> Response:
    """Follow a job

    Jobs that finished 30 days ago are forgotten.
    """
    with db.reading(fresh=True) as session:
        return as_response(job_document(queries.get_job(session, actor(), path["id"])))
