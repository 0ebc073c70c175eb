"""Publishing and withdrawing over HTTP, and the keys that signatures are checked with."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.presentation import BASE, version_document
from competency_api.catalogue.schemas import VersionSchema
from competency_api.catalogue.serving import Publications
from competency_api.core.errors import (
    Conflict,
    DatabaseUnavailable,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from competency_api.core.http import (
    IF_MATCH_STATE,
    Blueprint,
    Format,
    Made,
    as_response,
    brief,
    context_of,
    db,
    expected_states,
    made_once,
    provide,
    service,
)
from competency_api.core.signatures import configured_signer
from competency_api.curation.sources import UseSources
from competency_api.publishing import schemas
from competency_api.publishing import service as publishing
from competency_api.publishing.keys import list_keys
from competency_api.publishing.presentation import key_set, rehearsal_document
from competency_api.publishing.values import Signing
from competency_api.taxonomy.numbering import Number
from competency_api.versions.values import PublicationRequest, VersionInfo

KEYS_SECONDS = 300
_KEY_SET = Format("json", "application/jwk-set+json")

blp = Blueprint("publishing", __name__, url_prefix="/api/v1", description="Publishing versions, and withdrawing them")
keys = Blueprint("signing_keys", __name__, description="The keys that versions and conclusions are signed with")
blueprints = (blp, keys)


def register(app: Flask) -> None:
    provide(app, Signing(configured_signer(context_of(app).settings)))


@blp.post("/versions")
@blp.scope(Scope.PUBLISH)
@blp.raises(Conflict, PreconditionFailed, PreconditionRequired)
@blp.idempotent
@blp.doc(parameters=[{**IF_MATCH_STATE, "required": False, "description": "`ETag` of the dry run; it needs none."}])
@blp.arguments(schemas.PublicationQuerySchema, location="query")
@blp.arguments(schemas.PublicationSchema)
@blp.alternative(200, schemas.RehearsalSchema, description="With `dry_run=true`: what would happen")
@blp.response(201, VersionSchema, description="The version")
def publish_version(query: dict[str, Any], body: dict[str, Any]) -> Response:
    """Publish the draft

    First with `dry_run=true`: number, difference, findings, notes. Then for real, under its number or a higher one, and
    with its `ETag` in `If-Match`: what is published is the draft that was looked at, with its number, or nothing.
    """
    request = PublicationRequest(**{"notes": None, **body})
    if query["dry_run"]:
        return _rehearse(request)
    expected = expected_states()
    with db.transaction() as session:
        answer = made_once(session, lambda _salt: _published(session, request, expected))
    return _noticed(answer)


def _rehearse(request: PublicationRequest) -> Response:
    with db.reading(fresh=True) as session:
        found = publishing.rehearse(session, actor(), request, service(UseSources))
    response = as_response(rehearsal_document(found, service(Signing)))
    response.set_etag(found.plan.state)
    return response


def _published(session: orm.Session, request: PublicationRequest, expected: frozenset[str]) -> Made:
    signer = service(Signing).signer
    return _made(publishing.publish(session, actor(), request, signer, expected=expected))


def _made(version: VersionInfo) -> Made:
    return Made(version_document(version), {"Location": f"{BASE}/{version.number}"})


def _noticed(answer: Response) -> Response:
    """What this process wrote, it serves at once; others within a second."""
    service(Publications).store.expire()
    return answer


@blp.post("/versions/<version>/withdrawal", parameters=[schemas.NUMBER_PARAMETER])
@blp.scope(Scope.PUBLISH)
@blp.raises(NotFound, Conflict)
@blp.idempotent
@blp.arguments(schemas.WithdrawalCreateSchema)
@blp.response(201, VersionSchema, description="The version, marked")
def withdraw_version(body: dict[str, Any], version: str) -> Response:
    """Withdraw a version

    It stays readable by its exact number, for ever, and says everywhere that it should no longer be used. `latest`,
    prefixes and days no longer mean it. This cannot be taken back.
    """
    number = Number.parse(version)
    if number is None:
        raise NotFound("A version that is withdrawn is named by its exact number, like 2.0.0.")
    with db.transaction() as session:
        answer = made_once(
            session, lambda _salt: _made(publishing.withdraw(session, actor(), number, body["reason"], body["use"]))
        )
    return _noticed(answer)


@keys.get("/.well-known/jwks.json")
@keys.public
@keys.raises(DatabaseUnavailable)
@keys.response(200, schemas.SigningKeySetSchema, content_type=_KEY_SET.media_type, description="JWK set (RFC 7517)")
def list_signing_keys() -> Response:
    """List the public keys that signatures are checked with

    Versions, and the conclusions and reports of workshops. The present key first; earlier ones stay as long as there is
    something that they signed.
    """
    with db.reading() as session:
        others = list_keys(session)
    body = key_set(service(Signing), service(Publications).store.versions(), others)
    return brief(as_response(body, _KEY_SET), KEYS_SECONDS)
