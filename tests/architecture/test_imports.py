"""Who may import what, by file name. What holds between packages stands in setup.cfg as import-linter contracts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.sources import PACKAGE, ROOT, Module, modules

HTTP_LIBRARIES = ("flask", "flask_smorest", "werkzeug", "webargs")
DATABASE_LIBRARIES = ("sqlalchemy", "alembic")


def importers(libraries: tuple[str, ...], allowed: Callable[[Module], bool]) -> list[str]:
    return [
        f"{module.path}:{line} imports {name}"
        for module in modules()
        if not allowed(module)
        for line, name in module.imports()
        if name.split(".")[0] in libraries
    ]


def file_name(module: Module) -> str:
    return module.path.rsplit("/", 1)[1]


def test_http_is_known_only_at_the_edge() -> None:
    def allowed(module: Module) -> bool:
        # serving stands ahead of Flask and reads the same request fields
        for_people = module.feature in ("pages", "embeds", "rooms", "serving")
        at_the_edge = for_people or file_name(module) in ("routes.py", "cli.py")
        return at_the_edge or module.path == f"{PACKAGE}/app.py" or module.path.startswith(f"{PACKAGE}/core/http/")

    assert importers(HTTP_LIBRARIES, allowed) == []


def test_wire_formats_know_no_database_and_entry_points_no_more_of_it_than_the_session() -> None:
    wire = importers(DATABASE_LIBRARIES, lambda module: file_name(module) not in ("schemas.py", "values.py"))
    entry_points = importers(DATABASE_LIBRARIES, lambda module: file_name(module) not in ("routes.py", "cli.py"))
    # routes and commands hand a session on, so they may name its type
    assert wire + [line for line in entry_points if not re.search(r"sqlalchemy\.orm(\.Session)?$", line)] == []


def test_schemas_are_marshmallow_and_nothing_below_them_is() -> None:
    def allowed(module: Module) -> bool:
        return file_name(module) in ("schemas.py", "routes.py") or module.path.startswith(f"{PACKAGE}/core/http/")

    assert importers(("marshmallow",), allowed) == []


def test_tables_of_a_feature_are_private_to_it() -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules()
        if module.path != f"{PACKAGE}/tables.py"
        for line, name in module.imports()
        if ".models" in name and not name.startswith(f"{PACKAGE}.{module.feature}.")
    ]
    assert found == []


def test_services_and_queries_know_neither_wire_formats_nor_routes() -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in modules()
        if file_name(module) in ("service.py", "queries.py", "models.py")
        for line, name in module.imports()
        if {"schemas", "routes", "cli"} & set(name.split("."))
    ]
    assert found == []


def test_imports_between_packages_keep_their_contracts() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
