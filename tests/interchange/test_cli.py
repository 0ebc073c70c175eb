"""The commands import and seed, as a person or a script calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competency_api.cli import main
from competency_api.core.db import Database
from competency_api.versions import queries
from tests.factories import a_taxonomy
from tests.support.files import as_file, csv_file


def run(database: Database, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], env={"DATABASE_URL": database.settings.database_url})


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    path = tmp_path / "starter.json"
    path.write_bytes(as_file("json", a_taxonomy()))
    return path


def size(database: Database) -> int:
    with database.reading() as session:
        return len(queries.load_draft(session))


def test_an_import_shows_what_it_did(sqlite_database: Database, starter: Path) -> None:
    result = run(sqlite_database, "import", starter)
    assert result.exit_code == 0
    assert result.stdout.startswith("10 added, 0 changed, 0 retired, 0 unchanged\nAdded:\n  B001 Business model B001\n")
    assert "  and 2 more\n" in result.stdout
    assert result.stdout.endswith("The draft holds it now.\n")
    assert size(sqlite_database) == 10


def test_a_dry_run_shows_the_same_and_writes_nothing(sqlite_database: Database, starter: Path) -> None:
    result = run(sqlite_database, "import", starter, "--dry-run")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Nothing was written: this was a dry run.")
    assert size(sqlite_database) == 0


def test_importing_the_same_again_says_that_nothing_changes(sqlite_database: Database, starter: Path) -> None:
    run(sqlite_database, "import", starter)
    result = run(sqlite_database, "import", starter)
    assert (
        result.stdout == "0 added, 0 changed, 0 retired, 10 unchanged\nThe draft is so already: nothing was written.\n"
    )


def test_problems_are_lines_on_standard_error_and_the_exit_code_is_one(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(csv_file("code,label@en,expects", "R001,x,C001=two", "X1,y,"))
    for options in ((), ("--dry-run",)):
        result = run(sqlite_database, "import", path, *options)
        assert (result.exit_code, result.stdout) == (1, "")
        first, second, last = result.stderr.splitlines()
        assert first == f'{path}:2:3: expects: "two" is not a whole number.'
        assert second.startswith(f'{path}:3:1: code: "X1" is no code')
        assert last == "Refused: nothing was written."


def test_json_tells_programs_the_same(sqlite_database: Database, starter: Path, tmp_path: Path) -> None:
    plan = json.loads(run(sqlite_database, "import", starter, "--json").stdout)
    assert (len(plan["added"]), plan["refused"]) == (10, False)
    path = tmp_path / "bad.json"
    path.write_text("{}")
    result = run(sqlite_database, "import", path, "--json")
    problem = json.loads(result.stdout)["problems"][0]
    assert (result.exit_code, problem["place"]["line"]) == (1, 1)


def test_the_rest_of_very_many_problems_is_counted(sqlite_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(csv_file("code", *["?"] * 130))
    assert "and 30 more problems" in run(sqlite_database, "import", path).stderr


def test_a_file_that_is_not_there_is_wrong_usage(sqlite_database: Database) -> None:
    assert run(sqlite_database, "import", "absent.json").exit_code == 2
    assert run(sqlite_database, "seed", "absent").exit_code == 2


def test_seeding_says_what_it_published_and_then_that_there_is_nothing_to_do(sqlite_database: Database) -> None:
    first = run(sqlite_database, "seed")
    assert (first.exit_code, first.stdout) == (0, "Published 1.0.0, 2.0.0.\n")
    assert "Published 2.0.0 with" in first.stderr
    assert run(sqlite_database, "seed").stdout == "Nothing to do: this is no fresh installation.\n"
    assert json.loads(run(sqlite_database, "seed", "--json").stdout) == []


def test_a_wrong_seed_ends_with_its_problems(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "1.0.0").mkdir()
    (tmp_path / "1.0.0" / "version.json").write_text("{}")
    result = run(sqlite_database, "seed", tmp_path)
    assert result.exit_code == 1
    assert "they must be the same" in result.stderr


@pytest.mark.parametrize("name", ["import", "seed"])
def test_help_shows_examples(sqlite_database: Database, name: str) -> None:
    assert f"competency-api {name}" in run(sqlite_database, name, "--help").stdout
