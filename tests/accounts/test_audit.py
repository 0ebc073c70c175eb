from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from competency_api.accounts import queries, service
from competency_api.accounts.keys import new_secret
from competency_api.accounts.values import COMMAND_LINE
from competency_api.core.db import Database
from competency_api.core.errors import Conflict
from tests.support.keys import an_organisation


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"])
def test_nobody_changes_what_the_audit_trail_says(database: Database, statement: str) -> None:
    an_organisation(database)
    with pytest.raises(DBAPIError, match="only ever added to"), database.engine.begin() as connection:
        connection.execute(sa.text(statement))
    with database.reading(fresh=True) as session:
        [(entry, code)] = queries.list_audit(session, COMMAND_LINE, None, 10)
    assert (entry.actor, entry.action, code) == ("command line", "organisation.created", "valencia")


def test_what_is_undone_leaves_no_entry(database: Database) -> None:
    def make_two() -> None:
        with database.transaction() as session:
            service.bootstrap(session, COMMAND_LINE, "Ada", new_secret())
            service.bootstrap(session, COMMAND_LINE, "Eva", new_secret())

    with pytest.raises(Conflict):
        make_two()
    with database.reading(fresh=True) as session:
        assert queries.list_audit(session, COMMAND_LINE, None, 10) == []


def test_a_change_to_the_same_leaves_no_entry(database: Database) -> None:
    an_organisation(database)
    with database.transaction() as session:
        service.change_organisation(session, COMMAND_LINE, "valencia", frozenset({1}), {"name": "Valencia"})
    with database.reading(fresh=True) as session:
        assert len(queries.list_audit(session, COMMAND_LINE, None, 10)) == 1
