"""Relations, one by one: known, permitted between these kinds, pointing at something, with a level where due."""

from __future__ import annotations

from collections.abc import Iterator

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept, Relation
from competency_api.taxonomy.kinds import KINDS, LEVELS, RELATIONS, RelationType
from competency_api.taxonomy.rules.finding import Chapter, Finding, found
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Relations")

UNKNOWN = CHAPTER.error(
    "unknown-relation",
    "There is no such relation",
    "Only the relations in the table of relations exist; inverse ones (`narrower`) are derived and never stored.",
    "Use one of the known relations.",
    "qSKOS usr",
)
NOT_PERMITTED = CHAPTER.error(
    "relation-not-permitted",
    "The relation does not link these kinds",
    "Each relation names the kinds that it may lead from and to; `broader` stays within a kind.",
    "Use a relation that these kinds may have, or `related`.",
)
DANGLING = CHAPTER.error(
    "dangling-relation",
    "The relation leads to nothing",
    "Every relation points at a concept of the same version.",
    "Correct the code, add the concept, or remove the relation.",
)
TO_RETIRED = CHAPTER.error(
    "relation-to-retired",
    "An active concept points at a retired one",
    "What is in use must not rest on what is no longer used. The relations of retired concepts stay as they were.",
    "Point at the successor, or remove the relation.",
)
REFLEXIVE = CHAPTER.error(
    "reflexive-relation",
    "A concept is related to itself",
    "No relation leads from a concept to itself.",
    "Remove the relation, or correct the code.",
    "qSKOS rrc",
)
REPEATED = CHAPTER.error(
    "repeated-relation",
    "The same relation is given twice",
    "A concept points at another by one relation once, also when the levels differ.",
    "Keep one of them.",
)
STORED_TWICE = CHAPTER.error(
    "symmetric-relation-stored-twice",
    "A symmetric relation is stored at both ends",
    "`related` holds in both directions and is stored at one end only. The finding stands at the second code.",
    "Remove it at one end.",
)
MISSING_LEVEL = CHAPTER.error(
    "missing-level",
    "The level is missing",
    "`expects` says at which level, 1 to 4.",
    "Add the level.",
)
UNEXPECTED_LEVEL = CHAPTER.error(
    "unexpected-level",
    "The relation carries no level",
    "Only `expects` has a level.",
    "Remove the level.",
)
WRONG_LEVEL = CHAPTER.error(
    "level-out-of-range",
    "There is no such level",
    "Levels are 1 foundation, 2 intermediate, 3 advanced, 4 highly specialised.",
    "Use 1, 2, 3 or 4.",
)
MISSING_DISCIPLINE = CHAPTER.error(
    "missing-discipline",
    "A competency belongs to no discipline",
    "Every active competency is `part_of` at least one discipline: coverage is summed by discipline.",
    "Add `part_of` with the code of a discipline.",
)


def _level(concept: Concept, relation: RelationType, link: Relation, place: tuple[str | int, ...]) -> Iterator[Finding]:
    if not relation.has_level:
        if link.level is not None:
            sentence = f"{printable(link.code)} carries level {link.level}."
            yield found(UNEXPECTED_LEVEL, concept, sentence, (*place, "level"))
    elif link.level is None:
        yield found(MISSING_LEVEL, concept, f"the level expected of {printable(link.code)} is missing.", place)
    elif link.level not in LEVELS:
        sentence = f"{printable(link.code)} has level {link.level}."
        yield found(WRONG_LEVEL, concept, sentence, (*place, "level"))


def _is_permitted(relation: RelationType, source: str, target: str) -> bool:
    if source not in KINDS or target not in KINDS:
        return True  # an unknown kind is a finding of its own
    if relation.same_kind and source != target:
        return False
    return (not relation.sources or source in relation.sources) and (not relation.targets or target in relation.targets)


def _end(taxonomy: Taxonomy, concept: Concept, relation: RelationType, code: str, at: int) -> Iterator[Finding]:
    """What is wrong with the concept that a link points at."""
    place, others = ("relations", relation.name, at, "code"), (code,)
    target = taxonomy.get(code)
    if code == concept.code:
        yield found(REFLEXIVE, concept, "it points at itself.", place, others=others)
    elif target is None:
        yield found(DANGLING, concept, f"there is no concept {printable(code)}.", place, others=others)
    else:
        if not _is_permitted(relation, concept.kind, target.kind):
            sentence = f'"{relation.name}" does not lead from a {concept.kind} to a {target.kind} ({printable(code)}).'
            yield found(NOT_PERMITTED, concept, sentence, place, others=others)
        if concept.retirement is None and target.retirement is not None:
            remedy = f"Point at {target.retirement.successors[0].code}." if target.retirement.successors else ""
            yield found(
                TO_RETIRED, concept, f"{printable(code)} is retired.", place, others=others, remedy=printable(remedy)
            )
        if relation.symmetric and code < concept.code and concept.code in target.targets(relation.name):
            yield found(STORED_TWICE, concept, f"{printable(code)} points back already.", place, others=others)


def _links(taxonomy: Taxonomy, concept: Concept) -> Iterator[Finding]:
    for name, links in concept.relations.items():
        relation = RELATIONS.get(name)
        if relation is None:
            sentence = f'there is no relation "{printable(name)}".{did_you_mean(name, RELATIONS)}'
            yield found(UNKNOWN, concept, sentence, ("relations", name))
            continue
        seen: set[str] = set()
        for number, link in enumerate(links):
            place = ("relations", name, number)
            if link.code in seen:
                sentence = f"{printable(link.code)} is given twice."
                yield found(REPEATED, concept, sentence, place, others=(link.code,))
                continue
            seen.add(link.code)
            yield from _level(concept, relation, link, place)
            yield from _end(taxonomy, concept, relation, link.code, number)


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        if concept.relations:
            yield from _links(taxonomy, concept)
        if concept.kind == "competency" and concept.retirement is None and not concept.targets("part_of"):
            yield found(MISSING_DISCIPLINE, concept, "it is part of no discipline.", ("relations",))
