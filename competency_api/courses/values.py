"""Words and values of courses and mappings.

Hours and prices are whole hundredths in the database and in these values (``150`` is an hour and a half), so that sums
never drift; on the wire they are numbers with at most two decimals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as TextsByLanguage
from enum import StrEnum

import msgspec


class Modality(StrEnum):
    """How a course is held."""

    ONLINE = "online"
    CLASSROOM = "classroom"
    BLENDED = "blended"
    HANDS_ON = "hands-on"


class Visibility(StrEnum):
    """Who may see a course: everybody, or its provider alone."""

    PUBLIC = "public"
    PRIVATE = "private"


class MappingRelation(StrEnum):
    """What a course has to do with a concept. A course that ``requires`` something does not cover it."""

    TEACHES = "teaches"
    ASSESSES = "assesses"
    REQUIRES = "requires"


class Reason(StrEnum):
    """What a change of a provider's catalogue was made by."""

    EDIT = "edit"
    IMPORT = "import"
    MIGRATION = "migration"
    SUGGESTION = "suggestion"


class Ending(StrEnum):
    """Why a mapping is no longer as it was."""

    CHANGED = "changed"  # another level, hours, evidence or version for the same concept and relation
    REMOVED = "removed"
    MIGRATED = "migrated"


#: Stands for "no level" in sums, whose keys cannot be empty.
NO_LEVEL = 0

LONGEST_EXTERNAL_ID = 200
LONGEST_TITLE = 300
LONGEST_TEXT = 20_000
LONGEST_EVIDENCE = 2_000
LONGEST_URL = 2_000
MOST_HOURS = 100_000
MOST_RUNS = 50
MOST_LANGUAGES = 30
#: Mappings that one course may have.
MOST_MAPPINGS = 1_000

#: A part of a text of the course: ``description@en:120-158`` is characters 120 up to, not with, 158 (counted from 0).
SPAN = re.compile(r"(title|description)@([A-Za-z0-9-]{2,35}):(0|[1-9][0-9]{0,5})-([1-9][0-9]{0,5})")


class Value(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Base of what is stored in a course: immutable, defaults left out of the JSON."""


class Run(Value, frozen=True):
    """One time that a course is held, from a day to a day (``2026-11-23``); no end: until further notice."""

    starts: str
    ends: str = ""


class Price(Value, frozen=True):
    """``amount`` in hundredths, ``currency`` by ISO 4217. Nought is free of charge; no price is not told."""

    amount: int
    currency: str


class Course(Value, frozen=True):
    """What a provider says about a course. Texts are by language tag; ``hands_on`` is its share in percent."""

    title: TextsByLanguage[str, str]
    visibility: Visibility = Visibility.PUBLIC
    description: TextsByLanguage[str, str] = {}
    url: str = ""
    modality: Modality | None = None
    hands_on: int | None = None
    hours: int | None = None
    languages: tuple[str, ...] = ()
    population: TextsByLanguage[str, str] = {}
    price: Price | None = None
    dates: tuple[Run, ...] = ()


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """A course has this to do with this concept, as of this version. ``span`` is as :data:`SPAN` has it."""

    concept: str
    relation: MappingRelation
    version_id: int
    level: int | None = None
    hours: int | None = None
    evidence: str = ""
    span: str = ""


class MappingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping as a provider asks for it. ``concept`` names one in any way, ``version`` one in any way too."""

    concept: str
    relation: MappingRelation
    level: int | None = None
    hours: int | None = None
    evidence: str = ""
    span: str = ""
    version: str = "latest"


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Course)


def canonical(course: Course) -> str:
    """The course as it is stored: equal courses are equal texts."""
    return _encoder.encode(course).decode()


def course_of(content: str) -> Course:
    """The course that :func:`canonical` wrote."""
    return _decoder.decode(content)
