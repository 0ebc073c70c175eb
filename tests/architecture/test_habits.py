"""Habits that a machine can see. Each rule names its reason; a rule that turns out wrong is changed here, openly."""

from __future__ import annotations

import ast
import re

from tests.support.sources import PACKAGE, ROOT, documents, modules

CODE = (*modules(), *modules("tests"), *modules("migrations"), *modules("benchmarks"))

# Written in two parts, so that this file does not find itself.
MACHINE_PATHS = re.compile("/" + "(tmp|home|root|Users|work)/[A-Za-z0-9_.-]")
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + r"CK)\b")
# The code of the checker, and then words of explanation.
EXPLAINED = re.compile(r"#\s*(type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*)\W+\w+\W+\w+")
# The receiver is named, since other things commit too (the writer of a search index).
COMMITS = re.compile(r"(session|connection|transaction|database|db)\w*(\(\))?\.(commit|rollback)$")
CHECKS = re.compile(r"raises|warns|assert|expect|check|verify|fail")


def test_nothing_commits_but_the_database_module() -> None:
    """A service that commits takes the transaction out of the hands of whoever called it."""
    found = [
        f"{module.path}:{line}"
        for module in modules()
        if module.path != f"{PACKAGE}/core/db.py"
        for line, name, _ in module.calls()
        if COMMITS.search(name)
    ]
    assert found == []


def test_transactions_begin_in_entry_points() -> None:
    """Otherwise two commands cannot be joined in one transaction."""
    entry_points = ("/routes.py", "/cli.py", "/worker.py", "/app.py")
    found = [
        f"{module.path}:{line}"
        for module in modules()
        if not module.path.endswith(entry_points) and module.feature != "core"
        for line, name, _ in module.calls()
        if name.endswith(".transaction")
    ]
    assert found == []


def test_a_checker_is_silenced_only_by_name_and_with_a_reason() -> None:
    found = [
        f"{module.path}:{line} {comment}"
        for module in CODE
        for line, comment in module.comments()
        if re.search(r"#\s*(type:\s*ignore|noqa)", comment) and not EXPLAINED.search(comment)
    ]
    assert found == []


def test_a_test_is_left_out_only_with_a_reason() -> None:
    found = [
        f"{module.path}:{line} {name}"
        for module in modules("tests")
        for line, name, call in module.calls()
        if re.search(r"(pytest|mark)\.(skip|skipif|xfail|importorskip)$", name)
        and not any(keyword.arg == "reason" for keyword in call.keywords)
        and not (name == "pytest.skip" and call.args)
    ]
    assert found == []


def test_every_test_checks_something() -> None:
    found = [
        f"{module.path}:{function.lineno} {function.name}"
        for module in modules("tests")
        for function in module.functions()
        if function.name.startswith("test_")
        and not any(
            isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and CHECKS.search(ast.unparse(node.func)))
            for node in ast.walk(function)
        )
    ]
    assert found == []


def test_nothing_names_a_path_of_somebodys_machine() -> None:
    settings = [ROOT / name for name in ("setup.cfg", "pyproject.toml", "Makefile", ".ci/run")]
    texts = {module.path: module.text for module in CODE} | {
        file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in (*documents(), *settings)
    }
    found = [
        f"{path}:{number} {line.strip()}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{module.path}:{line} {comment}"
        for module in CODE
        for line, comment in module.comments()
        if UNFINISHED.search(comment)
    ]
    found += [
        f"{module.path}:{line}" for module in modules() for line, name, _ in module.calls() if "NotImplemented" in name
    ]
    assert found == []
