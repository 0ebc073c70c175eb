"""Proposals from the first change to the version: nothing is lost, nothing is overwritten, nothing half written."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from competency_api.accounts.values import COMMAND_LINE
from competency_api.core.db import Database
from competency_api.core.errors import Conflict, Forbidden, InvalidInput, NotFound, ServiceError
from competency_api.curation import queries, service
from competency_api.curation.authoring.editing import append_changes
from competency_api.curation.lifecycle import State, Verb
from competency_api.curation.service import ProposalConflict
from competency_api.events.queries import list_events
from competency_api.events.values import Viewer
from competency_api.taxonomy.pointers import as_json
from competency_api.versions.draft import save_draft
from competency_api.versions.queries import load_draft
from tests.factories import a_concept, a_taxonomy, edited, in_spanish, links
from tests.support.keys import an_actor
from tests.support.proposals import (
    ANY,
    an_edit,
    draft_of,
    led,
    partners,
    proposed,
    state_of,
    submitted,
)
from tests.support.states import published

DAY = {"reason": "Nobody asks for it.", "on": "2026-11-23"}


def test_an_accepted_proposal_is_in_the_draft_and_then_in_the_version(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposal = submitted(database, one, an_edit(text="Another definition of it, in enough words to say what it is."))
    assert draft_of(database) == a_taxonomy()
    assert led(database, other, proposal, Verb.ACCEPTANCE) is State.ACCEPTED
    assert draft_of(database)["C001"].definition["en"].startswith("Another")
    version = published(database, [draft_of(database)["D001"]])
    with database.reading(fresh=True) as session:
        row = queries.get_proposal(session, one, proposal)
        around = queries.surroundings(session, [row])
        assert (around.state(row), around.version(row)) == (State.PUBLISHED, str(version.number))


@pytest.mark.parametrize("verb", [Verb.REJECTION, Verb.WITHDRAWAL])
def test_a_proposal_that_is_not_accepted_leaves_no_trace_in_the_draft(database: Database, verb: Verb) -> None:
    published(database)
    one, other = partners(database)
    with database.reading(fresh=True) as session:
        before = rows_of_the_draft(session)
    new = as_json(in_spanish(a_concept("technology", "T777")))
    proposal = submitted(database, one, an_edit(), {"type": "add", "concept": new})
    led(database, one if verb is Verb.WITHDRAWAL else other, proposal, verb, note="Not now.")
    with database.reading(fresh=True) as session:
        assert rows_of_the_draft(session) == before


def rows_of_the_draft(session: Any) -> list[Any]:
    tables = ("concept", "concept_version", "draft_entry")
    return [session.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1")).all() for table in tables]


def test_two_proposals_on_different_fields_of_one_concept_both_succeed(database: Database) -> None:
    published(database)
    one, other = partners(database)
    first = submitted(database, one, an_edit(field="definition"))
    second = submitted(database, other, an_edit(field="scope_note"))
    led(database, other, first, Verb.ACCEPTANCE)
    led(database, one, second, Verb.ACCEPTANCE)
    concept = draft_of(database)["C001"]
    assert (concept.definition["en"], concept.scope_note["en"]) == ("New", "New")


def test_two_proposals_on_the_same_field_conflict_and_nothing_is_written(database: Database) -> None:
    published(database)
    one, other = partners(database)
    first, second = submitted(database, one, an_edit(text="Theirs")), submitted(database, other, an_edit(text="Yours"))
    led(database, other, first, Verb.ACCEPTANCE)
    before = draft_of(database)
    with pytest.raises(ProposalConflict) as refused:
        led(database, one, second, Verb.ACCEPTANCE)
    [conflict] = refused.value.extra["conflicts"]
    [field] = conflict["fields"]
    old = a_taxonomy()["C001"].definition["en"]
    assert field == {"path": "/definition/en", "base": old, "theirs": "Theirs", "yours": "Yours"}
    assert (draft_of(database), state_of(database, other, second)) == (before, State.SUBMITTED)


@pytest.mark.parametrize("value", ["Theirs", "Yours", "Both of us", None])
def test_a_rebase_decides_a_conflict_and_then_the_proposal_is_accepted(database: Database, value: str | None) -> None:
    published(database)
    one, other = partners(database)
    first = submitted(database, one, an_edit(text="Theirs"))
    second = submitted(database, other, an_edit(text="Yours"), an_edit(field="scope_note"))
    led(database, other, first, Verb.ACCEPTANCE)
    with database.transaction() as session, pytest.raises(ProposalConflict):
        service.rebase(session, other, second, ANY, {})
    with database.transaction() as session:
        service.rebase(session, other, second, ANY, {"C001": {"/definition/en": value}})
    led(database, one, second, Verb.ACCEPTANCE)
    concept = draft_of(database)["C001"]
    assert (concept.definition.get("en"), concept.scope_note["en"]) == (value, "New")


def test_a_decision_where_there_is_no_conflict_is_refused(database: Database) -> None:
    published(database)
    one, _ = partners(database)
    proposal = proposed(database, one, an_edit())
    with database.transaction() as session, pytest.raises(InvalidInput, match="no conflict at C001/definition/en"):
        service.rebase(session, one, proposal, ANY, {"C001": {"/definition/en": "x"}})


def test_what_an_edit_left_as_it_was_does_not_undo_what_others_changed(database: Database) -> None:
    published(database)
    one, other = partners(database)
    same = a_taxonomy()["C001"].definition["en"]
    second = submitted(database, other, an_edit(text=same), an_edit(field="scope_note"))
    led(database, other, submitted(database, one, an_edit(text="Theirs")), Verb.ACCEPTANCE)
    with database.transaction() as session:
        service.rebase(session, other, second, ANY, {})
    led(database, one, second, Verb.ACCEPTANCE)
    assert draft_of(database)["C001"].definition["en"] == "Theirs"


def test_the_content_that_the_author_saw_counts_and_not_the_draft_of_the_moment(database: Database) -> None:
    published(database)
    one, other = partners(database)
    seen = a_taxonomy().digests["C001"]
    led(database, other, submitted(database, one, an_edit(text="Theirs")), Verb.ACCEPTANCE)
    late = submitted(database, other, an_edit(text="Yours", seen=seen))
    with pytest.raises(ProposalConflict):
        led(database, one, late, Verb.ACCEPTANCE)
    with pytest.raises(InvalidInput, match="never had a content with this digest"):
        proposed(database, one, an_edit(seen="0" * 64))


def test_a_decided_proposal_still_shows_what_it_did(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposal = submitted(database, one, an_edit(text="First"))
    led(database, other, proposal, Verb.ACCEPTANCE)
    led(database, other, submitted(database, one, an_edit(text="Second")), Verb.ACCEPTANCE)
    with database.reading(fresh=True) as session:
        found = service.seen(session, queries.get_proposal(session, one, proposal), load_draft(session))
    [edit] = found.difference.entries[0].changes[0].edits
    assert (edit.old, edit.new) == (a_taxonomy()["C001"].definition["en"], "First")


def test_nobody_accepts_their_own_proposal_unless_the_deployment_allows_it(database: Database) -> None:
    published(database)
    one, _ = partners(database)
    proposal = submitted(database, one, an_edit())
    with pytest.raises(Forbidden, match="own proposal"):
        led(database, one, proposal, Verb.ACCEPTANCE)
    with database.transaction() as session:
        row = service.act(session, one, proposal, Verb.ACCEPTANCE, ANY, own_acceptable=True)
        assert row.state == "accepted"


def test_a_draft_of_another_organisation_does_not_exist(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposal = proposed(database, one, an_edit())
    with database.reading(fresh=True) as session:
        assert queries.list_proposals(session, other, None, 10) == []
        with pytest.raises(NotFound):
            queries.get_proposal(session, other, proposal)
    led(database, one, proposal, Verb.SUBMISSION)
    with database.transaction() as session, pytest.raises(Forbidden, match="Only the organisation"):
        service.act(session, other, proposal, Verb.WITHDRAWAL, ANY)


def test_verbs_out_of_turn_are_refused(database: Database) -> None:
    published(database)
    one, other = partners(database)
    empty = proposed(database, one)
    with pytest.raises(Conflict, match="changes nothing yet"):
        led(database, one, empty, Verb.SUBMISSION)
    proposal = submitted(database, one, an_edit())
    with database.transaction() as session, pytest.raises(Conflict, match="is submitted; only a draft"):
        append_changes(session, one, proposal, ANY, [an_edit()])
    assert led(database, other, proposal, Verb.CHANGES_REQUESTED, note="Say it shorter.") is State.CHANGES_REQUESTED
    assert led(database, one, proposal, Verb.SUBMISSION) is State.SUBMITTED
    led(database, other, proposal, Verb.ACCEPTANCE)
    with pytest.raises(Conflict, match="is accepted; rejection is possible"):
        led(database, other, proposal, Verb.REJECTION)


def test_every_transition_is_told_in_the_feed(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposal = submitted(database, one, an_edit())
    led(database, other, proposal, Verb.CHANGES_REQUESTED)
    led(database, one, proposal, Verb.SUBMISSION)
    led(database, other, proposal, Verb.ACCEPTANCE)
    with database.reading(fresh=True) as session:
        told = list_events(session, Viewer(curates=True), after=0, limit=20, subject=f"proposal/{proposal}")
    names = [event.type.removeprefix("proposal.") for event in told]
    assert names == ["submitted", "changes-requested", "submitted", "accepted"]


def test_of_many_acceptances_of_one_field_exactly_one_succeeds(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposals = [submitted(database, one, an_edit(text=f"Text {n}")) for n in range(6)]
    outcomes: list[str] = []

    def accept(uuid: str) -> None:
        try:
            with database.transaction() as session:
                service.act(session, other, uuid, Verb.ACCEPTANCE, ANY)
            outcomes.append("accepted")
        except ServiceError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=accept, args=(uuid,)) for uuid in proposals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ProposalConflict"] * 5 + ["accepted"]


def test_a_circle_that_only_two_proposals_together_make_is_refused(database: Database) -> None:
    published(database, edited(a_taxonomy(), "R001", relations={"expects": links("C003", level=3)}))
    one, other = partners(database)
    first = submitted(database, one, retire("C001", "C002"))
    second = submitted(database, one, retire("C002", "C001"))
    led(database, other, first, Verb.ACCEPTANCE)
    with pytest.raises(Conflict, match="accepted meanwhile: The successors go in a circle"):
        led(database, other, second, Verb.ACCEPTANCE)


def retire(code: str, successor: str) -> dict[str, Any]:
    return {"type": "retire", "code": code, "successors": [{"code": successor, "match": "equivalent"}], **DAY}


def test_a_code_that_was_taken_meanwhile_is_a_conflict(database: Database) -> None:
    published(database)
    one, other = partners(database)
    new = as_json(in_spanish(a_concept("technology", "T777")))
    proposal = submitted(database, one, {"type": "add", "concept": new})
    with database.transaction() as session:
        save_draft(session, "test", [a_concept("technology", "T777", "Another", uuid=new["uuid"])])
    with pytest.raises(ProposalConflict):
        led(database, other, proposal, Verb.ACCEPTANCE)


def test_discarding_the_draft_submits_accepted_proposals_again(database: Database) -> None:
    published(database)
    one, other = partners(database)
    first = submitted(database, one, an_edit(text="First"))
    second = submitted(database, one, an_edit("C003", text="Second"), an_edit(field="scope_note"))
    for proposal in (first, second):
        led(database, other, proposal, Verb.ACCEPTANCE)
    after = draft_of(database)
    with database.transaction() as session, pytest.raises(Forbidden, match="publish"):
        service.discard_draft(session, an_actor("Ed", "propose", "review"))
    with database.transaction() as session:
        assert len(service.discard_draft(session, COMMAND_LINE)) == 2
    assert draft_of(database) == a_taxonomy()
    assert {state_of(database, one, proposal) for proposal in (first, second)} == {State.SUBMITTED}
    for proposal in (second, first):
        led(database, other, proposal, Verb.ACCEPTANCE)
    assert draft_of(database) == after
    with database.reading(fresh=True) as session:
        types = [event.type for event in list_events(session, Viewer(sees_all=True), after=0, limit=50)]
    assert types.count("proposal.reopened") == 2


def test_a_version_contains_a_proposal_also_when_ids_of_versions_have_gaps(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposal = submitted(database, one, an_edit(text="Another definition of it, in enough words to say what it is."))
    led(database, other, proposal, Verb.ACCEPTANCE)
    if database.engine.dialect.name == "postgresql":  # a publication that was rolled back
        with database.engine.begin() as connection:
            connection.execute(sa.text("SELECT nextval(pg_get_serial_sequence('version', 'id'))"))
    published(database, [draft_of(database)["D001"]])
    assert state_of(database, one, proposal) is State.PUBLISHED
