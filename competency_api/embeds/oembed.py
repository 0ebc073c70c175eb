"""oEmbed (https://oembed.com): an address of ours becomes a frame in whatever site asks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.sax.saxutils import escape

from competency_api.core.errors import NotFound
from competency_api.core.text import printable
from competency_api.embeds.snippets import Choice
from competency_api.embeds.views import get_view

#: Consumers may keep the answer that long, in seconds.
CACHE_AGE = 3600
_WIDTH = 720
#: Narrower than this nothing can be read, whatever a consumer asks for.
_NARROWEST, _LOWEST = 200, 96
_FRAME = re.compile(r"/embed/v1/([^/]+)/([^/]+)/frame")
_PERMANENT = re.compile(r"/id/(?P<code>[^/.]+)")
#: A concept below a version: data, and pages for people in any language of the interface.
_CONCEPT = re.compile(
    r"(?:/(?P<lang>[a-z]{2})|/api/v1)?(?:/versions/(?P<version>[^/]+))?/concepts/(?P<code>[^/.]+)(?:\.[a-z]+)?"
)
_KIND = re.compile(r"/(?P<lang>[a-z]{2})(?:/versions/(?P<version>[^/]+))?/kinds/(?P<kind>[^/]+)")
_COURSE = re.compile(r"/(?P<lang>[a-z]{2})/courses/(?P<course>[^/]+)")
_COURSES = re.compile(r"/(?P<lang>[a-z]{2})/courses")
#: What a page of courses may be narrowed by that their form knows too, under its own name.
_NARROWED = {"concept": "code", "relation": "relation", "provider": "provider"}


@dataclass(frozen=True)
class Rich:
    """The answer of type ``rich``."""

    title: str
    html: str
    width: int
    height: int
    provider_name: str
    provider_url: str

    def members(self) -> dict[str, str | int]:
        return {
            "version": "1.0",
            "type": "rich",
            "title": self.title,
            "provider_name": self.provider_name,
            "provider_url": self.provider_url,
            "cache_age": CACHE_AGE,
            "html": self.html,
            "width": self.width,
            "height": self.height,
        }

    def xml(self) -> str:
        members = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in self.members().items())
        return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{members}</oembed>\n'


def meant(address: str, base_url: str) -> Choice:
    """What an address of ours shows. Raises NotFound for any other, and for a form that there is not."""
    parts = urlsplit(address) if address.isprintable() else urlsplit("")
    if f"{parts.scheme}://{parts.netloc}" != base_url:
        raise NotFound(f"{printable(address, 200)} is no address of this service.")
    asked = dict(parse_qsl(parts.query))
    if match := _FRAME.fullmatch(parts.path):
        view = get_view(match[2])
        return Choice(base_url, match[1], view.name, asked, view.height)
    if found := _of_page(parts.path, asked):
        form, named, shown = get_view(found[0]), found[1].groupdict(), found[2]
        lang = asked.get("lang") or named.get("lang")
        shown |= {"lang": lang} if lang else {}
        return Choice(base_url, named.get("version") or "latest", form.name, shown, form.height)
    raise NotFound(f"There is nothing to embed at {printable(address, 200)}; `/embed` makes addresses that can be.")


def _of_page(path: str, asked: Mapping[str, str]) -> tuple[str, re.Match[str], dict[str, str]] | None:
    """The form that shows what is at a path, and what it has to be asked."""
    if match := _CONCEPT.fullmatch(path) or _PERMANENT.fullmatch(path):
        return "concept", match, {"code": match["code"]}
    if match := _KIND.fullmatch(path):
        return "list", match, {"kind": match["kind"]}
    if match := _COURSE.fullmatch(path):
        return "courses", match, {"course": match["course"]}
    if match := _COURSES.fullmatch(path):
        return "courses", match, {own: asked[name] for name, own in _NARROWED.items() if asked.get(name)}
    return None


def rich(choice: Choice, title: str, provider: str, bounds: Mapping[str, int]) -> Rich:
    """The frame, no larger than ``maxwidth`` and ``maxheight`` where these are readable at all."""
    width = max(_NARROWEST, min(_WIDTH, bounds.get("maxwidth", _WIDTH)))
    height = max(_LOWEST, min(choice.height, bounds.get("maxheight", choice.height)))
    html = (
        choice.frame(title)
        .replace('width="100%"', f'width="{width}"')
        .replace(f'height="{choice.height}"', f'height="{height}"')
    )
    return Rich(title, html, width, height, provider, f"{choice.base_url}/")


def discovery(address: str, base_url: str) -> str:
    """Where consumers who find a page at ``address`` ask about it, in JSON."""
    return f"{base_url}/oembed?{urlencode({'url': address.rstrip('?')})}"
