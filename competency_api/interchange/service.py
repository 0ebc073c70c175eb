"""Imports into the draft, and the seeding of a fresh installation from a folder of versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import orm

from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.core.db import lock
from competency_api.core.errors import Conflict, FieldError, InvalidInput
from competency_api.core.signatures import Signer
from competency_api.core.text import printable
from competency_api.curation.queries import list_accepted_codes
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.formats.document import Document, Problems
from competency_api.interchange.plan import ImportPlan, plan_import
from competency_api.interchange.seeds import Seed, read_seed
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.draft import DRAFT_LOCK, save_draft
from competency_api.versions.service import publish_version
from competency_api.versions.values import PublicationRequest, VersionInfo


class ImportRefused(InvalidInput):
    """The files are wrong, or would make the draft wrong; nothing was written. ``plan.problems`` names all of it."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__([FieldError(str(problem), pointer="") for problem in plan.problems])
        self.plan = plan


def plan_documents(session: orm.Session, documents: Sequence[Document]) -> ImportPlan:
    """What importing the documents into the draft would do now. Writes nothing, refuses nothing."""
    versions = queries.list_versions(session)
    newest = queries.load_taxonomy(session, versions[-1]) if versions else None
    return plan_import(queries.load_draft(session), documents, newest)


def import_documents(session: orm.Session, actor: str, documents: Sequence[Document]) -> ImportPlan:
    """Import the documents into the draft, all of them or nothing. Raises ImportRefused."""
    lock(session, DRAFT_LOCK)  # the draft that is planned on is the draft that is written to
    plan = plan_documents(session, documents)
    if plan.is_refused:
        raise ImportRefused(plan)
    save_draft(session, actor, plan.concepts)
    return plan


def import_by_hand(session: orm.Session, actor: Actor, documents: Sequence[Document]) -> ImportPlan:
    """The same for whoever runs the deployment, past any review: recorded in the audit trail and told to curators.

    Raises ImportRefused, and Conflict where accepted proposals, that no version contains yet, changed these concepts.
    """
    require_scope(actor, Scope.ADMIN)
    lock(session, DRAFT_LOCK)
    accepted = list_accepted_codes(session)
    plan = import_documents(session, actor.name, documents)
    if overwritten := [concept.code for concept in plan.concepts if concept.code in accepted]:
        named = ", ".join(overwritten[:5]) + (" and others" if len(overwritten) > 5 else "")
        raise Conflict(
            f"Accepted proposals changed {named} since the newest version, and an import would overwrite that. Publish "
            "first, or send the file to /api/v1/imports: it becomes a proposal of what was edited."
        )
    if plan.concepts:
        told = {"files": [printable(document.source) for document in documents], "concepts": len(plan.concepts)}
        audit(session, actor, "draft.imported", "draft", None, **told)
        events.record(session, "draft.imported", "draft", actor.name, told, audience=Audience.CURATORS)
    return plan


def list_pending(session: orm.Session, seeds: Sequence[Seed]) -> list[Seed]:
    """The seeds that are still to be published, in order.

    None where anything else than seeds is in the database, in a version or in the draft: then it belongs to its
    editors. So a seeding that was interrupted goes on, and one that is complete changes nothing.
    """
    versions = queries.list_versions(session)
    published = {seed for seed in seeds if queries.find_by_key(session, seed.key)}
    newest = max((version.number for version in versions), default=None)
    pending = [seed for seed in seeds if seed not in published and (newest is None or seed.number > newest)]
    if not pending or len(published) < len(versions):
        return []
    untouched = versions[-1].digest if versions else Taxonomy(()).digest
    return pending if queries.load_draft(session).digest == untouched else []


def publish_next_seed(
    session: orm.Session, actor: str, seeds: Sequence[Seed], signer: Signer | None = None
) -> VersionInfo | None:
    """Import and publish the first pending seed, signed where there is a key; None when there is none, as when another
    process was faster.

    Raises ImportRefused, and what :func:`~competency_api.versions.service.publish_version` raises.
    """
    lock(session, DRAFT_LOCK)
    pending = list_pending(session, seeds)
    if not pending:
        return None
    seed = pending[0]
    problems = Problems()
    content = read_seed(seed, problems)
    if len(problems):
        raise ImportRefused(ImportPlan(problems=tuple(problems.found)))
    import_documents(session, actor, content.documents)
    request = PublicationRequest(
        number=seed.number,
        title=content.header.title,
        notes=content.header.notes,
        publisher=content.header.publisher,
        valid_from=content.valid_from,
        idempotency_key=seed.key,
    )
    return publish_version(session, actor, request, signer=signer)
