"""A published version refuses every change: from the ORM, and from SQL typed into the database."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from competency_api.core.db import Base, Database
from competency_api.core.signatures import new_private_key, read_signer
from competency_api.versions import guards
from competency_api.versions.guards import MESSAGE, ImmutableVersion
from competency_api.versions.models import IMMUTABLE, SEALED, ConceptRow, VersionRow
from competency_api.versions.service import publish_version, withdraw_version
from competency_api.versions.values import PublicationRequest
from tests.support.states import ACTOR, drafted, published, second_state

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
    "UPDATE version_signature SET token = 'x'",
    "DELETE FROM version_signature",
    "INSERT INTO version_signature (version_id, key_id, public_key, token) VALUES (1, 'k', 'p', 't')",
    "UPDATE version_withdrawal SET reason = 'other'",
    "DELETE FROM version_withdrawal",
]
TABLES = [
    *("concept", "concept_version", "version", "version_entry", "version_change"),
    *("version_signature", "version_withdrawal"),
]


def published_whole(database: Database, **request: Any) -> None:
    """A version with everything that there is of one: it is signed, and withdrawn."""
    with database.transaction() as session:
        drafted(session)
        signer = read_signer(new_private_key())
        version = publish_version(session, ACTOR, PublicationRequest(**request), signer=signer)
        withdraw_version(session, ACTOR, version.number, "A mistake.", None)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_sql_typed_into_the_database_cannot_change_what_is_published(database: Database, statement: str) -> None:
    published_whole(database)
    with database.transaction() as session:
        drafted(session, second_state())  # there is a content that no version holds, to try to add
    with database.engine.connect() as connection:
        if database.is_sqlite:  # as somebody's own connection has it: without foreign keys
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # never None while it is open
        with pytest.raises(DBAPIError, match=MESSAGE), connection.begin():
            connection.exec_driver_sql(statement)


# -- a new row that takes the place of a published one -----------------------------------------------------------------

#: For each key of each table, values that leave a copy of a published row with this key alone in common with it.
TAKING = [
    ("concept", {"code": "'C999'", "uuid": "'u'"}),
    ("concept", {"id": "999", "uuid": "'u'"}),
    ("concept", {"id": "999", "code": "'C999'"}),
    ("concept_version", {"digest": "'d'"}),
    ("concept_version", {"id": "999", "content": "'{}'"}),
    ("version", {"title": "'forged'", "major": "7"}),
    ("version", {"id": "2", "parent_id": "1", "idempotency_key": "NULL"}),
    ("version", {"id": "2", "parent_id": "1", "major": "7"}),
    ("version_entry", {}),
    ("version_entry", {"rowid": "rowid", "version_id": "7"}),
    ("version_change", {"code": "'C999'"}),
    ("version_change", {"rowid": "rowid", "version_id": "7"}),
    ("version_signature", {"token": "'x'"}),
    ("version_signature", {"rowid": "rowid", "version_id": "7"}),
    ("version_withdrawal", {"reason": "'x'"}),
    ("version_withdrawal", {"rowid": "rowid", "version_id": "7"}),
]
PRIMARY = {table: ", ".join(Base.metadata.tables[table].primary_key.columns.keys()) for table in TABLES}


def a_copy(table: str, how: str = "", **changed: str) -> str:
    """SQL that inserts a copy of a published row with these values (SQL expressions) in place of its own."""
    columns = {column.name: column.name for column in Base.metadata.tables[table].columns} | changed
    key = "id" if "id" in columns else "version_id"
    names, values = ", ".join(columns), ", ".join(columns.values())
    # Not a condition on the first row only: SQLite needs some WHERE before ON CONFLICT.
    return f"INSERT {how} INTO {table} ({names}) SELECT {values} FROM {table} WHERE {key} = 1 LIMIT 1"


def assert_refused(database: Database, statement: str, *pragmas: str, match: str = MESSAGE) -> None:
    with database.engine.connect() as connection:
        for pragma in pragmas:
            connection.connection.dbapi_connection.execute(pragma)  # type: ignore[union-attr]  # never None while it is open
        with pytest.raises(DBAPIError, match=match), connection.begin():
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize(("table", "changed"), TAKING)
def test_a_row_put_in_the_place_of_a_published_one_is_refused(
    sqlite_database: Database, table: str, changed: dict[str, str], recursive: str
) -> None:
    published_whole(sqlite_database, idempotency_key="key")
    pragmas = ("PRAGMA foreign_keys=OFF", f"PRAGMA recursive_triggers={recursive}")
    assert_refused(sqlite_database, a_copy(table, "OR REPLACE", **changed), *pragmas)
    assert_refused(sqlite_database, a_copy(table, "OR IGNORE", **changed), *pragmas)


def test_the_guard_knows_every_key_of_every_table() -> None:
    for table in TABLES:
        constraints = Base.metadata.tables[table].constraints
        keys = {
            tuple(constraint.columns.keys())
            for constraint in constraints
            if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint)
        }
        assert set(guards._KEYS[table]) == keys


@pytest.mark.parametrize("table", TABLES)
def test_an_insert_that_turns_into_an_update_is_refused(database: Database, table: str) -> None:
    published_whole(database)
    column = Base.metadata.tables[table].columns.keys()[-1]
    update = f" ON CONFLICT ({PRIMARY[table]}) DO UPDATE SET {column} = excluded.{column}"
    assert_refused(database, a_copy(table) + update)


@pytest.mark.parametrize("table", TABLES)
def test_an_update_that_replaces_others_is_refused(sqlite_database: Database, table: str) -> None:
    published_whole(sqlite_database)
    key = PRIMARY[table].rpartition(", ")[2]
    assert_refused(sqlite_database, f"UPDATE OR REPLACE {table} SET {key} = 1", "PRAGMA foreign_keys=OFF")
    assert_refused(sqlite_database, f"UPDATE OR REPLACE {table} SET rowid = 1", "PRAGMA foreign_keys=OFF")


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
@pytest.mark.parametrize("table", TABLES)
def test_a_copy_of_published_rows_from_a_file_is_refused(database: Database, table: str) -> None:
    published_whole(database)
    published(database, second_state())
    raw = database.engine.raw_connection()
    try:
        cursor: Any = raw.cursor()  # psycopg's, which can COPY
        with cursor.copy(f"COPY {table} TO STDOUT") as out:
            rows = b"".join(bytes(part) for part in out)
        assert rows
        with (
            pytest.raises(psycopg.Error, match=f"{MESSAGE}|duplicate key"),
            cursor.copy(f"COPY {table} FROM STDIN") as into,
        ):
            into.write(rows)
    finally:
        raw.close()


# -- everything else ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_versions_can_be_truncated(database: Database, table: str) -> None:
    published_whole(database)
    if database.is_sqlite:  # it has no TRUNCATE; DELETE without a condition is refused above
        with database.reading() as session:
            assert session.scalar(sa.text(f"SELECT count(*) FROM {table}"))
        return
    with pytest.raises(DBAPIError, match=MESSAGE), database.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")


def test_a_version_cannot_be_put_beside_the_line(database: Database) -> None:
    published(database)
    columns = "title, notes, publisher, published_at, published_by, valid_from, digest, summary, findings, fingerprint"
    columns += ", sealed, seal"
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
