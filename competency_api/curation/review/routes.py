"""The review of proposals over HTTP: what they do, whom they touch, and the verbs of their life."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g
from sqlalchemy import orm

from competency_api.accounts.authentication import actor
from competency_api.accounts.values import Scope
from competency_api.catalogue.serving import speaker_for
from competency_api.core.errors import Conflict, Forbidden, NotFound
from competency_api.core.http import (
    AUTO,
    HTML,
    JSON,
    Blueprint,
    as_response,
    db,
    private_page,
    service,
    settings,
)
from competency_api.curation import presentation, queries, schemas
from competency_api.curation import service as commands
from competency_api.curation.authoring.revisions import Proposal
from competency_api.curation.changes.joining import Joined
from competency_api.curation.lifecycle import Verb
from competency_api.curation.routes import draft, made
from competency_api.curation.sources import UseSources
from competency_api.taxonomy.numbering import next_number
from competency_api.taxonomy.rules import check
from competency_api.taxonomy.speaking import Speaker
from competency_api.taxonomy.wording import edit_lines
from competency_api.versions.queries import list_versions

blp = Blueprint(
    "reviews",
    __name__,
    url_prefix="/api/v1/proposals",
    description="Reviewing proposals: what they do, whom they touch, and what is decided",
)
blueprints = (blp,)
_ID = [schemas.ID_PARAMETER]


def _seen(session: orm.Session, uuid: str) -> Joined:
    return commands.seen(session, queries.get_proposal(session, actor(), uuid), draft(session))


@blp.get("/<id>/difference", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.arguments(schemas.DifferenceQuerySchema, location="query")
@blp.formats(JSON, HTML)
@blp.response(200, schemas.ProposalDifferenceSchema, description="The typed difference, concept by concept")
def read_proposal_difference(query: dict[str, Any], **path: str) -> Response:
    """Read what a proposal changes

    Against the draft as it is; once it is decided, against what it was made from. With the number that a version with
    only this would have at least, and why.
    """
    with db.reading(fresh=True) as session:
        row = queries.get_proposal(session, actor(), path["id"])
        found = commands.seen(session, row, draft(session))
        versions = list_versions(session)
    head = presentation.difference_head(path["id"], found, versions[-1].number if versions else None)
    speaker = speaker_for(query.get("lang", AUTO if g.format is HTML else None), found.new)
    items = presentation.difference_entries(found, speaker)
    if g.format is not HTML:
        return as_response({**head, "items": items})
    return _difference_page(row, head, found, items, speaker)


def _difference_page(
    row: Proposal, head: dict[str, Any], found: Joined, items: list[dict[str, Any]], speaker: Speaker
) -> Response:
    entries = found.difference.entries
    names = presentation.link_names(entries, found.old, found.new, speaker)
    return private_page(
        "proposal_difference.html",
        proposal=row,
        head=head,
        items=list(zip(items, entries, strict=True)),
        lines=functools.partial(edit_lines, names=names),
        content=lambda code: presentation.content_lines(found.new[code], names),
    )


@blp.get("/<id>/quality", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.response(200, schemas.QualityDifferenceSchema, description="The findings that it adds and those that it resolves")
def read_proposal_quality(**path: str) -> Response:
    """Read what a proposal does to the quality of the draft"""
    with db.reading(fresh=True) as session:
        found = _seen(session, path["id"])
    return as_response(presentation.quality_document(check(found.old), check(found.new)))


@blp.get("/<id>/impact", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.response(200, schemas.ImpactSchema, description="Mappings by outcome, alignments that are lost, by organisation")
def read_proposal_impact(**path: str) -> Response:
    """Read whom a proposal touches"""
    with db.reading(fresh=True) as session:
        found = _seen(session, path["id"])
        uses = service(UseSources)
        impact, readers = uses.impact_of_proposal(session, found), uses.readers(session)
        versions = list_versions(session)
    numbering = next_number(versions[-1].number if versions else None, found.difference)
    becomes = numbering.smallest if numbering else None
    return as_response(presentation.impact_document(impact, readers, becomes))


@blp.get("/<id>/conflicts", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(NotFound)
@blp.response(200, schemas.ConflictsSchema, description="Each place with base, theirs and yours")
def read_proposal_conflicts(**path: str) -> Response:
    """Read where a proposal clashes with the draft

    An empty list when it could be accepted as it is.
    """
    with db.reading(fresh=True) as session:
        return as_response(presentation.conflicts_document(_seen(session, path["id"])))


@blp.post("/<id>/rebase", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.RebaseSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal, made from the draft as it is")
def rebase_proposal(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Settle a proposal with what others changed meanwhile

    Without conflicts nothing has to be decided; with conflicts, each place needs its decision: what it is to be.
    """
    me, decided = actor(), _by_code(body["decisions"])
    with db.transaction() as session:
        return made(session, lambda: commands.rebase(session, me, path["id"], expected, decided, draft), 200)


def _by_code(decisions: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for decision in decisions:
        found.setdefault(decision["code"], {})[decision["path"]] = decision["value"]
    return found


# -- verbs -------------------------------------------------------------------------------------------------------------


def _act(verb: Verb, uuid: str, expected: frozenset[int], note: str) -> Response:
    allowed = settings.accept_own_proposals
    with db.transaction() as session:
        return made(
            session,
            lambda: commands.act(session, actor(), uuid, verb, expected, note, own_acceptable=allowed, draft=draft),
            200,
        )


@blp.post("/<id>/submission", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.NoteSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal, submitted")
def submit_proposal(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Submit a proposal for review

    From then on curators of all partners see it.
    """
    return _act(Verb.SUBMISSION, path["id"], expected, body["note"])


@blp.post("/<id>/withdrawal", parameters=_ID)
@blp.scope(Scope.PROPOSE)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.NoteSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal, withdrawn")
def withdraw_proposal(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Withdraw a proposal"""
    return _act(Verb.WITHDRAWAL, path["id"], expected, body["note"])


@blp.post("/<id>/changes-requested", parameters=_ID)
@blp.scope(Scope.REVIEW)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.NoteSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal, which its author may change again")
def request_changes(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Ask the author for changes"""
    return _act(Verb.CHANGES_REQUESTED, path["id"], expected, body["note"])


@blp.post("/<id>/rejection", parameters=_ID)
@blp.scope(Scope.REVIEW)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.NoteSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal, rejected")
def reject_proposal(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Reject a proposal

    Nothing of it is in the draft.
    """
    return _act(Verb.REJECTION, path["id"], expected, body["note"])


@blp.post("/<id>/acceptance", parameters=_ID)
@blp.scope(Scope.REVIEW)
@blp.raises(Conflict, Forbidden)
@blp.idempotent
@blp.conditional
@blp.arguments(schemas.NoteSchema)
@blp.response(200, schemas.ProposalSchema, description="The proposal, accepted")
def accept_proposal(body: dict[str, Any], expected: frozenset[int], **path: str) -> Response:
    """Accept a proposal into the draft

    Joined with what others changed, field by field. Where both changed the same field: 409, with base, theirs and
    yours of each, and nothing is written. Nobody accepts their own, unless the deployment allows it.
    """
    return _act(Verb.ACCEPTANCE, path["id"], expected, body["note"])
