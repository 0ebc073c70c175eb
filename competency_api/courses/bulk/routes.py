"""Catalogues as files over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

import msgspec
from flask import Response, request
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.core.errors import (
    Conflict,
    DatabaseUnavailable,
    FieldError,
    InvalidInput,
    NotFound,
    TooLarge,
    UnsupportedMediaType,
)
from competency_api.core.http import Blueprint, Made, db, made_once, settings
from competency_api.core.text import printable
from competency_api.courses import queries
from competency_api.courses.bulk.files import receiving
from competency_api.courses.bulk.files.inputs import MEDIA_TYPES, format_of
from competency_api.courses.bulk.importing import Options, Plan
from competency_api.courses.bulk.schemas import ImportQuerySchema, ImportSchema
from competency_api.courses.bulk.worker import KIND, run_import
from competency_api.courses.presentation import BASE
from competency_api.courses.routes import pins
from competency_api.courses.schemas import PROVIDER_PARAMETER
from competency_api.jobs import service as jobs
from competency_api.jobs.presentation import BASE as JOBS
from competency_api.jobs.presentation import job_document
from competency_api.jobs.queries import job_of
from competency_api.jobs.schemas import JobSchema

blp = Blueprint("catalogues", __name__, url_prefix=BASE, description="Whole catalogues of providers as files")
blueprints = (blp,)

_BINARY = {"type": "string", "format": "binary"}
_FORM = {"type": "object", "properties": {"courses": _BINARY, "mappings": _BINARY}, "minProperties": 1}
_TYPES = {"contentType": ", ".join(MEDIA_TYPES)}
_BODY = {
    "required": True,
    "content": {
        **{media_type: {"schema": _BINARY} for media_type in MEDIA_TYPES},
        "multipart/form-data": {"schema": _FORM, "encoding": dict.fromkeys(("courses", "mappings"), _TYPES)},
    },
}


def _sent() -> Iterator[tuple[str, str, Iterable[bytes]]]:
    """The files of the present request: of a form, or its body."""
    request.max_content_length = settings.max_import_bytes
    if request.mimetype != "multipart/form-data":
        yield f"file.{MEDIA_TYPES.get(request.mimetype, '')}", request.mimetype, receiving.pieces_of(request.stream)
        return
    for name, file in request.files.items():
        try:
            format_of(file.mimetype, file.filename or "")
        except UnsupportedMediaType as error:
            raise InvalidInput(FieldError(f'The file of "{printable(name)}": {error.message}', pointer="")) from error
        yield file.filename or name, file.mimetype, receiving.pieces_of(file.stream)


@blp.post("/<provider>/imports", parameters=[PROVIDER_PARAMETER])
@blp.scope(Scope.COURSES)
@blp.raises(NotFound, UnsupportedMediaType, TooLarge, Conflict, DatabaseUnavailable)
@blp.idempotent
@blp.arguments(ImportQuerySchema, location="query")
@blp.doc(requestBody=_BODY)
@blp.also(202, JobSchema, "It takes longer: a job does it, which `Location` names")
@blp.response(200, ImportSchema, description="What was written, or with `dry_run` what would be")
def import_catalogue(query: dict[str, Any], provider: str) -> Response:
    """Import courses and mappings

    From a file in CSV, NDJSON, JSON or XLSX, or from two in a form. All of it is written or nothing. What a file says
    nothing about stays; what is said already is no change.
    """
    options = Options(**query)
    with db.reading(fresh=True) as session:
        code = queries.get_provider(session, actor(), provider).code
    with receiving.received(_sent()) as found:
        if found.size > settings.import_bytes_at_once:
            return _as_job(code, found, options)

        def write(session: orm.Session, make: Callable[[], Plan]) -> Response:
            return made_once(session, lambda _salt: Made(msgspec.to_builtins(make()), status=200), sent=found.digest)

        answer: Response = run_import(db, actor(), code, found.files, options, pins(), write=write)
        return answer


def _as_job(code: str, found: receiving.Received, options: Options) -> Response:
    asked = {"provider": code, "options": asdict(options), "files": receiving.described(found.files)}
    streams = [(file.name, file.stream) for file in found.files]
    with db.transaction() as session:
        provider = queries.get_provider(session, actor(), code)

        def make(_salt: bytes) -> Made:
            row = jobs.submit(session, actor(), KIND, asked, streams, organisation_id=provider.id)
            return Made(job_document(job_of(row)), {"Location": f"{JOBS}/{row.uuid}"}, status=202)

        return made_once(session, make, sent=found.digest)
