"""What people copy into their pages, for a choice of what to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from markupsafe import escape

from competency_api.embeds.assets import NAME, script
from competency_api.embeds.views import get_view

#: Addresses of frames take them apart from what the data are asked for.
_OF_FRAMES = ("theme",)
_OF_ELEMENTS = ("search",)


@dataclass(frozen=True)
class Choice:
    """A form of a version, with what was asked for beside (by the names of query parameters), all of it checked."""

    base_url: str
    version: str
    view: str
    asked: Mapping[str, str]
    height: int
    #: The language of addresses where none was asked for: unlike the element, they know of no page around them.
    lang: str = ""

    @property
    def asked_of_data(self) -> dict[str, str]:
        """What remains for the service when the element has taken what only it knows."""
        return {name: value for name, value in self.asked.items() if name not in (*_OF_ELEMENTS, *_OF_FRAMES)}

    def in_view(self, name: str) -> Choice:
        """The same in another form."""
        return replace(self, view=name, height=get_view(name).height)

    def address(self, kind: str) -> str:
        """Where it is served as ``data``, ``frame``, ``fragment``, ``options`` or ``table``."""
        left_out = _OF_ELEMENTS if kind == "frame" else (*_OF_ELEMENTS, *_OF_FRAMES)
        asked = ({"lang": self.lang} if self.lang else {}) | dict(self.asked)
        query = urlencode([(name, value) for name, value in asked.items() if name not in left_out], safe=",")
        return f"{self.base_url}/embed/v1/{self.version}/{self.view}/{kind}{f'?{query}' if query else ''}"

    def element(self, title: str) -> str:
        """The custom element with its script. What stands inside is what readers without either get."""
        given = {"version": self.version, "view": self.view, **self.asked}
        attributes = "".join(_attribute(name.replace("_", "-"), value) for name, value in given.items())
        inside = f'<a href="{escape(self.address("frame"))}">{escape(title)}</a>'
        return f"<{NAME}{attributes}>{inside}</{NAME}>\n{loading(self.base_url)}"

    def frame(self, title: str) -> str:
        """The same without scripts."""
        return (
            f'<iframe src="{escape(self.address("frame"))}" title="{escape(title)}" loading="lazy" width="100%" '
            f'height="{self.height}"></iframe>'
        )


def loading(base_url: str) -> str:
    """The line that loads the element; once on a page is enough."""
    file = script()
    return (
        f'<script type="module" src="{base_url}{file.path}" integrity="{file.integrity}" '
        'crossorigin="anonymous"></script>'
    )


def _attribute(name: str, value: str) -> str:
    return f" {name}" if name in _OF_ELEMENTS else f' {name}="{escape(value)}"'
