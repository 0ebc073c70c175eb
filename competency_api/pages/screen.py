"""One page while it is made: whose language, which version, where its neighbours are, and how it is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request

from competency_api.catalogue import presentation
from competency_api.catalogue.serving import Publication
from competency_api.concepts.presentation import Presenter
from competency_api.core.http import renewed, settings
from competency_api.pages.content.citing import NAME
from competency_api.pages.guides import notes
from competency_api.pages.links import Links, alternates
from competency_api.pages.prose.codes import linked, linked_in
from competency_api.pages.prose.speech import Voice
from competency_api.pages.texts import Texts, names_of_languages, texts_of
from competency_api.versions.values import VersionInfo

STATIC = Path(__file__).parent / "static"
#: The files of the site with their media types.
ASSETS = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
#: Styles, scripts and data of this origin only; nothing inline, nothing from other hosts, no page of others around it.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_LONGEST_DESCRIPTION = 200


@cache
def asset_bytes(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@cache
def asset(name: str) -> str:
    """The address of a file of the site, which changes with its content."""
    digest = hashlib.sha256(asset_bytes(name)).hexdigest()[:12]
    return f"/assets/{digest}/{name}"


@dataclass
class Frame:
    """What every page has around its content, also one that says that something is wrong."""

    texts: Texts
    links: Links

    @classmethod
    def of(cls, language: str) -> Frame:
        return cls(texts_of(language), Links(language))

    def render(self, template: str, *, title: str, description: str = "", **values: Any) -> str:
        shared = {
            "t": self.texts,
            "links": self.links,
            "title": title,
            "description": _shortened(description),
            "asset": asset,
            "name": NAME,
            "base_url": settings.base_url,
            "path": request.path,
            "alternates": alternates(request.path),
            "languages": names_of_languages(),
            "licence": presentation.LICENCE_NAME,
            "licence_address": presentation.LICENCE_ADDRESS,
            "acknowledgements": presentation.ACKNOWLEDGEMENTS,
            "has_embeds": _offers("embeds"),
            "has_workshops": _offers("rooms"),
        }
        return render_template(f"site/{template}", **shared | values)


@dataclass
class Screen(Frame):
    """A page about a published version; ``newest`` is the one that readers of an older one are told of, and
    ``older`` what the version is compared with.
    """

    found: Publication
    newest: VersionInfo
    older: VersionInfo | None = None

    @cached_property
    def voice(self) -> Voice:
        return Voice(self.texts, settings.fallback)

    @cached_property
    def presenter(self) -> Presenter:
        return Presenter(self.found.taxonomy, self.found.number, settings.base_url, self.voice)

    @property
    def withdrawn(self) -> list[VersionInfo]:
        """Those among the versions of the page that should no longer be used."""
        return [version for version in (self.older, self.found.version) if version and version.withdrawal]

    def show(self, template: str, *, title: str, is_indexed: bool = True, **values: Any) -> Response:
        """The finished page. What is not to be indexed: pages of exact versions and answers to questions."""
        about: dict[str, Any] = {
            "version": self.found.version,
            "number": self.found.number,
            "newest": str(self.newest.number),
            "withdrawn": self.withdrawn,
            "is_indexed": is_indexed and self.links.version is None,
            "voice": self.voice,
            "linked": lambda text: linked(text, self.found.taxonomy, self.links),
            "notes": lambda text: linked_in(notes(text), self.found.taxonomy, self.links.of(self.found.number)),
        }
        response = sent(self.render(template, title=title, **about, **values), self.texts.language)
        for version in self.withdrawn:
            for name, value in presentation.withdrawal_fields(version):
                response.headers.add(name, value)
        return response


def sent(content: str, language: str) -> Response:
    """A page as the answer to the present request, kept until something is published."""
    response = as_html(content, language)
    return renewed(response)


def as_html(content: str, language: str) -> Response:
    response = Response(content, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Language"] = language
    return response


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return f"{text[:_LONGEST_DESCRIPTION].rsplit(' ', 1)[0]}…"


def _offers(blueprint: str) -> bool:
    """Whether this application also has those pages, which pages then lead to."""
    return blueprint in current_app.blueprints
