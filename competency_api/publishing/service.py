"""Publishing and withdrawing in somebody's name: who may, what the audit trail keeps, and what a dry run says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
from sqlalchemy import orm

from competency_api.accounts.queries import get_organisation, names_of_organisations
from competency_api.accounts.service import record
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.core.db import lock
from competency_api.core.errors import ServiceError
from competency_api.core.signatures import Signer
from competency_api.curation.queries import list_accepted
from competency_api.curation.service import tell_published
from competency_api.curation.sources import UseSources
from competency_api.events.values import VERSION_PUBLISHED, VERSION_WITHDRAWN
from competency_api.publishing.values import Contribution, Rehearsal
from competency_api.taxonomy.changelog import Account
from competency_api.taxonomy.numbering import Number
from competency_api.versions import queries
from competency_api.versions import service as versions
from competency_api.versions.draft import DRAFT_LOCK
from competency_api.versions.obstacles import NotPublishable, chosen_number, first_day
from competency_api.versions.values import PublicationPlan, PublicationRequest, VersionInfo


def rehearse(session: orm.Session, actor: Actor, request: PublicationRequest, uses: UseSources) -> Rehearsal:
    """The dry run of :func:`publish`. Writes nothing, and refuses nothing but who may not. Raises Forbidden.

    ``uses`` tell whom the changes touch.
    """
    require_scope(actor, Scope.PUBLISH)
    contributed = _contributions(session)
    plan = versions.plan_publication(session, [contribution.account for contribution in contributed])
    notes = plan.notes if request.notes is None else request.notes
    number, valid_from, obstacles = _decided(plan, request, queries.list_versions(session))
    completed = msgspec.structs.replace(
        _with_publisher(session, actor, request), number=number or request.number, valid_from=valid_from, notes=notes
    )
    impact = uses.impact(session, plan.difference, plan.before, plan.draft)
    return Rehearsal(plan, completed, tuple(obstacles), contributed, impact, tuple(uses.readers(session)))


def _decided(
    plan: PublicationPlan, request: PublicationRequest, known: Sequence[VersionInfo]
) -> tuple[Number | None, dt.date | None, list[ServiceError]]:
    """Number and first day, as far as they are permitted, and everything that stands in the way."""
    number = valid_from = None
    obstacles: list[ServiceError] = []
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
    return number, valid_from, obstacles


def _contributions(session: orm.Session) -> tuple[Contribution, ...]:
    """The accepted proposals that no version contains yet, in the order of their acceptance."""
    rows = list_accepted(session)
    names = names_of_organisations(session, (row.organisation_id for row in rows if row.organisation_id is not None))
    return tuple(
        Contribution(row.uuid, Account(row.title, row.rationale, names.get(row.organisation_id or 0, ("", ""))[1]))
        for row in rows
    )


def publish(
    session: orm.Session,
    actor: Actor,
    request: PublicationRequest,
    signer: Signer | None,
    *,
    expected: frozenset[str] | None = None,
) -> VersionInfo:
    """Make the draft a version, signed where there is a key. The publisher is the actor's organisation unless named.

    The proposals that it contains are published with it, in the same transaction. Raises Forbidden, and what
    :func:`competency_api.versions.service.publish_version` raises.
    """
    require_scope(actor, Scope.PUBLISH)
    lock(session, DRAFT_LOCK)  # what is accepted from here on is in the next version
    newest = queries.last_version_id(session)
    version = versions.publish_version(
        session,
        actor.name,
        _with_publisher(session, actor, request),
        expected=expected,
        signer=signer,
        accounts=[contribution.account for contribution in _contributions(session)],
    )
    if version.id > newest:  # not when a publication was only repeated
        known = {"digest": version.digest, "signed_with": signer.key_id if signer else None}
        record(session, actor, VERSION_PUBLISHED, f"version/{version.number}", actor.organisation_id, **known)
        tell_published(session, actor, version)
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
