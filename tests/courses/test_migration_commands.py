"""Migrations and coverage at the command line: planned, decided in a file, applied, undone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from competency_api.cli import main
from competency_api.core.db import Database
from tests.factories import edited
from tests.support.courses import a_file, a_provider, imported, mapped, publish_two, with_others
from tests.support.keys import a_key, an_administrator
from tests.support.states import published, second_state

COURSES = "external_id,title@en,modality\nSC-1,Smart cities,online\nSC-2,Data,\n"
MAPPINGS = (
    "course,concept,relation,level,hours,evidence,version\n"
    "SC-1,C001,teaches,2,1.5,Day one,1.0.0\nSC-1,C002,teaches,3,1,Day one,1.0.0\nSC-2,C003,teaches,1,2,,1.0.0\n"
)


@pytest.fixture
def provider(sqlite_database: Database) -> Database:
    """The provider `gov` with three mappings as of 1.0.0; the meaning of C003 is another one in 2.0.0."""
    publish_two(sqlite_database)
    third = edited(second_state(), "C003", definition={"en": "Another meaning altogether."}, meaning=2)
    published(sqlite_database, with_others(third), title="Third")
    a_provider(sqlite_database)
    imported(sqlite_database, a_file(COURSES, "courses.csv"), a_file(MAPPINGS))
    return sqlite_database


def run(database: Database, *arguments: str, key: str = "") -> Result:
    environ = {"DATABASE_URL": database.settings.database_url, "COMPETENCY_API_KEY": key}
    return CliRunner().invoke(main, ["courses", *arguments], env=environ)


def done(database: Database, *arguments: str) -> str:
    result = run(database, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_coverage_is_told_in_short_and_by_concept(provider: Database) -> None:
    told = done(provider, "coverage", "gov", "--profile", "R001", "--version", "1.0.0").splitlines()
    assert told[0] == "Coverage of gov at version 1.0.0, against profile R001:"
    assert told[1].startswith("1 of 2 concepts covered (50 %); 1 below the expected level")
    assert [line.split()[0] for line in told[2:4]] == ["C002", "C003"]
    assert told[3].endswith("(level 1, 3 expected, 1 course, 2 h)")
    some = done(provider, "coverage", "gov", "--codes", "C001, C003", "--courses", "SC-2")
    assert some.startswith("Coverage of 1 course of gov at version 2.0.0, against codes C001, C003:\n0 of 2 concepts")
    assert "Not counted: 1 mapping to concepts of other versions" in some


def test_coverage_is_written_as_table_workbook_and_json(provider: Database, tmp_path: Path) -> None:
    table = done(provider, "coverage", "gov", "--format", "csv", "--lang", "es", "--version", "1.0.0")
    assert next(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))["code"] == "C001"
    target = tmp_path / "coverage.xlsx"
    assert done(provider, "coverage", "gov", "--format", "xlsx", "--output", str(target)) == ""
    assert openpyxl.load_workbook(target).sheetnames == ["concepts", "sums"]
    document = json.loads(done(provider, "coverage", "gov", "--format", "json"))
    assert {"en", "es"} <= set(document["concepts"][0]["label"])


def test_what_another_version_did_to_the_coverage_is_told(provider: Database) -> None:
    told = done(provider, "coverage", "gov", "--older", "1.0.0", "--version", "2.0.0", "--lang", "en")
    assert told.startswith("Coverage of gov at version 2.0.0 beside 1.0.0, against kind competency:\n1.0.0: 3 of 3")
    assert "  C002   replaced" in told
    assert "in its place C001" in told
    assert "  C003   worse " in told
    table = done(provider, "coverage", "gov", "--older", "1.0.0", "--format", "csv")
    assert table.startswith("\ufeffcode,label,lang,development,")


def test_a_migration_is_planned_decided_in_its_file_applied_and_undone(provider: Database, tmp_path: Path) -> None:
    before, plan = mapped(provider), tmp_path / "plan.csv"
    told = done(provider, "migrate", "plan", "gov", "--to", "2.0.0", "--output", str(plan), "--lang", "en")
    assert told.startswith("Migration 1 of gov from every other version to 2.0.0: 3 mappings.\n")
    assert "       1 review, waiting for a decision\n" in told
    waits = done(provider, "migrate", "show", "gov", "1", "--undecided", "--lang", "en").splitlines()
    assert waits[-2].startswith("SC-2: teaches C003 (")
    rows = list(csv.reader(io.StringIO(plan.read_text("utf-8-sig"))))
    rows[[row[1] for row in rows].index("C003")][-1] = "keep"
    with plan.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert done(provider, "migrate", "decide", "gov", "1", str(plan)) == "Decided: 1. Mappings that still wait: 0.\n"
    applied = done(provider, "migrate", "apply", "gov", "1")
    assert applied == "Migrated 3 mappings to 2.0.0, dropped 0; 0 still wait for a decision.\n"
    assert {row[-1] for row in mapped(provider)} == {"2.0.0"}
    assert done(provider, "migrate", "list", "gov").startswith("   1  applied   from every other version to 2.0.0")
    done(provider, "migrate", "plan", "gov", "--to", "1.0.0")
    done(provider, "migrate", "apply", "gov", "2")
    assert mapped(provider) == before


def test_decisions_may_be_json_as_requests_have_them(provider: Database, tmp_path: Path) -> None:
    done(provider, "migrate", "plan", "gov", "--from", "1.0.0", "--json")
    file = tmp_path / "decided.json"
    file.write_text(json.dumps({"items": [{"concept": "C003", "verdict": "replace", "codes": ["T002"]}]}))
    decided = json.loads(done(provider, "migrate", "decide", "gov", "1", str(file), "--json"))
    assert decided["state"] == "open"
    assert "Decided: T002." in done(provider, "migrate", "show", "gov", "1", "--outcome", "review")
    (item,) = json.loads(done(provider, "migrate", "show", "gov", "1", "--others", "--outcome", "review",
                              "--format", "json"))["items"]  # fmt: skip
    assert item["decision"] == {"verdict": "replace", "codes": ["T002"]}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("coverage nobody", 1, 'Error: There is no organisation "nobody"'),
        ("coverage gov --profile C001", 1, "Error: profile: C001 "),
        ("coverage gov --codes C404", 1, 'Error: codes: There is no concept "C404" in this version. Nearest: '),
        ("coverage gov --codes , --kind competency", 2, "It names nothing."),
        ("coverage gov --courses SC-9", 1, 'Error: courses: This provider has no course "SC-9".'),
        ("coverage gov --older 9.9.9", 1, "Error: There is no version '9.9.9'"),
        ("coverage gov --lang klingonish", 2, '"klingonish" is not a language tag'),
        ("coverage gov --output {folder}/none/x.csv", 1, "x.csv cannot be written: No such file or directory."),
        ("migrate plan gov --to 7.0.0", 1, "Error: There is no version '7.0.0'"),
        ("migrate plan gov --from 2.0.0", 1, "Error: Both versions are 2.0.0: there is nothing to migrate."),
        ("migrate show gov 9", 1, "Error: This provider has no such migration."),
        ("migrate apply gov x", 2, "'x' is not a valid integer range."),
        ("migrate apply gov 99999999999", 1, "Error: This provider has no such migration."),
    ],
)
def test_what_is_wrong_is_one_line(provider: Database, tmp_path: Path, arguments: str, code: int, said: str) -> None:
    result = run(provider, *arguments.format(folder=tmp_path).split())
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert code == 2 or result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("d.csv", "course,concept,relation\nSC-2,C003,teaches\n", 'The column "decision" is missing.'),
        ("d.csv", "course,concept,relation,decision\nSC-1,C001,teaches,drop\n", "move by themselves"),
        ("d.csv", "course,concept,relation,decision\nSC-2,C003,teaches,C404\n", 'no concept "C404"'),
        ("d.json", '{"items": [{"concept": "C003", "verdict": "burn"}]}', "The file is not as decisions are: "),
        ("d.json", '{"items": [{"concept": "C003", "verdict": "keep", "course": "X"}]}', 'no course "X"'),
        ("d.json", '{"items": [{"concept": "C003", "verdict": "keep", "relation": ""}]}', "not as decisions are"),
    ],
)
def test_a_file_of_decisions_that_is_wrong_decides_nothing(
    provider: Database, tmp_path: Path, name: str, text: str, said: str
) -> None:
    done(provider, "migrate", "plan", "gov")
    file = tmp_path / name
    file.write_text(text)
    result = run(provider, "migrate", "decide", "gov", "1", str(file))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert said in result.stderr
    assert json.loads(done(provider, "migrate", "show", "gov", "1", "--others", "--outcome", "review",
                           "--format", "json"))["items"] == []  # fmt: skip


def test_a_plan_is_not_applied_after_a_change_nor_with_a_key_for_other_things(provider: Database) -> None:
    done(provider, "migrate", "plan", "gov")
    imported(provider, a_file("external_id,title@en\nSC-3,New\n", "courses.csv"))
    stale = run(provider, "migrate", "apply", "gov", "1")
    assert stale.exit_code == 1
    assert stale.stderr.startswith("Error: Courses or mappings changed since this plan was made: make a new one.")
    assert done(provider, "migrate", "list", "gov").startswith("   1  stale ")
    an_administrator(provider)
    reads, courses = (a_key(provider, scope, organisation="gov")[0] for scope in ("read", "courses"))
    assert "courses" in run(provider, "migrate", "list", "gov", key=reads).stderr
    assert run(provider, "migrate", "list", "gov", key=courses).exit_code == 0
