"""Publishing and withdrawing in somebody's name: who may, what the audit trail keeps, and what a dry run says."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import orm

from competency_api.accounts.queries import get_organisation
from competency_api.accounts.service import record
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.core.errors import ServiceError
from competency_api.core.signatures import Signer
from competency_api.events.values import VERSION_PUBLISHED, VERSION_WITHDRAWN
from competency_api.taxonomy.changelog import Account, notes_on
from competency_api.taxonomy.numbering import Number
from competency_api.versions import queries
from competency_api.versions import service as versions
from competency_api.versions.obstacles import NotPublishable, chosen_number, first_day
from competency_api.versions.values import PublicationPlan, PublicationRequest, VersionInfo


class Rehearsal(msgspec.Struct, frozen=True):
    """What publishing with this request would do now. ``request`` is complete, as far as nothing forbids it.

    ``obstacles`` are all the reasons for which it would be refused.
    """

    plan: PublicationPlan
    request: PublicationRequest
    obstacles: tuple[ServiceError, ...]


def rehearse(
    session: orm.Session, actor: Actor, request: PublicationRequest, accounts: Sequence[Account] = ()
) -> Rehearsal:
    """The dry run of :func:`publish`. Writes nothing, and refuses nothing but who may not. Raises Forbidden."""
    require_scope(actor, Scope.PUBLISH)
    plan = versions.plan_publication(session)
    known = queries.list_versions(session)
    obstacles: list[ServiceError] = []
    number = valid_from = None
    try:
        number = chosen_number(request.number, plan, known)
    except ServiceError as error:
        obstacles.append(error)
    if plan.errors:
        obstacles.append(NotPublishable(plan))
    try:
        valid_from = first_day(request, known[-1] if known else None)
    except ServiceError as error:
        obstacles.append(error)
    notes = notes_on(plan.difference, accounts) if request.notes is None else request.notes
    completed = msgspec.structs.replace(
        _with_publisher(session, actor, request), number=number or request.number, valid_from=valid_from, notes=notes
    )
    return Rehearsal(plan, completed, tuple(obstacles))


def publish(
    session: orm.Session,
    actor: Actor,
    request: PublicationRequest,
    signer: Signer | None,
    *,
    expected: frozenset[str] | None = None,
    accounts: Sequence[Account] = (),
) -> VersionInfo:
    """Make the draft a version, signed where there is a key. The publisher is the actor's organisation unless named.

    Raises Forbidden, and what :func:`competency_api.versions.service.publish_version` raises.
    """
    require_scope(actor, Scope.PUBLISH)
    newest, _ = queries.marks(session)
    version = versions.publish_version(
        session,
        actor.name,
        _with_publisher(session, actor, request),
        expected=expected,
        signer=signer,
        accounts=accounts,
    )
    if version.id > newest:  # not when a publication was only repeated
        known = {"digest": version.digest, "signed_with": signer.key_id if signer else None}
        record(session, actor, VERSION_PUBLISHED, f"version/{version.number}", actor.organisation_id, **known)
    return version


def withdraw(session: orm.Session, actor: Actor, number: Number, reason: str, use: Number | None) -> VersionInfo:
    """Raises Forbidden, and what :func:`competency_api.versions.service.withdraw_version` raises."""
    require_scope(actor, Scope.PUBLISH)
    version = versions.withdraw_version(session, actor.name, number, reason, use)
    known = {"reason": reason, "use": str(use) if use else None}
    record(session, actor, VERSION_WITHDRAWN, f"version/{number}", actor.organisation_id, **known)
    return version


def _with_publisher(session: orm.Session, actor: Actor, request: PublicationRequest) -> PublicationRequest:
    if request.publisher or actor.organisation is None:
        return request
    name = get_organisation(session, actor, actor.organisation).name
    return msgspec.structs.replace(request, publisher=name)
