"""Whatever got past the other guards is found: by the loader, and by recomputing every digest."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.versions.guards import removal
from competency_api.versions.queries import CorruptVersion, list_versions, load_taxonomy
from competency_api.versions.verification import verify_versions
from tests.support.states import published, second_state


def tampered(database: Database, statement: str) -> None:
    """Run SQL as somebody would who first takes the triggers down."""
    with database.engine.begin() as connection:
        for drop in removal(connection.dialect.name):
            connection.exec_driver_sql(drop)
        connection.execute(sa.text(statement))


TAMPERING = [
    ("UPDATE concept_version SET content = replace(content, 'C001', 'C009')", "C001", "was published"),
    ("UPDATE version SET digest = 'abc' WHERE id = 1", "", "but abc was published"),
    ("DELETE FROM version_entry WHERE version_id = 1 AND concept_version_id = 1", "", "was published"),
    ("UPDATE concept SET code = 'C998' WHERE code = 'C001'", "C998", "is that of C001"),
]


def test_what_was_not_touched_verifies(database: Database) -> None:
    published(database)
    published(database, second_state())
    with database.reading() as session:
        result = verify_versions(session)
    assert (result.versions, result.concepts, result.faults) == (2, 21, ())


@pytest.mark.parametrize(("statement", "code", "message"), TAMPERING)
def test_every_kind_of_tampering_is_found_and_named(
    database: Database, statement: str, code: str, message: str
) -> None:
    published(database)
    tampered(database, statement)
    with database.reading() as session:
        faults = verify_versions(session).faults
    assert any(f.code == code and message in f.message for f in faults), faults


@pytest.mark.parametrize("statement", [statement for statement, _, _ in TAMPERING])
def test_a_tampered_version_is_never_served(database: Database, statement: str) -> None:
    published(database)
    tampered(database, statement)
    with database.reading() as session, pytest.raises(CorruptVersion):
        load_taxonomy(session, list_versions(session)[0])
