"""Commands on versions, as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from competency_api.cli import main
from competency_api.core.db import Database
from competency_api.formats import FORMATS, TABLES
from tests.factories import a_concept, a_taxonomy, links
from tests.support.states import drafted, published, second_state, take_guards_down

#: Commands that change nothing.
READING = ("versions", "diff 1 2", "export", "verify", "quality", "discard", "publish --dry-run")


def run(database: Database, *arguments: str, **more: str) -> Result:
    url = database.engine.url.render_as_string(hide_password=False)
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, list(arguments), **more)  # type: ignore[arg-type]  # what more there is goes to click as it is


def with_draft(database: Database) -> None:
    with database.transaction() as session:
        drafted(session, second_state())


def test_a_dry_run_says_what_publishing_would_do_and_does_not(database: Database) -> None:
    published(database)
    with_draft(database)
    result = run(database, "publish", "--dry-run")
    assert result.exit_code == 0
    assert "Smallest permitted number: 1.1.0 (after 1.0.0)" in result.output
    assert "T002 Technology T002: added (minor)" in result.output
    assert "1.1.0" not in run(database, "versions").output


def test_publishing_needs_one_command_and_names_the_version(database: Database) -> None:
    published(database)
    with_draft(database)
    result = run(database, "publish", "--title", "Second", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert "id" not in told
    assert (told["number"], told["parent"], told["title"]) == ("1.1.0", "1.0.0", "Second")
    assert [version["number"] for version in json.loads(run(database, "versions", "--json").stdout)] == [
        "1.1.0",
        "1.0.0",
    ]


def test_a_repeated_command_with_the_same_key_publishes_once(database: Database) -> None:
    published(database)
    with_draft(database)
    first, second = (run(database, "publish", "--key", "release-2") for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("publish",), 1, "Nothing changed since 1.0.0"),
        (("publish", "--dry-run"), 1, "Nothing changed since 1.0.0"),
        (("publish", "--number", "1.0"), 2, "is no version number; one looks like 1.2.0"),
        (("publish", "--valid-from", "soon"), 2, "'soon' is no day; one looks like 2026-11-23"),
        (("publish", "--valid-from", "2026-W48-1"), 2, "is no day"),
        (("publish", "--valid-from", "2026-02-30"), 2, "is no day"),
        (("diff", "1.0.0", "7"), 1, "There is no version '7'. Nearest: 1.0.0"),
        (("export", "1.0.0", "--format", "xml"), 2, "is not one of"),
        (("export", "draf"), 1, "There is no version 'draf'"),
        (("quality", "0.9.0"), 1, "There is no version '0.9.0'"),
        (("discard", "--yes"), 1, "nothing to discard"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    sqlite_database: Database, arguments: tuple[str, ...], code: int, message: str
) -> None:
    published(sqlite_database)
    result = run(sqlite_database, *arguments)
    assert result.exit_code == code
    assert message in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_makes_no_database(tmp_path: Path, command: str) -> None:
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path}/data/none.sqlite"}
    result = CliRunner(env=environ).invoke(main, command.split())
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"Error: There is no database at {tmp_path}/data/none.sqlite; `competency-api migrate` makes one."
    ]
    assert list(tmp_path.iterdir()) == []


def test_the_help_shows_how_a_day_is_written(sqlite_database: Database) -> None:
    assert "--valid-from YYYY-MM-DD" in run(sqlite_database, "publish", "--help").output


def test_a_smaller_number_is_refused_with_the_reasons(sqlite_database: Database) -> None:
    published(sqlite_database)
    with_draft(sqlite_database)
    for arguments in (("publish", "--number", "1.0.1"), ("publish", "--number", "1.0.1", "--dry-run")):
        result = run(sqlite_database, *arguments)
        assert result.exit_code == 1
        assert "1.0.1 is too small; the smallest permitted number is 1.1.0" in result.stderr


def test_a_draft_that_breaks_a_rule_is_refused_with_every_error(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        drafted(session, [a_concept(relations={"part_of": links("D404"), "requires": links("T404")})])
    result = run(sqlite_database, "publish")
    assert result.exit_code == 1
    assert "D404" in result.stderr
    assert "T404" in result.stderr
    judged = run(sqlite_database, "quality")
    assert judged.exit_code == 1
    assert "D404" in judged.stdout


def test_the_difference_shows_every_place_old_and_new(sqlite_database: Database) -> None:
    published(sqlite_database)
    with_draft(sqlite_database)
    result = run(sqlite_database, "diff", "1.0.0", "draft")
    assert "C001 Another name\n    renamed (patch)\n      /labels/en/preferred" in result.stdout
    assert "        - Competency C001\n        + Another name" in result.stdout
    assert json.loads(run(sqlite_database, "diff", "1.0.0", "draft", "--json").stdout)["entries"][-1]["code"] == "C001"
    assert run(sqlite_database, "diff", "1.0.0", "1.0.0").stdout == "No difference.\n"


@pytest.mark.parametrize("name", list(FORMATS))
def test_what_is_exported_holds_the_version(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    version = published(sqlite_database)
    target = tmp_path / f"export.{name}"
    assert run(sqlite_database, "export", "1.0.0", "--format", name, "--output", str(target)).exit_code == 0
    printed = run(sqlite_database, "export", "latest", "--format", name)
    assert printed.stdout_bytes == target.read_bytes()
    document = FORMATS[name].load(target.read_bytes(), target.name)
    assert {entry.code for entry in document.entries} == set(a_taxonomy().concepts)
    assert name in TABLES or (document.header is not None and document.header.digest == version.digest)
    assert list(tmp_path.iterdir()) == [target]


def test_an_export_that_cannot_be_written_leaves_the_last_one(sqlite_database: Database, tmp_path: Path) -> None:
    published(sqlite_database)
    target = tmp_path / "missing" / "export.json"
    result = run(sqlite_database, "export", "1.0.0", "--output", str(target))
    assert result.exit_code == 1
    assert "export.json cannot be written: No such file or directory." in result.stderr


def test_release_notes_in_another_encoding_are_refused(sqlite_database: Database, tmp_path: Path) -> None:
    published(sqlite_database)
    with_draft(sqlite_database)
    notes = tmp_path / "notes.md"
    notes.write_bytes("Änderungen".encode("latin-1"))
    result = run(sqlite_database, "publish", "--notes-file", str(notes))
    assert result.exit_code == 1
    assert "notes.md is not UTF-8, from byte 0 on" in result.stderr


def test_verify_counts_what_it_recomputed_and_names_what_was_changed(database: Database) -> None:
    published(database)
    assert (
        "1 versions with 10 contents: all digests are right; 0 of them signed, 1 not." in run(database, "verify").stdout
    )
    with database.engine.begin() as connection:
        take_guards_down(connection)
        connection.execute(sa.text("UPDATE concept_version SET content = replace(content, 'C001', 'C009')"))
    result = run(database, "verify")
    assert result.exit_code == 1
    assert "1.0.0 C001:" in result.stdout


def test_discarding_asks_first_and_then_undoes_the_draft(sqlite_database: Database) -> None:
    published(sqlite_database)
    with_draft(sqlite_database)
    assert run(sqlite_database, "discard", input="n\n").exit_code == 1
    assert "T002" in run(sqlite_database, "diff", "1.0.0", "draft").stdout
    assert run(sqlite_database, "discard", input="y\n").exit_code == 0
    assert run(sqlite_database, "diff", "1.0.0", "draft").stdout == "No difference.\n"
