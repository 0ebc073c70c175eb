"""Published versions for whoever answers requests about them: found by name, loaded, compared.

Everything here is in memory after its first use. The application has one :class:`Publications`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.store import Beside, VersionStore
from competency_api.core.errors import FieldError, InvalidInput, NotFound, ServiceError, Unavailable
from competency_api.core.http import asked_languages, settings
from competency_api.core.nearest import hint_of_codes
from competency_api.core.text import printable
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.speaking import AllLanguages, OneLanguage, Speaker
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.values import VersionInfo

DRAFT = "draft"
#: What the API's description says of an answer to who asks for HTML.
PAGE = "To the page for people, in the language of `lang` or of `Accept-Language`, for who asks for HTML"
#: Differences are as large as what changed; readers ask for the same few pairs.
_DIFFERENCES_KEPT = 8


@dataclass(frozen=True)
class Publication:
    """A version that was asked for, with its concepts."""

    version: VersionInfo
    taxonomy: Taxonomy

    @property
    def number(self) -> str:
        return str(self.version.number)

    @property
    def numbers(self) -> tuple[str, ...]:
        """What cursors of its lists name."""
        return (self.number,)


class Publications:
    """The store, as requests ask it."""

    def __init__(self, store: VersionStore) -> None:
        self.store = store
        self._differences: OrderedDict[tuple[str, str], Difference] = OrderedDict()
        self._lock = threading.Lock()

    def resolve(self, reference: str) -> VersionInfo:
        """The version that a reference names (number, prefix, day, ``latest``). Raises NotFound."""
        if reference == DRAFT:
            raise NotFound("The draft is not public; published versions are. `latest` names the newest.")
        return self.store.resolve(reference).version

    def get(self, reference: str) -> Publication:
        """The same with its concepts. Raises NotFound."""
        return self.load(self.resolve(reference))

    def load(self, version: VersionInfo) -> Publication:
        return Publication(version, self.store.taxonomy(version))

    def beside(self, publication: Publication, make: Callable[[Taxonomy], Beside]) -> Beside:
        """What ``make`` makes of the version's concepts: made by the first who asks, kept while the version is."""
        return self.store.beside(publication.version, make)

    def newest(self) -> VersionInfo:
        """Raises NotFound when nothing is published."""
        return self.store.resolve(LATEST).version

    def difference(self, old: Publication, new: Publication) -> Difference:
        """What turns one version into the other; computed once while it is asked for."""
        key = (old.version.digest, new.version.digest)
        with self._lock:
            if key not in self._differences:
                self._differences[key] = difference(old.taxonomy, new.taxonomy)
            self._differences.move_to_end(key)
            while len(self._differences) > _DIFFERENCES_KEPT:
                self._differences.popitem(last=False)
            return self._differences[key]

    def state(self) -> int:
        """Grows exactly when something is published or withdrawn.

        Never raises: while the database cannot be asked, nothing new is known.
        """
        try:
            versions = self.store.versions()
            return (versions[-1].id if versions else 0) + self.store.withdrawals()
        except ServiceError:
            return 0

    def withdrawals(self) -> int:
        """How many versions were withdrawn: what is said of an exact one changes with that only. Never raises."""
        try:
            return self.store.withdrawals()
        except ServiceError:
            return 0

    def find_withdrawn(self, numbers: Iterable[str]) -> list[VersionInfo]:
        """Those among the published versions of these exact numbers that were withdrawn."""
        asked = set(numbers)
        found = [version for version in self.store.versions() if version.withdrawal]
        return [version for version in found if str(version.number) in asked]

    def check(self) -> str:
        """For readiness: the newest version, loaded. Raises Unavailable when nothing is published."""
        versions = self.store.versions()
        if not versions:
            raise Unavailable("No version is published yet.")
        return f"{self.load(versions[-1]).number} loaded"


def speaker_for(lang: str | None, taxonomy: Taxonomy) -> Speaker:
    """How the present request wants texts of this version. Raises InvalidInput for what is no language."""
    asked = asked_languages(lang, taxonomy.languages)
    return AllLanguages() if asked is None else OneLanguage(asked, settings.fallback)


def require_codes(codes: Iterable[str], parameter: str, *taxonomies: Taxonomy) -> None:
    """Raise InvalidInput for codes that none of the states contains."""
    known = {code for taxonomy in taxonomies for code in taxonomy.concepts}
    errors = [
        FieldError(f'There is no concept "{printable(code)}" here.{hint_of_codes(code, known)}', parameter=parameter)
        for code in codes
        if code not in known
    ]
    if errors:
        raise InvalidInput(errors)


def page_of_version(reference: str, number: str) -> tuple[str, ...]:
    """Where the pages of the version that was asked for begin: those of the newest have no number in their address."""
    return () if reference == LATEST else ("versions", number)
