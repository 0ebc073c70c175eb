"""Catalogues at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from competency_api.cli import main
from competency_api.core.db import Database
from tests.courses.test_importing import COURSES, MAPPINGS
from tests.support.courses import a_provider, mapped, publish_two


@pytest.fixture
def folder(sqlite_database: Database, tmp_path: Path) -> Path:
    """A folder with the two files of a provider."""
    publish_two(sqlite_database)
    a_provider(sqlite_database)
    (tmp_path / "courses.csv").write_text(COURSES, "utf-8")
    (tmp_path / "mappings.csv").write_text(MAPPINGS, "utf-8")
    return tmp_path


def run(database: Database, *arguments: str) -> Result:
    environ = {"DATABASE_URL": database.settings.database_url, "COMPETENCY_API_KEY": ""}
    return CliRunner().invoke(main, ["courses", *arguments], env=environ)


def test_a_catalogue_is_imported_and_exported(sqlite_database: Database, folder: Path) -> None:
    files = [str(folder / "courses.csv"), str(folder / "mappings.csv")]
    planned = run(sqlite_database, "import", "gov", *files, "--dry-run")
    assert planned.output == "It would be imported: courses 2 added; mappings 3 added.\n"
    assert run(sqlite_database, "import", "gov", *files).output == "Imported: courses 2 added; mappings 3 added.\n"
    again = run(sqlite_database, "import", "gov", *files, "--json")
    assert json.loads(again.output)["mappings"] == {"added": 0, "changed": 0, "unchanged": 3, "removed": 0}
    target = folder / "out.ndjson"
    assert run(sqlite_database, "export", "gov", "ndjson", "--output", str(target)).exit_code == 0
    same = run(sqlite_database, "import", "gov", str(target), "--whole")
    assert same.output == "Imported: courses 2 unchanged; mappings 3 unchanged.\n"
    assert "SC-1,C001,teaches,2,1.5" in run(sqlite_database, "export", "gov", "mappings-csv").output


def test_what_is_wrong_is_told_by_line(sqlite_database: Database, folder: Path) -> None:
    wrong = folder / "wrong.csv"
    wrong.write_text("course,concept,relation\nSC-9,C001,teaches\n", "utf-8")
    refused = run(sqlite_database, "import", "gov", str(folder / "courses.csv"), str(wrong))
    assert refused.exit_code == 1
    assert 'wrong.csv:2:1: course: There is no course "SC-9". Did you mean "SC-1"?' in refused.output
    assert mapped(sqlite_database) == []
    assert run(sqlite_database, "import", "nobody", str(wrong)).exit_code == 1
    (folder / "x.txt").write_text("", "utf-8")
    assert "ends in none of: .csv" in run(sqlite_database, "import", "gov", str(folder / "x.txt")).output


def test_the_sums_are_checked_and_mended(sqlite_database: Database, folder: Path) -> None:
    run(sqlite_database, "import", "gov", str(folder / "courses.csv"), str(folder / "mappings.csv"))
    assert run(sqlite_database, "check-sums").output == "The sums agree: 3 of 3 mappings.\n"
    with sqlite_database.transaction() as session:
        session.execute(sa.text("UPDATE coverage_total SET courses = 9"))
    wrong = run(sqlite_database, "check-sums")
    assert wrong.exit_code == 1
    assert "The sums do not agree: totals, missing: " in wrong.output
    assert run(sqlite_database, "check-sums", "--repair").exit_code == 0
