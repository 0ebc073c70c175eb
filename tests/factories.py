"""Concepts and taxonomies for tests: plain functions, valid unless the test says otherwise.

Every value is what the product's own JSON decoder would give (lists, not tuples, inside attributes), so that a
made concept equals the same concept after a round trip.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import msgspec

from competency_api.taxonomy.concept import Concept, Labels, Relation, Source
from competency_api.taxonomy.kinds import KINDS, Shape
from competency_api.taxonomy.taxonomy import Taxonomy

SOURCE = Source(title="Smart City Competency Framework", publisher="The partnership", year=2026)


def a_uuid(code: str) -> str:
    """A well-formed version 4 UUID that is always the same for the same code."""
    return str(uuid.UUID(bytes=hashlib.sha256(code.encode()).digest()[:16], version=4))


def labels(preferred: str, *alternative: str, hidden: tuple[str, ...] = ()) -> Labels:
    return Labels(preferred=preferred, alternative=alternative, hidden=hidden)


def links(*codes: str, level: int | None = None) -> tuple[Relation, ...]:
    return tuple(Relation(code=code, level=level) for code in codes)


def descriptors(**texts: str) -> dict[str, dict[str, str]]:
    """A descriptor for each of the four levels; English unless ``texts`` says by language tag what to begin with."""
    return {
        str(level): {tag: f"{text} {level}" for tag, text in (texts or {"en": "Works at level"}).items()}
        for level in range(1, 5)
    }


def required_attributes(kind: str) -> dict[str, Any]:
    """The smallest attributes that an active concept of the kind must have."""
    return {
        attribute.name: attribute.values[0] if attribute.shape is Shape.CHOICE else {"en": "What does the city need?"}
        for attribute in KINDS[kind].attributes
        if attribute.required
    }


def a_concept(kind: str = "competency", code: str = "", label: str = "", **fields: Any) -> Concept:
    """An active concept in English with everything that its kind demands, but no relations.

    ``code`` defaults to the kind's first one (``C001``), ``label`` to a text that contains the code; ``fields`` are
    those of :class:`Concept` and replace the defaults whole.
    """
    code = code or f"{KINDS[kind].letter}001"
    label = label or f"{KINDS[kind].labels['en']} {code}"
    defaults: dict[str, Any] = {
        "uuid": a_uuid(code),
        "labels": {"en": Labels(preferred=label)},
        "definition": {"en": f"{label} stands here for what a programme manager of a smart city has to know about it."},
        "attributes": required_attributes(kind),
        "sources": (SOURCE,),
    }
    return Concept(code=code, kind=kind, **(defaults | fields))


def a_starter() -> tuple[Concept, ...]:
    """One small taxonomy of all eight kinds, connected, in English and Spanish, that breaks no rule."""
    concepts = (
        a_concept("discipline", "D001"),
        a_concept("competency", "C001", relations={"part_of": links("D001"), "addresses": links("X001")}),
        a_concept("competency", "C002", relations={"part_of": links("D001"), "broader": links("C001")}),
        a_concept(
            "competency",
            "C003",
            attributes={"type": "skill", "levels": descriptors(en="Works at level", es="Trabaja en el nivel")},
            relations={"part_of": links("D001"), "requires": links("B001", "C001", "P001", "Q001", "T001")},
        ),
        a_concept("technology", "T001", relations={"related": links("P001")}),
        a_concept("business-model", "B001"),
        a_concept("privacy-concern", "P001"),
        a_concept("procurement-topic", "Q001"),
        a_concept("challenge", "X001"),
        a_concept("profile", "R001", relations={"expects": links("C002", level=2) + links("C003", level=3)}),
    )
    return tuple(in_spanish(concept) for concept in concepts)


def in_spanish(concept: Concept) -> Concept:
    """The concept with a Spanish label, definition and question beside the English ones."""
    attributes = dict(concept.attributes)
    if "question" in attributes:
        attributes["question"] = attributes["question"] | {"es": "¿Qué necesita la ciudad?"}
    return msgspec.structs.replace(
        concept,
        labels={**concept.labels, "es": Labels(preferred=f"{KINDS[concept.kind].labels['es']} {concept.code}")},
        definition={
            **concept.definition,
            "es": f"{concept.code} representa aquí lo que quien dirige un programa urbano debe saber de ello.",
        },
        attributes=attributes,
    )


def a_taxonomy(*concepts: Concept) -> Taxonomy:
    """A state of exactly these concepts; without any, of :func:`a_starter`."""
    return Taxonomy(concepts or a_starter())


def with_concepts(taxonomy: Taxonomy, *concepts: Concept) -> Taxonomy:
    """The state with these concepts added, or put in place of those with the same code."""
    return Taxonomy({**taxonomy.concepts, **{concept.code: concept for concept in concepts}}.values())


def without(taxonomy: Taxonomy, *codes: str) -> Taxonomy:
    return Taxonomy(concept for concept in taxonomy if concept.code not in codes)


def edited(taxonomy: Taxonomy, code: str, **fields: Any) -> Taxonomy:
    """The state with these fields of one concept replaced."""
    return with_concepts(taxonomy, msgspec.structs.replace(taxonomy[code], **fields))
