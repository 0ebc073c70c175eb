"""What every command on a proposal needs: whose it is, its name elsewhere, its revision."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.errors import Forbidden
from competency_api.curation.models import ProposalRow
from competency_api.taxonomy.taxonomy import Taxonomy

#: A stored proposal, as features above hand it on.
Proposal = ProposalRow
#: How the working state is read: from the database, or with the help of what a worker remembers.
ReadDraft = Callable[[orm.Session], Taxonomy]


def require_author(actor: Actor, row: ProposalRow) -> None:
    """Raise Forbidden for whoever is of another organisation than the proposal."""
    if not actor.is_outside and actor.organisation_id != row.organisation_id:
        raise Forbidden("Only the organisation that made the proposal can do this; comment on it instead.")


def touched(session: orm.Session, row: ProposalRow) -> ProposalRow:
    """Raise the revision even where nothing else of the row changes. Of two at once, one gets PreconditionFailed."""
    row.changed_at = clock.now()
    orm.attributes.flag_modified(row, "changed_at")
    session.flush()
    return row


def subject_of(row: ProposalRow) -> str:
    """How events and the audit trail name it."""
    return f"proposal/{row.uuid}"
