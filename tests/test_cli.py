"""The command line as a whole; each command is tested with its feature."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competency_api.cli import COMMANDS, main
from competency_api.core.db import Database


def run(*args: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, args, env=env)


def test_help_lists_every_command_with_what_it_does() -> None:
    result = run("--help")
    assert result.exit_code == 0
    listed = [line.split(maxsplit=1) for line in result.output.partition("Commands:")[2].splitlines() if line]
    assert [name for name, _what in listed] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {command}")


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    result = run("migrat")
    assert result.exit_code == 2
    assert 'There is no command "migrat". Did you mean "migrate"?' in result.output


def test_a_wrong_setting_is_one_line_and_no_trace() -> None:
    result = run("migrate", env={"PORT": "x"})
    assert result.exit_code == 1
    assert result.output == "Error: PORT is 'x', which is not right: it must be a whole number from 1 to 65535.\n"


def test_migrate_says_where_the_database_is(empty_database: Database) -> None:
    result = run("migrate", env={"DATABASE_URL": empty_database.settings.database_url})
    assert result.exit_code == 0
    assert result.stdout.startswith("The database is at revision ")
    assert result.stdout.count("\n") == 1


def test_the_description_of_the_api_is_written_to_a_file_or_to_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert run("openapi", "--output", str(file)).exit_code == 0
    assert json.loads(file.read_text("utf-8"))["openapi"].startswith("3.1")
    assert run("openapi").stdout == file.read_text("utf-8")
