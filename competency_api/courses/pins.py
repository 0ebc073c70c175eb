"""Versions as mappings are pinned to them: asked for by any name, kept by their id, shown by their number."""

from __future__ import annotations

from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.store import VersionStore
from competency_api.courses.naming import Concepts
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.values import VersionInfo


class Pins:
    """The published versions for one piece of work: what was looked up once is known the next time."""

    def __init__(self, store: VersionStore, base_url: str) -> None:
        self._store = store
        self._base_url = base_url
        self._by_id = _by_id(store)
        self._concepts: dict[int, Concepts] = {}

    def resolve(self, reference: str = LATEST) -> VersionInfo:
        """The version that a number, a prefix, a day or ``latest`` names. Raises NotFound."""
        return self._store.resolve(reference).version

    def of(self, version_id: int) -> VersionInfo:
        if version_id not in self._by_id:  # published a moment ago, by another process that pinned to it at once
            self._store.expire()
            self._by_id = _by_id(self._store)
        return self._by_id[version_id]

    def number(self, version_id: int) -> str:
        return str(self.of(version_id).number)

    def taxonomy(self, version_id: int) -> Taxonomy:
        return self._store.taxonomy(self.of(version_id))

    def concepts(self, version: VersionInfo) -> Concepts:
        """The version's concepts, as providers name them."""
        if version.id not in self._concepts:
            taxonomy = self._store.taxonomy(version)
            self._concepts[version.id] = Concepts(taxonomy, str(version.number), self._base_url)
        return self._concepts[version.id]

    @property
    def base_url(self) -> str:
        return self._base_url


def _by_id(store: VersionStore) -> dict[int, VersionInfo]:
    return {version.id: version for version in store.versions()}
