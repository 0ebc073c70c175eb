"""What the pages of workshops have beyond those of the site: their own words, files and addresses."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from competency_api.core.http.site import site_path
from competency_api.pages import texts as site
from competency_api.pages.links import Links
from competency_api.pages.screen import Frame
from competency_api.pages.texts import Texts

_SCRIPTS = (
    "room.js",
    "order.js",
    "dragging.js",
    "forms.js",
    "join.js",
    "rank.js",
    "staff.js",
    "facilitate.js",
    "projector.js",
    "organise.js",
    "plan.js",
    "choosing.js",
    "setup.js",
    "prepare.js",
)
#: The files of these pages with their media types. Scripts are modules that import each other by name.
ASSETS = {
    "rooms.css": "text/css; charset=utf-8",
    **dict.fromkeys(_SCRIPTS, "text/javascript; charset=utf-8"),
}
#: The texts that the script of a page needs, by the beginnings of their keys.
_WORDS = {
    "join.js": ("join.", "room."),
    "rank.js": ("rank.", "room.", "topic."),
    "facilitate.js": ("staff.", "rank.", "room.", "topic.", "state.", "projector."),
    "organise.js": ("organise.", "staff.", "room.", "state."),
    "setup.js": ("setup.", "organise.", "staff.", "room.", "rank.table"),
    "prepare.js": ("prepare.", "organise.", "staff.", "room.", "state.", "rank.table", "projector."),
    "projector.js": ("staff.", "rank.", "room.", "topic.", "projector."),
}


@cache
def texts_of(language: str) -> Texts:
    """The site's texts with those of workshops. Raises FileNotFoundError for what is no language of the interface."""
    own = json.loads(files(__package__).joinpath("texts", f"{language}.json").read_text("utf-8"))
    return Texts(language, {**site.texts_of(language).texts, **own})


@cache
def asset_bytes(name: str) -> bytes:
    return files(__package__).joinpath("static", name).read_bytes()


@cache
def _digest() -> str:
    """Of all files together: a module finds those that it imports beside itself."""
    return hashlib.sha256(b"".join(asset_bytes(name) for name in sorted(ASSETS))).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file, which changes with the content of any of them."""
    return f"/assets/rooms/{_digest()}/{name}"


class Room(Frame):
    """A page of workshops in one language."""

    @classmethod
    def of(cls, language: str) -> Room:
        return cls(texts_of(language), Links(language))

    def address(self, *segments: str) -> str:
        return site_path(self.texts.language, *segments)

    def render(self, template: str, *, title: str, description: str = "", **values: Any) -> str:
        own = {"room_asset": asset, "address": self.address}
        return super().render(template, title=title, description=description, **own | values)

    def running(self, template: str, script: str, title: str, **values: Any) -> str:
        """A page that its script draws. It is the same whatever happens in the room."""
        known = self.texts.texts
        words = {key: text for key, text in known.items() if key.startswith(_WORDS[script])}
        return self.render(template, title=title, script=script, words=words, **values)
