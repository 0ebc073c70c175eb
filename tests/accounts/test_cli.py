"""Commands of administrators, as people type them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from competency_api.accounts.authentication import authenticate
from competency_api.accounts.keys import is_secret
from competency_api.cli import main
from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.core.errors import InvalidKey
from tests.support.keys import an_organisation


def run(database: Database, *arguments: str) -> Result:
    url = database.engine.url.render_as_string(hide_password=False)
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, list(arguments))


def made(database: Database, *arguments: str) -> dict[str, str]:
    result = run(database, *arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, str] = json.loads(result.stdout)
    return answer


def is_valid(database: Database, key: str) -> bool:
    with database.reading(fresh=True) as session:
        try:
            authenticate(session, key, clock.now())
        except InvalidKey:
            return False
        return True


def test_the_first_administrator_gets_a_key_once(database: Database) -> None:
    first = run(database, "admin", "bootstrap", "--name", "Ada")
    key = first.stdout.splitlines()[0]
    assert is_secret(key)
    assert is_valid(database, key)
    assert "shown once" in first.stdout
    second = run(database, "admin", "bootstrap")
    assert second.exit_code == 1
    assert second.output == ("Error: There is an administrator with a valid key already; --another makes one more.\n")
    assert run(database, "admin", "bootstrap", "--another").exit_code == 0


def test_an_administrator_whose_keys_are_gone_does_not_lock_the_deployment(database: Database) -> None:
    key = made(database, "admin", "bootstrap")
    assert run(database, "keys", "revoke", key["id"]).exit_code == 0
    assert run(database, "admin", "bootstrap").exit_code == 0


def test_keys_are_made_replaced_and_ended_by_commands(database: Database) -> None:
    assert run(database, "organisations", "create", "porto", "--name", "Porto", "--kind", "provider").exit_code == 0
    assert "porto  provider  Porto" in run(database, "organisations", "list").stdout
    one = made(database, "keys", "create", "--name", "import", "--scope", "courses", "--organisation", "porto")
    two = made(database, "keys", "rotate", one["prefix"], "--hours", "1")
    assert two["replaces"] == one["id"]
    assert is_valid(database, one["secret"])
    assert is_valid(database, two["secret"])
    assert run(database, "keys", "revoke", one["prefix"]).exit_code == 0
    assert not is_valid(database, one["secret"])
    listed = run(database, "keys", "list", "--organisation", "porto").stdout
    assert [line.split()[1] for line in listed.splitlines()] == ["revoked", "active"]
    assert one["secret"][12:] not in listed


def test_a_key_that_was_found_is_recognised_whole_or_in_part(database: Database) -> None:
    key = made(database, "keys", "create", "--name", "x", "--scope", "read", "--never-expires")
    for part in (key["secret"], key["prefix"]):
        assert key["id"] in run(database, "keys", "list", "--prefix", part).stdout
    assert run(database, "keys", "list", "--prefix", "sck_unknown0").stdout == "There is no such key.\n"
    assert key["expires_at"] is None


def test_a_rotation_without_overlap_ends_the_old_key_at_once(database: Database) -> None:
    one = made(database, "keys", "create", "--name", "x", "--scope", "read")
    made(database, "keys", "rotate", one["id"], "--hours", "0")
    assert not is_valid(database, one["secret"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("keys", "revoke", "sck_unknown0"), 1, "no key that begins with sck_unknown0"),
        (("keys", "revoke", "x"), 1, 'There is no key "x"'),
        (("keys", "create", "--name", "x", "--scope", "reed"), 2, "is not one of"),
        (("keys", "create", "--name", "x", "--scope", "read", "--organisation", "y"), 1, 'no organisation "y"'),
        (("keys", "create", "--name", "x", "--scope", "courses", "--organisation", "valencia"), 1, "cannot have"),
        (("keys", "list", "--organisation", "y"), 1, 'no organisation "y"'),
        (("organisations", "create", "valencia", "--name", "x", "--kind", "both"), 1, "already"),
        (("organisations", "create", "Val encia", "--name", "x", "--kind", "both"), 1, "small letters"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    sqlite_database: Database, arguments: tuple[str, ...], code: int, words: str
) -> None:
    an_organisation(sqlite_database, kind="partner")
    result = run(sqlite_database, *arguments)
    assert result.exit_code == code
    assert words in result.output
    assert "Traceback" not in result.output
