"""Codes of concepts in running text, as links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from competency_api.pages.links import Links
from competency_api.taxonomy.kinds import CODE_PATTERN
from competency_api.taxonomy.taxonomy import Taxonomy

_CODE = re.compile(rf"\b{CODE_PATTERN.pattern}\b")
_TAGS = re.compile(r"(<[^>]*>)")


def linked(text: str, taxonomy: Taxonomy, links: Links) -> Markup:
    """A text with every code that the version knows as a link."""
    return Markup("").join(_parts(text, taxonomy, links))


def linked_in(html: Markup, taxonomy: Taxonomy, links: Links) -> Markup:
    """The same in markup of our own making, whose texts are escaped and whose links are of addresses only."""
    parts = _TAGS.split(html)
    texts = [
        part if place % 2 else "".join(_parts(part, taxonomy, links, is_markup=True))
        for place, part in enumerate(parts)
    ]
    return Markup("".join(texts))  # noqa: S704 - made of markup and escaped texts


def _parts(text: str, taxonomy: Taxonomy, links: Links, *, is_markup: bool = False) -> list[Markup]:
    parts, place = [], 0
    for found in _CODE.finditer(text):
        if found[0] in taxonomy:
            parts.append(_safe(text[place : found.start()], is_markup))
            label = taxonomy[found[0]].name
            parts.append(Markup('<a href="{}" title="{}">{}</a>').format(links.concept(found[0]), label, found[0]))
            place = found.end()
    return [*parts, _safe(text[place:], is_markup)]


def _safe(text: str, is_markup: bool) -> Markup:
    return Markup(text) if is_markup else escape(text)  # noqa: S704 - the caller says that it is markup
