"""Proposals at the command line: from a file of changes to the draft."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from competency_api.cli import main
from competency_api.core.db import Database
from tests.support.keys import a_key, a_person, an_organisation
from tests.support.proposals import an_edit, draft_of
from tests.support.states import published

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_database: Database, tmp_path: Path) -> Run:
    """Runs ``competency-api proposals`` over a published version; the first argument is the key to use."""
    published(sqlite_database)
    environment = {"DATABASE_URL": sqlite_database.settings.database_url, "LOG_LEVEL": "error"}

    def command(key: str, *arguments: str) -> Result:
        given = ["--api-key", key] if key else []
        return CliRunner().invoke(main, ["proposals", *arguments, *given], env=environment)

    return command


def keys(database: Database) -> list[str]:
    found = []
    for partner in ("valencia", "porto"):
        an_organisation(database, partner, "partner")
        found.append(a_key(database, "propose", "review", person=a_person(database, partner, "editor"))[0])
    return found


def created(run: Run, key: str, file: Path, *changes: dict[str, Any]) -> str:
    file.write_text(json.dumps(changes), encoding="utf-8")
    done = run(key, "create", str(file), "--title", "Better", "--json")
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["id"])


def test_two_partners_propose_clash_settle_and_accept(run: Run, sqlite_database: Database, tmp_path: Path) -> None:
    one, other = keys(sqlite_database)
    file = tmp_path / "changes.json"
    first, second = created(run, one, file, an_edit(text="Theirs")), created(run, other, file, an_edit(text="Yours"))
    for key, proposal in ((one, first), (other, second)):
        assert "submitted" in run(key, "submit", proposal).output
    assert "accepted" in run(other, "accept", first, "--note", "Fine.").output
    refused = run(one, "accept", second)
    assert (refused.exit_code, "in one place of C001" in refused.output) == (1, True)
    assert "Clashes with the draft: C001/definition/en" in run(other, "show", second).output
    assert run(other, "rebase", second, "--decide", "C001", "/definition/en", '"Both"').exit_code == 0
    assert run(one, "accept", second).exit_code == 0
    assert draft_of(sqlite_database)["C001"].definition["en"] == "Both"
    assert run(one, "list", "--state", "accepted").output.count("accepted") == 2


def test_a_proposal_is_shown_with_its_difference_quality_and_impact(
    run: Run, sqlite_database: Database, tmp_path: Path
) -> None:
    one, _ = keys(sqlite_database)
    proposal = created(run, one, tmp_path / "c.json", {"type": "retire", "code": "T001", "reason": "Old."})
    found = json.loads(run(one, "show", proposal, "--json").stdout)
    assert found["quality"]["errors_added"] >= 1
    assert found["impact"]["concepts"][0]["outcome"] == "retired"
    assert found["conflicts"] == []
    assert "retired (major)" in run(one, "show", proposal).output


@pytest.mark.parametrize(("text", "message"), [("{", "is not JSON"), ("{}", "holds no list of changes")])
def test_a_file_that_holds_no_changes_is_refused(run: Run, tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(text, encoding="utf-8")
    done = run("", "create", str(file), "--title", "x")
    assert (done.exit_code, message in done.output) == (1, True)


def test_nobody_accepts_their_own_at_the_command_line_either(
    run: Run, sqlite_database: Database, tmp_path: Path
) -> None:
    proposal = created(run, "", tmp_path / "c.json", an_edit())
    run("", "submit", proposal)
    done = run("", "accept", proposal)
    assert (done.exit_code, "own proposal" in done.output) == (1, True)
    assert "rejected" in run("", "reject", proposal).output
    assert "There are no proposals." in run("", "list", "--state", "accepted").output
