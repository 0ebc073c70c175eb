"""What is read in one sitting stays whole in the head: the largest permitted sizes. Aim far below them."""

from __future__ import annotations

import ast
from collections import Counter

from tests.support.sources import Function, Module, modules

MODULE_LINES = 300
CONFTEST_LINES = 200
FUNCTION_LINES = 40
ROUTE_BODY_LINES = 15
FOLDER_FILES = 10

# The kernel and the domain are no features: they hold more files, each small.
NO_FEATURES = {"", "core", "taxonomy", "formats"}
VERBS = {"get", "head", "post", "put", "patch", "delete"}


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def body_lines(function: Function) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def routes_of(module: Module) -> list[Function]:
    return [
        f for f in module.functions() if f.name in VERBS or any("route" in ast.unparse(d) for d in f.decorator_list)
    ]


def test_no_module_is_too_long() -> None:
    found = [
        f"{module.path}: {lines} lines"
        for module in (*modules(), *modules("tests"))
        for lines in [module.text.count("\n")]
        if lines > (CONFTEST_LINES if module.path.endswith("conftest.py") else MODULE_LINES)
    ]
    assert found == []


def test_no_function_and_no_test_is_too_long() -> None:
    found = [
        f"{module.path}:{function.lineno} {function.name}: {lines_of(function)} lines"
        for module in (*modules(), *modules("tests"))
        for function in module.functions()
        if lines_of(function) > FUNCTION_LINES
    ]
    assert found == []


def test_a_route_only_declares_and_calls() -> None:
    found = [
        f"{module.path}:{function.lineno} {function.name}: {body_lines(function)} lines"
        for module in modules()
        if module.path.endswith("/routes.py")
        for function in routes_of(module)
        if body_lines(function) > ROUTE_BODY_LINES
    ]
    assert found == []


def test_no_folder_of_a_feature_has_too_many_files() -> None:
    """Counted by folder: a sub-package says in its docstring what it is for, and is read by itself."""
    files = Counter(
        module.path.rsplit("/", 1)[0]
        for module in modules()
        if module.feature not in NO_FEATURES and not module.path.endswith("__init__.py")
    )
    assert {folder: n for folder, n in files.items() if n > FOLDER_FILES} == {}
