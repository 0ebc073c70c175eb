"""Versions are signed as they are published, and a download is checked by itself."""

from __future__ import annotations

import base64
import json
import os
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

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


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


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


def test_anyone_checks_the_signature_with_the_published_keys_and_the_steps_of_the_standard(
    sqlite_database: Database,
) -> None:
    with ready(sqlite_database, signing_key=SIGNING_KEY) as (client, key):
        told = sent(client, key, {"number": "1.1.0", "title": "Second"}).get_json()
        answer = client.get(KEYS)
    assert answer.content_type == "application/jwk-set+json"
    assert [jwk["kid"] for jwk in answer.get_json()["keys"]] == [KEY_ID]
    signed, _, signature = told["signature"].rpartition(".")
    head, body = map(decoded, signed.split("."))
    [jwk] = answer.get_json()["keys"]
    assert json.loads(head)["kid"] == jwk["kid"]
    Ed25519PublicKey.from_public_bytes(decoded(jwk["x"])).verify(decoded(signature), signed.encode())
    said = json.loads(body)
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


def the_fault_of(file: Path, keys: Path) -> str:
    """The one line that says what is wrong with a download."""
    result = run("verify", "--file", str(file), "--key", str(keys))
    assert result.exit_code == 1, result.output
    [line] = result.stdout.splitlines()
    assert line.startswith(f"{file}: ")
    return line.removeprefix(f"{file}: ")


TAMPERING = [
    ("Another name", "Another game", "Its 11 concepts have the digest"),
    ('"title":"Second"', '"title":"Third"', "title: it is not what was signed."),
    ('"number":"1.1.0"', '"number":"1.2.0"', "number: it is not what was signed."),
    ("- Two", "- Three", "notes: it is not what was signed."),
    ('"valid_from":"2', '"valid_from":"3', "valid_from: it is not what was signed."),
    ('"publisher":"Valencia"', '"publisher":"Valence"', "publisher: it is not what was signed."),
    ('"signature":"', '"signature":"x', "The signature cannot be read"),
    ('"signature":"', '"licence":"x', "The file is not whole, or no taxonomy: line "),
]


@pytest.mark.parametrize(("old", "new", "fault"), TAMPERING)
def test_whatever_is_changed_in_a_download_is_found(
    sqlite_database: Database, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    for file in downloads(sqlite_database, tmp_path, signing_key=SIGNING_KEY)[:2]:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        assert fault in the_fault_of(file, tmp_path / "keys.json")


def test_a_file_that_was_cut_off_is_found_wherever_that_happened(sqlite_database: Database, tmp_path: Path) -> None:
    as_json, as_lines, keys = downloads(sqlite_database, tmp_path, signing_key=SIGNING_KEY)
    whole, lines = as_json.read_bytes(), as_lines.read_bytes().splitlines(keepends=True)
    for size in (0, 1, len(whole) // 3, len(whole) - 3):
        as_json.write_bytes(whole[:size])
        assert "The file is not whole, or no taxonomy: " in the_fault_of(as_json, keys)
    as_lines.write_bytes(b"".join(lines)[:-20])
    assert "The file is not whole, or no taxonomy: line 12: " in the_fault_of(as_lines, keys)
    as_lines.write_bytes(b"".join(lines[:-1]))
    assert "Its 10 concepts have the digest" in the_fault_of(as_lines, keys)
    as_lines.write_bytes(b"".join(lines[1:]))
    assert "line 1: The first line is the header" in the_fault_of(as_lines, keys)


def test_a_forger_who_recomputes_the_digest_is_found_by_the_signature(
    sqlite_database: Database, tmp_path: Path
) -> None:
    _, file, keys = downloads(sqlite_database, tmp_path, signing_key=SIGNING_KEY)
    file.write_text(file.read_text("utf-8").replace("Another name", "Another game"), "utf-8")
    said, right = re.findall("[0-9a-f]{64}", the_fault_of(file, keys))[::-1]
    file.write_text(file.read_text("utf-8").replace(said, right), "utf-8")
    assert the_fault_of(file, keys) == "digest: it is not what was signed."


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
