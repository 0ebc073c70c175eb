"""Addresses of pages, and of the data and tools that pages lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from competency_api.core.http.site import site_path
from competency_api.core.site import SITE_LANGUAGES

API = "/api/v1/versions"


@dataclass(frozen=True)
class Links:
    """From a page in ``language``. ``version`` is the number that its address names; None on pages about the newest."""

    language: str
    version: str | None = None

    def _within(self, *segments: str, query: Mapping[str, str] | None = None) -> str:
        named = ("versions", self.version) if self.version else ()
        return site_path(self.language, *named, *segments, query=query)

    def of(self, version: str | None) -> Links:
        """The same from pages about another version."""
        return replace(self, version=version)

    # -- in the version ---------------------------------------------------------------------------------------------

    def concepts(self) -> str:
        return self._within("concepts")

    def concept(self, code: str) -> str:
        return self._within("concepts", code)

    def kind(self, name: str, **query: str) -> str:
        return self._within("kinds", name, query=query)

    def map(self, **query: str) -> str:
        return self._within("map", query=query)

    def search(self, **query: str) -> str:
        return self._within("search", query=query)

    # -- beside versions --------------------------------------------------------------------------------------------

    def home(self) -> str:
        return site_path(self.language)

    def versions(self) -> str:
        return site_path(self.language, "versions")

    def release(self, number: object) -> str:
        """The page of a version."""
        return site_path(self.language, "versions", str(number))

    def sums(self, number: object) -> str:
        return site_path(self.language, "versions", str(number), "sha256sums.txt")

    def changes(self, older: object, newer: object, **query: str) -> str:
        return site_path(self.language, "versions", str(older), "changes", str(newer), query=query)

    def compare(self) -> str:
        return site_path(self.language, "compare")

    # -- courses, whatever the version -------------------------------------------------------------------------------

    def courses(self, **query: str) -> str:
        return site_path(self.language, "courses", query=query)

    def course(self, uuid: str) -> str:
        return site_path(self.language, "courses", uuid)

    # -- about the service ------------------------------------------------------------------------------------------

    def guides(self) -> str:
        return site_path(self.language, "guides")

    def guide(self, name: str) -> str:
        return site_path(self.language, "guides", name)

    def reference(self) -> str:
        return site_path(self.language, "reference")

    def problems(self) -> str:
        return site_path(self.language, "problems")

    def rules(self) -> str:
        return site_path(self.language, "rules")

    def licence(self) -> str:
        return site_path(self.language, "licence")

    def accessibility(self) -> str:
        return site_path(self.language, "accessibility")

    def workshops(self) -> str:
        return site_path(self.language, "workshops")

    def workshop(self, code: str) -> str:
        return site_path(self.language, "workshops", code)

    def embed(self, **query: str) -> str:
        return f"/embed?{urlencode({**query, 'ui': self.language})}"


def data(version: str, *segments: str) -> str:
    """What the API says of the same."""
    return "/".join((API, version, *(quote(segment, safe="") for segment in segments)))


def alternates(path: str) -> dict[str, str]:
    """The same page in every language of the interface, by tag."""
    rest = path.split("/", 2)[2] if path.count("/") > 1 else ""
    return {tag: f"/{tag}/{rest}" for tag in SITE_LANGUAGES}
