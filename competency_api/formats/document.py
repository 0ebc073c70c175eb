"""What a file says: its header, its concepts with their places, and all that is wrong with it.

Reading never raises for what a file contains. Whatever is wrong becomes a :class:`Problem` with its place, and reading
goes on, so that a person mends a file in one round and not in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import msgspec

from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept, Value
from competency_api.taxonomy.taxonomy import Taxonomy

#: The value of "format" in our own files. It changes only when files of before could be misread.
FORMAT = "competency-taxonomy/1"

#: So many problems are described; the rest is counted.
MOST_PROBLEMS = 100


class Header(Value, frozen=True):
    """What is said of a version beside its concepts; all of it may be absent.

    ``published_at`` is a time in UTC and ``valid_from`` a day, both ISO 8601; ``digest`` is that of the version when
    it was written: who edits a file need not mend it, and reading does not compare it. ``seal`` and ``signature`` (a
    compact JSON Web Signature) say who published the version; ``competency-api verify`` compares all three.
    """

    number: str = ""
    title: str = ""
    notes: str = ""
    publisher: str = ""
    published_at: str = ""
    valid_from: str = ""
    digest: str = ""
    seal: str = ""
    signature: str = ""
    licence: str = ""
    notices: tuple[str, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """Where something stands. ``line`` and ``column`` count from 1; 0 where the whole file is meant, and no source
    where it is all files together.

    ``column`` counts characters in JSON and cells in CSV; ``field`` is a JSON Pointer into the concept, or the name of
    the CSV column.
    """

    source: str
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        """``seeds/competencies.json:12:7``, the form that editors and terminals make a link of."""
        return ":".join([printable(self.source, 300), *(str(n) for n in (self.line, self.column) if n)])


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong. ``message`` says what, and what would be right; ``value`` is what stands there."""

    place: Place
    message: str
    value: str = ""

    def __str__(self) -> str:
        field = printable(self.place.field)
        if f'"{field}"' in self.message or (field.startswith("/") and field in self.message):
            field = ""  # the message names it already, as those of the rules do
        return ": ".join(part for part in (str(self.place), field, self.message) if part)


class Problems:
    """Collects problems up to a bound and counts the rest."""

    def __init__(self, most: int = MOST_PROBLEMS) -> None:
        self._most = most
        self.found: list[Problem] = []
        self.more = 0

    def add(self, place: Place, message: str, value: object = "") -> None:
        self.extend([Problem(place, message, printable(value))])

    def extend(self, problems: Iterable[Problem], more: int = 0) -> None:
        for problem in problems:
            if self.is_full:
                more += 1
            else:
                self.found.append(problem)
        self.more += more

    @property
    def is_full(self) -> bool:
        return len(self.found) >= self._most

    def __len__(self) -> int:
        """All of them, the counted ones as well."""
        return len(self.found) + self.more


#: From a JSON Pointer into the concept to its place in the file; for what is absent, the place of its surroundings.
Locate = Callable[[str], Place]


@dataclass(frozen=True)
class Entry:
    """One concept as a file states it; :func:`~competency_api.formats.reading.concepts.completed` gives what it means.

    ``concept`` is what the file says by itself. ``open`` names the fields that it leaves to the concept known so far
    (``uuid``, ``meaning``). A file with columns speaks only about those: ``given`` holds their JSON Pointers and
    ``content`` what they say, in JSON types. ``seen`` is the digest of the content that the editor had before them,
    where the file says it.
    """

    concept: Concept
    locate: Locate
    open: frozenset[str] = frozenset()
    given: frozenset[str] | None = None
    content: Mapping[str, Any] | None = None
    seen: str = ""

    @property
    def code(self) -> str:
        return self.concept.code

    @property
    def place(self) -> Place:
        return self.locate("")


@dataclass(frozen=True)
class Document:
    """One file. With problems, ``entries`` are those that could be read; nobody should import them."""

    source: str
    header: Header | None
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    more_problems: int = 0

    @classmethod
    def refused(cls, place: Place, message: str, value: object = "") -> Document:
        """A file that cannot be read at all."""
        return cls(place.source, None, (), (Problem(place, message, printable(value)),))


class Format(Protocol):
    """A taxonomy as bytes. What is dumped and loaded again is the same, for every lawful taxonomy."""

    name: ClassVar[str]
    media_type: ClassVar[str]
    suffix: ClassVar[str]

    def dump(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        """The file in pieces, in the order of the codes; the same content gives the same bytes."""

    def load(self, data: bytes, source: str) -> Document:
        """Everything that the file says; ``source`` is the name that its problems carry."""


class Table(Format, Protocol):
    """A format with a row for each concept."""

    def dump_editable(self, taxonomy: Taxonomy, header: Header | None = None) -> Iterator[bytes]:
        """The same with the digest of each row's content, so that who sends it back says what they saw."""

    def write(self, rows: Iterable[Iterable[str]]) -> bytes:
        """Any rows, formulas defused."""
