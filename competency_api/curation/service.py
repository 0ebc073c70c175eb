"""Commands on proposals. Each transition leaves an event and an entry in the audit trail, in the same transaction.

Accepting is the only way into the draft. It runs under the lock of the draft, so that what is joined is what is written
to; with a conflict nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import orm

from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.core import clock
from competency_api.core.db import lock, require_revision
from competency_api.core.errors import Conflict, FieldError, Forbidden, InvalidInput
from competency_api.core.ids import new_uuid
from competency_api.curation import queries
from competency_api.curation.authoring.revisions import ReadDraft, require_author, subject_of, touched
from competency_api.curation.authoring.writing import add_changes, store_bases
from competency_api.curation.changes.checking import circle_faults
from competency_api.curation.changes.joining import ConceptConflict, Joined, as_it_was, joined, rebased
from competency_api.curation.lifecycle import PENDING, REOPENING, TRANSITIONS, State, Transition, Verb
from competency_api.curation.models import ProposalCommentRow, ProposalRow
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries as versions
from competency_api.versions.draft import DRAFT_LOCK, save_draft
from competency_api.versions.draft import discard_draft as set_back
from competency_api.versions.values import VersionInfo


class ProposalConflict(Conflict):
    """Others changed the same places; ``conflicts`` names each with base, theirs and yours."""

    def __init__(self, conflicts: Sequence[ConceptConflict]) -> None:
        places = sum(len(conflict.fields) for conflict in conflicts)
        where = "one place" if places == 1 else f"{places} places"
        codes = ", ".join(conflict.code for conflict in conflicts[:5])
        super().__init__(
            f"Others changed what this proposal changes, in {where} of {codes}. "
            "Rebase it, and decide for each place what it is to be.",
            extra={"conflicts": msgspec.to_builtins(list(conflicts))},
        )


# -- seen against the draft --------------------------------------------------------------------------------------------


def seen(session: orm.Session, row: ProposalRow, draft: Taxonomy) -> Joined:
    """What the proposal does: to the draft as it is or, once it is decided, to what it was made from."""
    content = queries.get_content(session, row)
    see = joined if State(row.state) in PENDING else as_it_was
    return see(draft, content.bases, content.actions)


def rebase(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    expected: frozenset[int],
    decided: Mapping[str, Mapping[str, Any]],
    draft: ReadDraft = versions.load_draft,
) -> ProposalRow:
    """Make the proposal one of the draft as it is now. ``decided`` says what places in conflict are to be.

    Raises ProposalConflict while a place is undecided, and InvalidInput for decisions where there is no conflict.
    """
    row = queries.get_proposal(session, actor, uuid)
    require_revision(row.revision, expected)
    require_author(actor, row)
    if State(row.state) not in PENDING:
        raise Conflict(f"The proposal is {row.state}: there is nothing to rebase.")
    content, state = queries.get_content(session, row), draft(session)
    _require_conflicts(joined(state, content.bases, content.actions), decided)
    _settle(session, row, content, _decided(state, content, decided))
    audit(session, actor, "proposal.rebased", subject_of(row), row.organisation_id, decisions=len(decided))
    return row


def _require_conflicts(found: Joined, decided: Mapping[str, Mapping[str, Any]]) -> None:
    open_places = {(conflict.code, field.path) for conflict in found.conflicts for field in conflict.fields}
    errors = [
        FieldError(f"There is no conflict at {code}{path}.", pointer="/decisions")
        for code, places in decided.items()
        for path in places
        if (code, path) not in open_places
    ]
    if errors:
        raise InvalidInput(errors)


def _decided(state: Taxonomy, content: queries.Content, decided: Mapping[str, Mapping[str, Any]]) -> Joined:
    try:
        result = joined(state, content.bases, content.actions, decided)
    except msgspec.ValidationError as error:
        raise InvalidInput(FieldError(f"What was decided makes no concept: {error}.", pointer="/decisions")) from error
    if result.conflicts:
        raise ProposalConflict(result.conflicts)
    return result


def _settle(session: orm.Session, row: ProposalRow, content: queries.Content, result: Joined) -> None:
    """Store the proposal as one that was made from the present draft and leads to the result."""
    bases = {code: result.old.get(code) for code in content.bases}
    added = rebased(bases, content.actions, result.contents)
    numbered = dict(enumerate(added, row.last_number + 1))
    row.last_number += len(added)
    row.changes += len(added)
    touched(session, row)
    store_bases(session, row, bases)
    add_changes(session, row, numbered)


# -- transitions -------------------------------------------------------------------------------------------------------


def act(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    verb: Verb,
    expected: frozenset[int],
    note: str = "",
    *,
    own_acceptable: bool = False,
    draft: ReadDraft = versions.load_draft,
) -> ProposalRow:
    """Lead a proposal to its next state. ``own_acceptable`` lets reviewers accept what they proposed themselves.

    Raises NotFound, Forbidden, PreconditionFailed, Conflict where the state does not permit it, and ProposalConflict.
    """
    transition = TRANSITIONS[verb]
    if verb is Verb.ACCEPTANCE:
        lock(session, DRAFT_LOCK)
    row = queries.get_proposal(session, actor, uuid)
    require_revision(row.revision, expected)
    _require_may(actor, row, transition, own_acceptable)
    if State(row.state) not in transition.sources:
        known = queries.surroundings(session, [row]).state(row)
        sources = ", ".join(sorted(transition.sources))
        raise Conflict(f"The proposal is {known.value}; {verb.value} is possible when it is {sources}.")
    if verb is Verb.SUBMISSION and not row.changes:
        raise Conflict("The proposal changes nothing yet; add a change before you submit it.")
    if verb is Verb.ACCEPTANCE:
        _accept(session, actor, row, draft(session))
    return _led(session, actor, row, transition, note)


def _require_may(actor: Actor, row: ProposalRow, transition: Transition, own_acceptable: bool) -> None:
    require_scope(actor, transition.scope)
    if transition.by_author:
        require_author(actor, row)
    if transition.not_own and not own_acceptable and row.author == actor.identity:
        raise Forbidden("Nobody accepts their own proposal here; let another reviewer decide.")


def _accept(session: orm.Session, actor: Actor, row: ProposalRow, draft: Taxonomy) -> None:
    content = queries.get_content(session, row)
    result = joined(draft, content.bases, content.actions)
    if result.conflicts:
        raise ProposalConflict(result.conflicts)
    for action in content.actions:
        if faults := circle_faults(result.contents, draft, action):
            raise Conflict(f"Together with what was accepted meanwhile: {faults[0].message}")
    save_draft(session, actor.name, result.written)
    _settle(session, row, content, result)
    row.accepted_after = versions.last_version_id(session)


def _led(session: orm.Session, actor: Actor, row: ProposalRow, transition: Transition, note: str) -> ProposalRow:
    was_public = row.submitted_at is not None
    now = clock.now()
    row.state = transition.target.value
    if transition.verb is Verb.SUBMISSION:
        row.submitted_at = row.submitted_at or now
    else:
        row.decided_at, row.decided_by, row.decision = now, actor.name, note
    touched(session, row)
    audit(session, actor, transition.event_type, subject_of(row), row.organisation_id, title=row.title, note=note)
    is_public = was_public or row.submitted_at is not None
    hidden = Audience.ADMINISTRATORS if row.organisation_id is None else Audience.ORGANISATION
    events.record(
        session,
        transition.event_type,
        subject_of(row),
        actor.name,
        {"title": row.title, "state": row.state, "note": note, "changes": row.changes},
        audience=Audience.CURATORS if is_public else hidden,
        organisation_id=row.organisation_id,
    )
    return row


def discard_draft(session: orm.Session, actor: Actor) -> list[ProposalRow]:
    """Set the draft back to the newest version; gives the proposals that were accepted since: they are submitted again.

    What other ways have put into the draft (imports by the command line) is gone. Needs the scope ``publish``.
    """
    require_scope(actor, Scope.PUBLISH)
    lock(session, DRAFT_LOCK)
    accepted = list(queries.list_accepted(session))
    set_back(session, actor.name)
    note = "The draft was set back to the newest version."
    for row in accepted:
        row.accepted_after = None
        _led(session, actor, row, REOPENING, note)
    audit(session, actor, "draft.discarded", "draft", None, reopened=len(accepted))
    return accepted


def tell_published(session: orm.Session, actor: Actor, version: VersionInfo) -> None:
    """Tell of the proposals that a version contains, in the transaction that published it.

    Their state follows from the version and is not stored; their revisions are raised, so that whoever read them as
    accepted is not told that nothing changed.
    """
    for row in queries.list_published_in(session, version.id):
        touched(session, row)
        number = str(version.number)
        audit(session, actor, "proposal.published", subject_of(row), row.organisation_id, version=number)
        events.record(
            session,
            "proposal.published",
            subject_of(row),
            actor.name,
            {"title": row.title, "state": State.PUBLISHED.value, "version": number},
            audience=Audience.CURATORS,
            organisation_id=row.organisation_id,
        )


# -- comments ----------------------------------------------------------------------------------------------------------


def comment(
    session: orm.Session,
    actor: Actor,
    uuid: str,
    text: str,
    change: int | None = None,
    reply_to: str | None = None,
) -> ProposalCommentRow:
    """Comment on a proposal, on one change of it, or on a comment. Raises NotFound and InvalidInput."""
    row = queries.get_proposal(session, actor, uuid)
    answered = queries.get_comment(session, row, reply_to) if reply_to else None
    if answered is not None and change is None:
        change = answered.change_number
    if change is not None and not 1 <= change <= row.last_number:
        raise InvalidInput(FieldError(f"This proposal has no change {change}.", pointer="/change"))
    comment_row = ProposalCommentRow(
        uuid=new_uuid(),
        proposal_id=row.id,
        change_number=change,
        reply_to_id=answered.id if answered else None,
        author=actor.identity,
        author_name=actor.name,
        organisation_id=actor.organisation_id,
        created_at=clock.now(),
        text=text,
    )
    session.add(comment_row)
    session.flush()
    audit(session, actor, "proposal.commented", subject_of(row), row.organisation_id, comment=comment_row.uuid)
    return comment_row
