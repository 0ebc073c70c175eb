"""The units of systemd, the settings that they read, and the command that uses the same settings."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from competency_api.core.config import Settings, variable
from tests.support.shipped import DEPLOY, PROGRAMS, moved, programs, script

UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
#: systemd's own scale goes to 10.0 (unsafe); what it calls "OK" begins below 5.
EXPOSURE = 2.0


def analyze(*arguments: str) -> str:
    """What systemd-analyze says; it is part of systemd, and works where that does not run."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze, which is part of systemd")
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def installed(folder: Path) -> dict[str, Path]:
    """Every unit in a folder, with programs that exist."""
    bin_ = programs(folder / "bin")
    backup = script(folder / "bin" / "competency-backup", "#!/bin/sh\n")
    places = {
        "competency-api.service": {PROGRAMS: str(bin_)},
        "competency-api-worker.service": {PROGRAMS: str(bin_)},
        "competency-api-backup.service": {"/usr/local/sbin/competency-backup": str(backup)},
    }
    for name in UNITS:
        text = moved(name, {}).replace("After=network-online.target postgresql.service", "")
        for shipped, here in places.get(name, {}).items():
            text = re.sub(f"^(ExecStart=){re.escape(shipped)}", rf"\1{here}", text, flags=re.MULTILINE)
            assert f"ExecStart={here}" in text
        (folder / name).write_text(text)
    return {name: folder / name for name in UNITS}


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    said = analyze("verify", "--man=no", str(installed(tmp_path)[name]))
    assert [line for line in said.splitlines() if "competency" in line] == []


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_service_can_do_little_beyond_its_work(name: str, tmp_path: Path) -> None:
    said = analyze("security", "--offline=true", "--no-pager", str(installed(tmp_path)[name]))
    found = re.search(r"Overall exposure level.*: ([0-9.]+)", said)
    assert found is not None
    assert float(found[1]) <= EXPOSURE


def test_the_shipped_settings_are_right_and_mean_the_same_to_a_shell() -> None:
    rows = [line for line in moved("environment", {}).splitlines() if "=" in line]
    given = dict(shlex.split(line.removeprefix("#"))[0].split("=", 1) for line in reversed(rows))
    settings = Settings.from_env(given)
    assert settings.database_url == "sqlite:////var/lib/competency-api/competency.sqlite"
    assert set(given) <= {variable(field) for field in Settings.__dataclass_fields__.values()}
    for row in rows:
        assert Settings.from_env(dict([shlex.split(row.removeprefix("#"))[0].split("=", 1)]))
        assert re.fullmatch(r"#?[A-Z_]+='[^']*'", row), "a shell and systemd read only this alike"


def test_the_command_has_the_settings_of_the_service(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "competency-api", '#!/bin/sh\nprintf "%s|" "$PUBLIC_BASE_URL" "$(umask)" "$@"\n')
    (tmp_path / "environment").write_text(moved("environment", {}))
    places = {
        # this machine has no such user
        "runuser -u competency -- ": "",
        "/etc/competency-api/environment": str(tmp_path / "environment"),
        PROGRAMS: str(tmp_path / "bin"),
    }
    command = script(tmp_path / "competency", moved("competency", places))
    done = subprocess.run([str(command), "export", "--output", "a b"], capture_output=True, text=True, check=True)
    assert done.stdout == "https://skills.example.org|0027|export|--output|a b|"
