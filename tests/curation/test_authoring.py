"""How proposals are written: their changes, their revisions, comments on them, and how they are found."""

from __future__ import annotations

from typing import Any

import pytest

from competency_api.core.db import Database
from competency_api.core.errors import InvalidInput, NotFound, PreconditionFailed
from competency_api.curation import queries, service
from competency_api.curation.authoring.editing import change_proposal, create_proposal, replace_change
from competency_api.curation.lifecycle import State, Verb
from competency_api.taxonomy.pointers import as_json
from tests.factories import a_concept
from tests.support.proposals import ANY, an_edit, led, partners, proposed, submitted, types_of
from tests.support.states import published

DAY = {"reason": "Nobody asks for it.", "on": "2026-11-23"}


def test_a_change_is_replaced_or_taken_out_while_the_others_still_fit(database: Database) -> None:
    published(database)
    one, _ = partners(database)
    new = as_json(a_concept("competency", "C777"))
    merge = {"type": "merge", "codes": ["C001"], "into": "C777", **DAY}
    proposal = proposed(database, one, {"type": "add", "concept": new}, merge, an_edit("C002"))
    with database.transaction() as session, pytest.raises(InvalidInput, match="Change 2 would no longer fit"):
        replace_change(session, one, proposal, 1, ANY, None)
    with database.transaction() as session:
        replace_change(session, one, proposal, 3, ANY, an_edit("C003"))
        replace_change(session, one, proposal, 2, ANY, None)
        row = queries.get_proposal(session, one, proposal)
        content = queries.get_content(session, row)
    assert (list(content.changes), types_of(content.actions)) == ([1, 3], ["add", "edit"])
    assert (sorted(content.bases), row.changes) == (["C003", "C777"], 2)


def test_new_concepts_get_codes_that_no_other_proposal_has(database: Database) -> None:
    published(database)
    one, other = partners(database)
    new = {"kind": "technology", "labels": {"en": {"preferred": "Something"}}}
    proposals = [proposed(database, who, *[{"type": "add", "concept": new}] * 2) for who in (one, other)]
    found: list[str] = []
    with database.reading(fresh=True) as session:
        for uuid, who in zip(proposals, (one, other), strict=True):
            content = queries.get_content(session, queries.get_proposal(session, who, uuid))
            found += sorted(content.bases)
    assert found == ["T002", "T003", "T004", "T005"]


def test_a_stale_revision_changes_nothing(database: Database) -> None:
    published(database)
    one, _ = partners(database)
    proposal = proposed(database, one, an_edit())
    with database.transaction() as session:
        change_proposal(session, one, proposal, frozenset({1, 2}), {"title": "First"})
    with database.transaction() as session, pytest.raises(PreconditionFailed):
        change_proposal(session, one, proposal, frozenset({1, 2}), {"title": "Second"})
    with database.reading(fresh=True) as session:
        assert queries.get_proposal(session, one, proposal).title == "First"


def test_a_proposal_over_ten_thousand_changes_is_refused(sqlite_database: Database) -> None:
    one, _ = partners(sqlite_database)
    with sqlite_database.transaction() as session, pytest.raises(InvalidInput, match="at most 10,000 changes"):
        create_proposal(session, one, title="Much", changes=[{}] * 10_001)


def test_comments_answer_each_other_and_stay_with_their_change(database: Database) -> None:
    published(database)
    one, other = partners(database)
    proposal = submitted(database, one, an_edit(), an_edit("C002"))
    with database.transaction() as session:
        first = service.comment(session, other, proposal, "Why?", change=2)
        service.comment(session, one, proposal, "Because.", reply_to=first.uuid)
        with pytest.raises(InvalidInput, match="no change 3"):
            service.comment(session, one, proposal, "What?", change=3)
        with pytest.raises(NotFound):
            service.comment(session, one, proposal, "Whom?", reply_to="nobody")
    with database.reading(fresh=True) as session:
        comments = queries.list_comments(session, queries.get_proposal(session, one, proposal))
    assert [(row.text, row.change_number, answered) for row, answered in comments] == [
        ("Why?", 2, None),
        ("Because.", 2, first.uuid),
    ]


def test_proposals_are_found_by_state_concept_and_author(database: Database) -> None:
    published(database)
    one, other = partners(database)
    mine, theirs = submitted(database, one, an_edit("C002")), submitted(database, other, an_edit("C003"))
    led(database, one, theirs, Verb.ACCEPTANCE)
    with database.reading(fresh=True) as session:

        def found(**filters: Any) -> list[str]:
            return [row.uuid for row in queries.list_proposals(session, one, None, 10, **filters)]

        assert found() == [theirs, mine]
        assert found(state=State.ACCEPTED) == found(code="C003") == [theirs]
        assert found(state=State.SUBMITTED) == found(is_own=True) == [mine]
        assert found(state=State.PUBLISHED) == []
        assert [row.uuid for row in queries.list_accepted(session)] == [theirs]
