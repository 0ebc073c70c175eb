"""Imports at the command line: past the review, so recorded, and never over what was accepted."""

from __future__ import annotations

import pytest

from competency_api.accounts.values import COMMAND_LINE
from competency_api.core.db import Database
from competency_api.core.errors import Conflict, Forbidden
from competency_api.curation.lifecycle import Verb
from competency_api.events.queries import list_events
from competency_api.events.values import Viewer
from competency_api.interchange.service import import_by_hand
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy, edited
from tests.support.files import as_file, read
from tests.support.keys import an_actor
from tests.support.proposals import an_edit, draft_of, led, partners, submitted
from tests.support.states import published

CHANGED = edited(a_taxonomy(), "C001", scope_note={"en": "By hand."})
DOCUMENT = read("json", as_file("json", Taxonomy([CHANGED["C001"]])))


def test_it_is_told_to_curators_and_only_when_something_changed(database: Database) -> None:
    published(database)
    for _ in range(2):
        with database.transaction() as session:
            import_by_hand(session, COMMAND_LINE, [DOCUMENT])
    assert draft_of(database) == CHANGED
    with database.reading(fresh=True) as session:
        told = list_events(session, Viewer(curates=True), after=0, limit=20, subject="draft")
    assert [(event.type, event.data) for event in told] == [("draft.imported", {"files": ["file.json"], "concepts": 1})]


def test_it_never_overwrites_what_was_accepted(database: Database) -> None:
    published(database)
    one, other = partners(database)
    led(database, other, submitted(database, one, an_edit(text="Accepted")), Verb.ACCEPTANCE)
    before = draft_of(database)
    with pytest.raises(Conflict, match="Accepted proposals changed C001"), database.transaction() as session:
        import_by_hand(session, COMMAND_LINE, [DOCUMENT])
    assert draft_of(database) == before


def test_it_takes_an_administrator(database: Database) -> None:
    with pytest.raises(Forbidden, match="admin"), database.transaction() as session:
        import_by_hand(session, an_actor("Ed", "propose", "review", "publish"), [DOCUMENT])
