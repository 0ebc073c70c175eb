"""Versions are signed as they are published, and a download is checked by itself."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from joserfc import jws
from joserfc.jwk import KeySet

from competency_api.cli import main
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.signatures import jwk_of, new_private_key, read_signer
from competency_api.versions.service import publish_version
from competency_api.versions.values import PublicationRequest
from tests.support.publications import KEY_ID, SIGNING_KEY, VERSIONS, ready, sent
from tests.support.published import serving
from tests.support.states import drafted

KEYS = "/.well-known/jwks.json"


def run(*arguments: str, **environ: str) -> Result:
    """The command, without a database that it could reach."""
    return CliRunner(env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", **environ}).invoke(main, arguments)


def downloads(database: Database, folder: Path, **settings: str) -> tuple[Path, Path, Path]:
    """A signed version as JSON and NDJSON, and the key set, as anyone downloads them."""
    with ready(database, **settings) as (client, key):
        sent(client, key, {"number": "1.1.0", "title": "Second", "notes": "One.\n\n- Two"})
        files = []
        for name in ("json", "ndjson"):
            files.append(folder / f"v.{name}")
            files[-1].write_bytes(client.get(f"{VERSIONS}/1.1.0/export/{name}").data)
        keys = folder / "keys.json"
        keys.write_bytes(client.get(KEYS).data)
    return files[0], files[1], keys


def test_another_library_checks_the_signature_with_the_published_keys(sqlite_database: Database) -> None:
    with ready(sqlite_database, signing_key=SIGNING_KEY) as (client, key):
        told = sent(client, key, {"number": "1.1.0", "title": "Second"}).get_json()
        answer = client.get(KEYS)
    assert answer.content_type == "application/jwk-set+json"
    assert [jwk["kid"] for jwk in answer.get_json()["keys"]] == [KEY_ID]
    keys = KeySet.import_key_set(answer.get_json())
    said = json.loads(jws.deserialize_compact(told["signature"], keys, algorithms=["Ed25519"]).payload)
    assert said["about"] == "competency-taxonomy-version/1"
    assert {name: said[name] for name in ("number", "title", "digest", "seal")} == {
        name: told[name] for name in ("number", "title", "digest", "seal")
    }


def test_a_download_is_checked_without_database_or_network(sqlite_database: Database, tmp_path: Path) -> None:
    as_json, as_lines, keys = downloads(sqlite_database, tmp_path, signing_key=SIGNING_KEY)
    result = run("verify", "--file", str(as_json), "--file", str(as_lines), "--key", str(keys))
    assert result.exit_code == 0, result.output
    end = "version 1.1.0, 11 concepts, the digest is right; signed by a key that you trust."
    assert result.stdout.splitlines() == [f"{as_json}: {end}", f"{as_lines}: {end}"]
    assert "signed, but not checked" in run("verify", "--file", str(as_json)).stdout


TAMPERING = [
    ("Another name", "Another game", "Its concepts have the digest"),
    ('"title":"Second"', '"title":"Third"', "title: it is not what was signed."),
    ('"number":"1.1.0"', '"number":"1.2.0"', "number: it is not what was signed."),
    ("- Two", "- Three", "notes: it is not what was signed."),
    ('"valid_from":"2', '"valid_from":"3', "valid_from: it is not what was signed."),
    ('"publisher":"Valencia"', '"publisher":"Valence"', "publisher: it is not what was signed."),
    ('"signature":"', '"signature":"x', "The signature cannot be read"),
    ('"signature":"', '"licence":"x', "stands twice"),
]


@pytest.mark.parametrize(("old", "new", "fault"), TAMPERING)
def test_whatever_is_changed_in_a_download_is_found(
    sqlite_database: Database, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    for file in downloads(sqlite_database, tmp_path, signing_key=SIGNING_KEY)[:2]:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        result = run("verify", "--file", str(file), "--key", str(tmp_path / "keys.json"))
        assert result.exit_code == 1
        assert fault in result.stdout


def test_a_key_that_did_not_sign_it_and_a_file_that_is_not_signed_fail(
    sqlite_database: Database, tmp_path: Path
) -> None:
    signed, _, keys = downloads(sqlite_database, tmp_path, signing_key=SIGNING_KEY)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(jwk_of(read_signer(new_private_key()).public_key)))
    assert "which is not among the given ones" in run("verify", "--file", str(signed), "--key", str(other)).stdout
    header = json.loads(signed.read_text("utf-8").splitlines()[1].removeprefix('"version":').removesuffix(","))
    unsigned = tmp_path / "unsigned.json"
    unsigned.write_text(signed.read_text("utf-8").replace(header["signature"], ""))
    assert run("verify", "--file", str(unsigned)).stdout.endswith("the digest is right; not signed.\n")
    result = run("verify", "--file", str(unsigned), "--key", str(keys))
    assert (result.exit_code, "The file is not signed." in result.stdout) == (1, True)


def test_earlier_keys_stay_listed_when_the_key_changes(database: Database) -> None:
    private = new_private_key()
    with ready(database, signing_key=SIGNING_KEY) as (client, key):
        sent(client, key, {"number": "1.1.0"})
    with database.transaction() as session:
        drafted(session)
        publish_version(session, "test", PublicationRequest(), signer=read_signer(private))
    third = new_private_key()
    with serving(Settings(database_url=database.settings.database_url, signing_key=third)) as client:
        listed = [jwk["kid"] for jwk in client.get(KEYS).get_json()["keys"]]
    assert listed == [read_signer(third).key_id, read_signer(private).key_id, KEY_ID]


def test_without_a_key_versions_are_published_unsigned_and_it_is_said(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, _):
        assert client.get(KEYS).get_json() == {"keys": []}
    url = sqlite_database.settings.database_url
    done = run("publish", "--title", "Second", DATABASE_URL=url)
    assert done.stdout.startswith("Published 1.1.0, not signed: no key is set.\n")


def test_the_command_line_makes_a_key_and_signs_with_it(sqlite_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "signing.pem"
    made = run("signing", "new", "--output", str(file))
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    kid = json.loads(made.stdout)["keys"][0]["kid"]
    assert "PRIVATE" not in made.output
    assert "cannot be made: File exists" in run("signing", "new", "--output", str(file)).stderr
    assert run("signing", "public", SIGNING_KEY_FILE=str(file)).stdout == made.stdout
    with ready(sqlite_database):
        url = sqlite_database.settings.database_url
        done = run("publish", DATABASE_URL=url, SIGNING_KEY_FILE=str(file))
    assert done.stdout.startswith(f"Published 1.1.0, signed with {kid}.\n")
    assert run("verify", DATABASE_URL=url).exit_code == 0


WRONG = [
    (("signing", "public"), 1, "No key is set"),
    (("verify", "--key", "setup.cfg"), 2, "--key is for --file"),
    (("verify", "--file", "setup.cfg"), 1, "is not known; a file ends in"),
    (("verify", "--file", "seeds/2.0.0/profiles.json"), 1, "does not say which version it is"),
    (("verify", "--file", "seeds/2.0.0/profiles.json", "--key", "setup.cfg"), 1, "is no public key"),
    (("withdraw", "1.1.0", "--reason", "x"), 2, "Say what to use instead"),
    (("withdraw", "1.1.0", "--reason", "x", "--use", "1.0.0", "--use-nothing"), 2, "Say what to use instead"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), WRONG)
def test_what_cannot_be_done_is_said_in_one_line(arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_the_command_line_withdraws_in_the_name_of_a_key(database: Database) -> None:
    with ready(database) as (client, key):
        sent(client, key, {"number": "1.1.0"})
        url = database.engine.url.render_as_string(hide_password=False)
        arguments = ("withdraw", "1.1.0", "--reason", "A mistake.", "--use", "1.0.0")
        done = run(*arguments, DATABASE_URL=url, COMPETENCY_API_KEY=key)
        assert done.stdout == "Withdrew 1.1.0. Use 1.0.0 instead.\n"
        assert "withdrawn" in run("versions", DATABASE_URL=url).stdout
        told = json.loads(run("versions", "--json", DATABASE_URL=url).stdout)[0]
        assert told["withdrawal"] | {"at": ""} == {"at": "", "reason": "A mistake.", "use": "1.0.0"}
        assert "The key is not known" in run(*arguments, "--api-key", "sck_x", DATABASE_URL=url).stderr
