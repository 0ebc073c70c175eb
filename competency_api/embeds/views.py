"""The forms in which concepts and courses are embedded, and the columns that they may have: one table each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from competency_api.core.errors import NotFound
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.taxonomy.kinds import KINDS, Shape

#: Attributes whose values are words that the interface knows in every language.
WORDED = tuple(
    dict.fromkeys(
        attribute.name
        for kind in KINDS.values()
        for attribute in kind.attributes
        if attribute.shape in (Shape.CHOICE, Shape.CHOICES)
    )
)
#: What can be said of a concept beside its name.
COLUMNS = ("code", "definition", "alternative", "kind", "disciplines", *WORDED)
#: What can be said of a course beside its title.
COURSE_COLUMNS = ("definition", "relation", "level", "provider", "hours", "modality", "languages")
#: What only the form of courses is asked beside ``code``.
COURSE_PARAMETERS = ("relation", "provider", "course")


@dataclass(frozen=True)
class View:
    """A form. ``of`` is what ``code`` must name: nothing, any concept, or a concept of this kind.

    That of ``courses`` shows courses, of the concept that ``code`` names where it is given.
    """

    name: str
    columns: tuple[str, ...]
    of: str = ""
    height: int = 480

    @property
    def known_columns(self) -> tuple[str, ...]:
        return COURSE_COLUMNS if self.of == "courses" else COLUMNS


_ALL = (
    View("list", ("code",)),
    View("tree", ("code",)),
    View("table", ("code", "definition")),
    View("cards", ("code", "definition"), height=640),
    View("select", (), height=96),
    View("concept", ("code", "definition"), of="concept", height=260),
    View("profile", ("code",), of="profile", height=640),
    View("courses", ("relation", "level", "provider", "hours", "languages"), of="courses"),
)
VIEWS: Mapping[str, View] = MappingProxyType({view.name: view for view in _ALL})


def get_view(name: str) -> View:
    """Raises NotFound, naming the nearest."""
    view = VIEWS.get(name)
    if view is None:
        hint = did_you_mean(name, VIEWS) or f" There are: {', '.join(VIEWS)}."
        raise NotFound(f'There is no form "{printable(name)}" of embeds.{hint}')
    return view
