"""The machinery of migrations, and what must hold of every migration that is ever added."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from competency_api import tables
from competency_api.core import migrations
from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable
from tests.support.databases import settings_for


def schema(database: Database) -> dict[str, list[str]]:
    """Names of columns and indexes by table."""
    with database.engine.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            name: sorted(
                str(item["name"])
                for item in (
                    *inspector.get_columns(name),
                    *inspector.get_indexes(name),
                    *inspector.get_foreign_keys(name),
                )
            )
            for name in inspector.get_table_names()
            if name != "alembic_version"
        }


def revision(database: Database) -> str | None:
    with database.reading() as session:
        return migrations.current(session.connection())


def test_migrations_go_to_the_head_and_back_to_nothing_and_forth_again(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    first = schema(empty_database)
    assert revision(empty_database) == migrations.head()

    migrations.downgrade(empty_database, "base")
    assert schema(empty_database) == {}
    assert revision(empty_database) is None

    migrations.upgrade(empty_database)
    assert schema(empty_database) == first


def test_a_migrated_database_agrees_with_the_models(database: Database) -> None:
    with database.reading() as session:
        assert migrations.differences(session.connection(), tables.metadata) == []


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    before = schema(database)
    migrations.upgrade(database)
    assert schema(database) == before


def test_history_is_one_line_of_numbered_revisions() -> None:
    revisions = list(reversed(list(migrations.scripts().walk_revisions())))
    assert [script.revision for script in revisions] == [f"{n:04d}" for n in range(1, len(revisions) + 1)]
    assert all(script.path.rsplit("/", 1)[1].startswith(f"{script.revision}_") for script in revisions)


def test_programs_that_start_together_migrate_once(empty_database: Database) -> None:
    others = [Database(empty_database.settings) for _ in range(4)]
    with ThreadPoolExecutor(len(others)) as pool:
        list(pool.map(migrations.upgrade, others))
    for other in others:
        other.close()
    assert revision(empty_database) == migrations.head()


def test_a_database_of_a_newer_program_is_refused_by_name(database: Database) -> None:
    with database.transaction() as session:
        session.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        session.execute(sa.text("DELETE FROM alembic_version"))
        session.execute(sa.text("INSERT INTO alembic_version VALUES ('9999')"))
    with pytest.raises(DatabaseUnavailable, match="revision 9999, which this program does not know"):
        migrations.upgrade(database)


def test_a_migration_that_leaves_dangling_rows_is_undone(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite_database.transaction() as session:
        session.execute(sa.text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(sa.text("CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE)"))
        session.execute(sa.text("INSERT INTO parent VALUES (1)"))
        session.execute(sa.text("INSERT INTO child VALUES (1)"))

    def lose_parents(config: migrations.Config, _revision: str) -> None:
        config.attributes["connection"].execute(sa.text("DELETE FROM parent"))

    monkeypatch.setattr(migrations.command, "upgrade", lose_parents)
    with pytest.raises(DatabaseUnavailable, match=r"undone: .* 1 of them in child"):
        migrations.upgrade(sqlite_database)
    with sqlite_database.transaction() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM parent")) == 1
        assert session.scalar(sa.text("SELECT count(*) FROM child")) == 1


def test_a_database_that_cannot_be_opened_is_named_in_one_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("not-a-file")
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        migrations.upgrade(Database(settings_for(f"sqlite:///{folder}")))
