"""The kinds of concepts and the relations between them: one table each.

Adding a kind means one entry in :data:`KINDS` (and its page of the reference); everything else, from validation to
filters, import columns and the API's description, follows from the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

LEVELS = (1, 2, 3, 4)
LEVEL_NAMES = MappingProxyType({1: "foundation", 2: "intermediate", 3: "advanced", 4: "highly specialised"})
#: The corresponding levels of the European Qualifications Framework, as DigComp 2.2 relates them.
LEVEL_EQF = MappingProxyType({1: (3, 4), 2: (5, 6), 3: (7,), 4: (8,)})


class Shape(StrEnum):
    """What the value of an attribute looks like in JSON."""

    CHOICE = "choice"  # one of the attribute's values
    CHOICES = "choices"  # a list of the attribute's values, in the order of the table
    TERMS = "terms"  # a sorted list of short lower-case words ("connected-vehicles")
    TEXT = "text"  # a text by language tag
    LEVELS = "levels"  # {"1": {"en": "…"}, … "4": …}
    REFERENCES = "references"  # a list of {"act": "…", "article": "…", "uri": "…"}


@dataclass(frozen=True)
class Attribute:
    """One attribute of a kind; ``values`` only for choices, ``required`` for active concepts."""

    name: str
    shape: Shape
    meaning: str
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Kind:
    name: str
    letter: str
    meaning: str
    labels: Mapping[str, str]
    attributes: tuple[Attribute, ...] = field(default=())

    def attribute(self, name: str) -> Attribute | None:
        return next((a for a in self.attributes if a.name == name), None)


@dataclass(frozen=True)
class RelationType:
    """A relation and its rules.

    ``sources`` and ``targets`` name the kinds it may link (empty: any); ``same_kind`` demands both ends alike;
    ``relied_on`` says that course mappings and coverage are computed from it, so that removing one is a major change.
    """

    name: str
    inverse: str
    meaning: str
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    same_kind: bool = False
    symmetric: bool = False
    acyclic: bool = False
    has_level: bool = False
    relied_on: bool = False


PHASES = ("design", "plan", "execute", "monitor")
CITY_SIZES = ("small", "medium", "large")

_LEGAL_REFERENCES = Attribute("legal_references", Shape.REFERENCES, "provisions of law that it rests on")

_ALL_KINDS = (
    Kind(
        "discipline",
        "D",
        "a field of knowledge or practice to engage in a smart city programme",
        {"en": "Discipline", "es": "Disciplina"},
        (
            Attribute(
                "domain",
                Shape.CHOICE,
                "the domain that the discipline belongs to",
                ("planning", "management", "ict", "law", "finance", "social", "environment", "engineering"),
                required=True,
            ),
        ),
    ),
    Kind(
        "competency",
        "C",
        "what a programme manager must be able to do or know",
        {"en": "Competency", "es": "Competencia"},
        (
            Attribute("type", Shape.CHOICE, "what is mastered", ("skill", "knowledge", "attitude"), required=True),
            Attribute("phases", Shape.CHOICES, "phases of a programme in which it is needed", PHASES),
            Attribute("city_sizes", Shape.CHOICES, "sizes of city in which it is needed", CITY_SIZES),
            Attribute("levels", Shape.LEVELS, "what a person does at each of the four levels"),
        ),
    ),
    Kind(
        "technology",
        "T",
        "a technology or tool that a programme manager must understand",
        {"en": "Technology", "es": "Tecnología"},
        (
            Attribute(
                "maturity",
                Shape.CHOICE,
                "how settled it is in cities",
                ("emerging", "growing", "established"),
                required=True,
            ),
        ),
    ),
    Kind(
        "business-model",
        "B",
        "a way to finance, own and earn from infrastructure or data",
        {"en": "Business model", "es": "Modelo de negocio"},
        (
            Attribute(
                "asset", Shape.CHOICE, "what it earns from", ("infrastructure", "data", "service"), required=True
            ),
            Attribute("ownership", Shape.CHOICE, "who owns the asset", ("public", "private", "shared"), required=True),
            Attribute("revenue_sources", Shape.TERMS, "where the money comes from"),
        ),
    ),
    Kind(
        "privacy-concern",
        "P",
        "a concern when collecting data about citizens and vehicles",
        {"en": "Privacy concern", "es": "Cuestión de privacidad"},
        (
            Attribute("data_subjects", Shape.TERMS, "people whom the data are about"),
            Attribute("data_sources", Shape.TERMS, "what collects the data"),
            _LEGAL_REFERENCES,
            Attribute(
                "dpia",
                Shape.CHOICE,
                "whether a data protection impact assessment is needed",
                ("required", "advisable", "not-required"),
                required=True,
            ),
        ),
    ),
    Kind(
        "procurement-topic",
        "Q",
        "knowledge of public-private partnership and of (innovative) procurement",
        {"en": "Procurement topic", "es": "Tema de contratación pública"},
        (
            Attribute(
                "family",
                Shape.CHOICE,
                "what it is about",
                ("ppp", "procedure", "innovation-procurement", "contract", "evaluation"),
                required=True,
            ),
            _LEGAL_REFERENCES,
        ),
    ),
    Kind(
        "challenge",
        "X",
        "a question that a city faces, as asked in the partnership's workshop",
        {"en": "Challenge", "es": "Reto"},
        (Attribute("question", Shape.TEXT, "the question as it is asked", required=True),),
    ),
    Kind(
        "profile",
        "R",
        "a role or target population, with the levels expected of it",
        {"en": "Profile", "es": "Perfil"},
        (Attribute("city_sizes", Shape.CHOICES, "sizes of city in which the role is found", CITY_SIZES),),
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _ALL_KINDS})
KIND_BY_LETTER: Mapping[str, Kind] = MappingProxyType({kind.letter: kind for kind in _ALL_KINDS})

_KNOWLEDGE = ("technology", "business-model", "privacy-concern", "procurement-topic")

_ALL_RELATIONS = (
    RelationType("broader", "narrower", "lies below, in the hierarchy of its kind", same_kind=True, acyclic=True),
    RelationType("related", "related", "has to do with", symmetric=True),
    RelationType(
        "part_of",
        "competencies",
        "belongs to the discipline",
        ("competency",),
        ("discipline",),
        relied_on=True,
    ),
    RelationType(
        "requires",
        "required_by",
        "cannot be mastered without",
        ("competency",),
        ("competency", *_KNOWLEDGE),
        acyclic=True,
        relied_on=True,
    ),
    RelationType("addresses", "addressed_by", "helps to answer", (), ("challenge",)),
    RelationType(
        "expects",
        "expected_by",
        "expects the competency at a level",
        ("profile",),
        ("competency",),
        has_level=True,
        relied_on=True,
    ),
)

RELATIONS: Mapping[str, RelationType] = MappingProxyType({relation.name: relation for relation in _ALL_RELATIONS})
INVERSES: Mapping[str, RelationType] = MappingProxyType({r.inverse: r for r in _ALL_RELATIONS if not r.symmetric})

CODE_PATTERN = re.compile("[" + "".join(KIND_BY_LETTER) + "][0-9]{3,8}")


def kind_of(code: str) -> Kind | None:
    """The kind that a well-formed code names by its letter; None when the code is not well formed."""
    return KIND_BY_LETTER[code[0]] if CODE_PATTERN.fullmatch(code) else None
