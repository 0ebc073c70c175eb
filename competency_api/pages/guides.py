"""The how-to pages of the documentation, as pages of the site.

They are Markdown, in English, and come with the program; each is rendered once, when it is first asked for. Raw HTML in
them is shown as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from competency_api.core.migrations import shipped_folder

_GUIDE = re.compile(r"(?:\./)?([a-z-]+)\.md(#.*)?")
_ANYWHERE_ELSE = re.compile(r"(?!https?://|/|#)")


@dataclass(frozen=True)
class Guide:
    """``title`` and ``summary`` are its first heading and paragraph."""

    name: str
    title: str
    summary: str
    body: Markup


@cache
def guides() -> dict[str, Guide]:
    """Every guide by its name, in the order of their titles. Empty where the documentation is not installed."""
    found = [_guide(file) for file in sorted(shipped_folder("docs/how-to").glob("*.md"))]
    return {guide.name: guide for guide in sorted(found, key=lambda guide: guide.title)}


def _guide(file: Path) -> Guide:
    reader = _reader()
    tokens = reader.parse(file.read_text("utf-8"))
    title = next((t.content for t, before in _pairs(tokens) if before.type == "heading_open"), file.stem)
    summary = next((t.content for t, before in _pairs(tokens) if before.type == "paragraph_open"), "")
    _prepare(tokens)
    body = reader.renderer.render(tokens, reader.options, {})
    return Guide(file.stem, title, re.sub(r"[`*]|\]\([^)]*\)|\[", "", summary), Markup(body))  # noqa: S704 - HTML is off


def _pairs(tokens: list[Token]) -> list[tuple[Token, Token]]:
    return list(zip(tokens[1:], tokens, strict=False))


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _prepare(tokens: list[Token]) -> None:
    """Headings get anchors, links to other guides lead to their pages, and what lies beside the guides is no link."""
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(tokens[number + 1].content))
        elif token.type == "fence":
            token.attrSet("tabindex", "0")
        opened = ""
        for child in token.children or ():
            if child.type == "link_open":
                opened = _lead(child)
            elif child.type == "link_close":
                child.tag = opened


def _lead(link: Token) -> str:
    """The element that the link becomes."""
    address = str(link.attrGet("href") or "")
    guide = _GUIDE.fullmatch(address)
    if guide:
        link.attrSet("href", f"{guide[1]}{guide[2] or ''}")
    elif _ANYWHERE_ELSE.match(address):
        link.tag, link.attrs = "span", {}
    return link.tag


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")


@lru_cache(maxsize=64)
def notes(text: str) -> Markup:
    """The notes of a version, which publishers write in the same Markdown; headings begin below the page's own."""
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - HTML is off
