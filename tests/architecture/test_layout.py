"""Where things stand: modules named by their content, tests beside their subject, all data files shipped."""

from __future__ import annotations

import configparser
import re

from tests.support.sources import PACKAGE, ROOT, modules

# Names that say nothing about what is inside, so that everything ends up there.
CATCH_ALLS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "main", "manager", "handlers", "tools"}
TESTS_OF_THE_WHOLE = {"architecture", "browser", "deploy", "docs", "golden", "seeds", "support"}


def test_modules_are_named_by_what_they_hold() -> None:
    found = [
        module.path
        for module in modules()
        for name in [module.path.rsplit("/", 1)[1].removesuffix(".py")]
        if name in CATCH_ALLS or not re.fullmatch("__init__|[a-z][a-z0-9_]*", name)
    ]
    assert found == []


def test_every_folder_of_the_package_says_what_it_is_for() -> None:
    folders = [f for f in (ROOT / PACKAGE).rglob("*") if f.is_dir() and any(f.glob("*.py"))]
    assert [f.name for f in folders if not (f / "__init__.py").is_file()] == []


def test_tests_mirror_the_package() -> None:
    known = {module.feature for module in modules()} | TESTS_OF_THE_WHOLE
    folders = {module.feature for module in modules("tests")} - {""}
    assert folders - known == set()


def test_the_installation_brings_every_migration_every_seed_and_every_guide() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    patterns = " ".join(setup["options.data_files"].values()).replace(",", " ").split()
    shipped = {file for pattern in patterns for file in ROOT.glob(pattern)}
    needed = {
        file
        for folder in ("migrations", "seeds", "docs/how-to")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert sorted(file.relative_to(ROOT).as_posix() for file in needed - shipped) == []
