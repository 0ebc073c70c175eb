"""Who tells which courses, embeds and readers use a concept: courses do by their queries; others can be added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from competency_api.core import clock
from competency_api.courses.queries import list_uses
from competency_api.curation.changes.joining import Joined
from competency_api.curation.impact import EmbedUse, Impact, MappingUse, Uses, impact_of
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.migration import mapping_outcomes
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.queries import list_readers
from competency_api.versions.values import Readers

#: How long ago readers count.
READERS_DAYS = 30


class CourseUses:
    """The mappings of all providers, as they are in the database."""

    def mappings(self, session: Any, codes: Collection[str]) -> list[MappingUse]:
        return [MappingUse(*use) for use in list_uses(session, codes)]

    def embeds(self, session: Any, codes: Collection[str]) -> list[EmbedUse]:
        """None: embeds are counted by version, among the readers."""
        return []


class UseSources:
    """The ones that are asked; without others, the courses of the database."""

    def __init__(self, *sources: Uses) -> None:
        self._sources: list[Uses] = list(sources or (CourseUses(),))

    def mappings(self, session: Any, codes: Collection[str]) -> list[MappingUse]:
        return [use for source in self._sources for use in source.mappings(session, codes)]

    def embeds(self, session: Any, codes: Collection[str]) -> list[EmbedUse]:
        return [use for source in self._sources for use in source.embeds(session, codes)]

    def impact(self, session: Any, found: Difference, old: Taxonomy, new: Taxonomy) -> Impact:
        """The impact of a difference, with the uses of the concepts that it changes, and of no others."""
        codes = mapping_outcomes(found, new).keys()
        return impact_of(found, old, new, self.mappings(session, codes), self.embeds(session, codes))

    def readers(self, session: Any) -> list[Readers]:
        """By which names versions were read lately."""
        return list_readers(session, clock.today() - dt.timedelta(days=READERS_DAYS))

    def impact_of_proposal(self, session: Any, found: Joined) -> Impact:
        return self.impact(session, found.difference, found.old, found.new)
