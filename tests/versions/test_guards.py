"""A published version refuses every change: from the ORM, and from SQL typed into the database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from competency_api.core.db import Database
from competency_api.versions.guards import MESSAGE, ImmutableVersion
from competency_api.versions.models import IMMUTABLE, SEALED, ConceptRow, VersionRow
from tests.support.states import drafted, published, second_state

STATEMENTS = [
    "UPDATE concept SET code = 'C999' WHERE code = 'C001'",
    "DELETE FROM concept WHERE code = 'C001'",
    "UPDATE concept_version SET content = '{}'",
    "DELETE FROM concept_version",
    "UPDATE version SET title = 'other'",
    "DELETE FROM version",
    "UPDATE version_entry SET concept_version_id = 1 WHERE concept_version_id = 2",
    "DELETE FROM version_entry",
    "INSERT INTO version_entry (version_id, concept_version_id) SELECT 1, max(id) FROM concept_version",
    "UPDATE version_change SET code = 'C999'",
    "DELETE FROM version_change",
    "INSERT INTO version_change (version_id, position, code, type, bump, meaning, edits)"
    " VALUES (1, 999, 'C001', 'renamed', 'patch', false, '[]')",
]
TABLES = ["concept", "concept_version", "version", "version_entry", "version_change"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_sql_typed_into_the_database_cannot_change_what_is_published(database: Database, statement: str) -> None:
    published(database)
    with database.transaction() as session:
        drafted(session, second_state())  # there is a content that no version holds, to try to add
    with database.engine.connect() as connection:
        if database.is_sqlite:  # as somebody's own connection has it: without foreign keys
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # never None while it is open
        with pytest.raises(DBAPIError, match=MESSAGE), connection.begin():
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_versions_can_be_truncated(database: Database, table: str) -> None:
    published(database)
    if database.is_sqlite:  # it has no TRUNCATE; DELETE without a condition is refused above
        with database.reading() as session:
            assert session.scalar(sa.text(f"SELECT count(*) FROM {table}"))
        return
    with pytest.raises(DBAPIError, match=MESSAGE), database.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")


def test_a_version_cannot_be_put_beside_the_line(database: Database) -> None:
    published(database)
    columns = "title, notes, publisher, published_at, published_by, valid_from, digest, summary, findings, fingerprint"
    copied = f"SELECT 7, 1, 9, 0, 0, {columns} FROM version WHERE id = 1"
    with pytest.raises(DBAPIError, match="one_line"), database.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO version (id, parent_id, major, minor, patch, {columns}) {copied}")


def test_entries_of_a_version_that_is_never_written_do_not_survive_the_transaction(database: Database) -> None:
    published(database)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.transaction() as session:
        session.execute(sa.text("INSERT INTO version_entry VALUES (2, 1)"))


def test_the_orm_refuses_to_change_or_delete_a_published_object(database: Database) -> None:
    published(database)
    with pytest.raises(ImmutableVersion, match="VersionRow"), database.transaction() as session:
        session.get_one(VersionRow, 1).title = "other"
    with pytest.raises(ImmutableVersion, match="ConceptRow"), database.transaction() as session:
        session.delete(session.get_one(ConceptRow, 1))


def test_the_orm_refuses_bulk_changes(sqlite_database: Database) -> None:
    published(sqlite_database)
    for model in IMMUTABLE:
        with pytest.raises(ImmutableVersion), sqlite_database.transaction() as session:
            session.execute(sa.update(model).values({next(iter(model.__table__.columns)).name: 7}))
    for model in SEALED:
        with pytest.raises(ImmutableVersion), sqlite_database.transaction() as session:
            session.execute(sa.delete(model))
