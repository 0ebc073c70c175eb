"""The project's own files, read once, for the tests of the house rules."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "competency_api"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file; ``path`` is relative to the checkout, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        """``competency_api.versions.service``"""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def feature(self) -> str:
        """The package directly below competency_api that holds it; empty for modules beside the features."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 else ""

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full name of everything imported, wherever in the file: ``from a import b`` gives ``a.b``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def calls(self) -> Iterator[tuple[int, str, ast.Call]]:
        """Line, dotted name as written and node of every call: ``session.commit``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node.lineno, ast.unparse(node.func), node

    def comments(self) -> Iterator[tuple[int, str]]:
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


@lru_cache
def modules(folder: str = PACKAGE) -> tuple[Module, ...]:
    """Every Python file below ``folder``, sorted by path."""
    files = sorted((ROOT / folder).rglob("*.py"))
    return tuple(Module(file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in files)


@lru_cache
def documents() -> tuple[Path, ...]:
    """Every Markdown page for people, sorted by path."""
    pages = [ROOT / "README.md"]
    for folder in ("docs", "seeds", "benchmarks", "openapi"):
        pages.extend(sorted((ROOT / folder).rglob("*.md")))
    return tuple(page for page in pages if page.is_file())
