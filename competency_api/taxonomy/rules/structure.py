"""Structure: what the relations make together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.graph import Ancestry, islands
from competency_api.taxonomy.kinds import RELATIONS
from competency_api.taxonomy.rules.finding import Chapter, Finding, found, found_overall, listed, named
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Structure")

CYCLIC_HIERARCHY = CHAPTER.error(
    "cyclic-hierarchy",
    "The hierarchy goes in a circle",
    "Following `broader` leads back to the start, so that each of these concepts would lie below itself. One finding "
    "for each group of concepts that lie below each other, with its shortest circle.",
    "Remove one of the links named.",
    "qSKOS chr",
)
CYCLIC_DEPENDENCY = CHAPTER.error(
    "cyclic-dependency",
    "What is required goes in a circle",
    "Following `requires` leads back to the start, so that none of these competencies could ever be begun.",
    "Remove one of the links named; where both belong together, use `related`.",
)
REDUNDANT = CHAPTER.warning(
    "redundant-broader",
    "A broader concept is given that follows anyway",
    "The concept lies below it already, through another of its broader concepts.",
    "Remove the direct link.",
    "qSKOS hr",
)
CLASH = CHAPTER.error(
    "relation-clash",
    "Two concepts are related and lie below each other",
    "`related` links concepts side by side; one that lies below the other, however deep, is not at its side. SKOS "
    "forbids it, so every export would be inconsistent.",
    "Remove `related`, or the link of the hierarchy.",
    "qSKOS rc, SKOS S27",
)
RELATED_SIBLINGS = CHAPTER.warning(
    "related-siblings",
    "Siblings are related",
    "Two concepts below the same concept are neighbours already; `related` between them says little.",
    "Remove `related`, unless it tells something that does not hold for the other siblings.",
    "qSKOS var",
)
ORPHAN = CHAPTER.warning(
    "orphan-concept",
    "A concept is linked to nothing",
    "No relation leads from this active concept or to it: nobody comes across it, and nothing is computed from it.",
    "Link it to what it belongs to.",
    "qSKOS oc",
)
DISCONNECTED = CHAPTER.warning(
    "disconnected-clusters",
    "The taxonomy falls into islands",
    "There are groups of active concepts without any relation between the groups. One finding, with the size and the "
    "first code of each; single concepts are reported as orphans.",
    "Link the groups where their subjects touch.",
    "qSKOS dcc",
)

#: How many codes of a circle a message shows.
_MOST_SHOWN = 8


def _edges(taxonomy: Taxonomy, relation: str) -> Mapping[str, list[str]]:
    """The links of a relation without those that are findings of their own: to nothing, to itself, repeated."""
    return {
        concept.code: [t for t in dict.fromkeys(concept.targets(relation)) if t != concept.code and t in taxonomy]
        for concept in taxonomy
        if relation in concept.relations
    }


def _cycles(taxonomy: Taxonomy, relation: str, ancestry: Ancestry) -> Iterator[Finding]:
    rule = CYCLIC_HIERARCHY if relation == "broader" else CYCLIC_DEPENDENCY
    for cycle in ancestry.cycles():
        way = listed([*cycle, cycle[0]], _MOST_SHOWN, " → ")
        yield found(rule, taxonomy[cycle[0]], f"a circle: {way}.", ("relations", relation), others=cycle[1:])


def _redundant(taxonomy: Taxonomy, ancestry: Ancestry) -> Iterator[Finding]:
    for code, target, via in ancestry.redundant():
        concept = taxonomy[code]
        if concept.retirement is None:
            place = ("relations", "broader", concept.targets("broader").index(target))
            sentence = f"{named(taxonomy[target])} lies above {via} already."
            yield found(REDUNDANT, concept, sentence, place, others=(target, via))


def _related(taxonomy: Taxonomy, ancestry: Ancestry) -> Iterator[Finding]:
    for concept in taxonomy:
        if concept.retirement is not None or "related" not in concept.relations:
            continue
        parents = set(concept.targets("broader"))
        for number, code in enumerate(concept.targets("related")):
            other, place = taxonomy.get(code), ("relations", "related", number)
            if other is None or code == concept.code:
                continue
            above, below = ancestry.is_above(code, concept.code), ancestry.is_above(concept.code, code)
            if above or below:
                sentence = f"{named(other)} is related and lies {'above' if above else 'below'} it."
                yield found(CLASH, concept, sentence, place, others=(code,))
            elif shared := sorted(parents.intersection(other.targets("broader"))):
                sentence = f"{named(other)} is related and lies below {listed(shared)} too."
                yield found(RELATED_SIBLINGS, concept, sentence, place, others=(code, *shared))


def _connections(taxonomy: Taxonomy) -> Iterator[Finding]:
    active: dict[str, Concept] = {c.code: c for c in taxonomy if c.retirement is None}
    edges = {
        code: [link.code for links in concept.relations.values() for link in links if link.code in active]
        for code, concept in active.items()
    }
    groups = islands(edges)
    for group in groups:
        if len(group) == 1:
            yield found(ORPHAN, active[group[0]], "no relation leads from it or to it.", ("relations",))
    clusters = [group for group in groups if len(group) > 1]
    if len(clusters) > 1:
        sizes = listed([f"{len(group)} concepts around {group[0]}" for group in clusters])
        sentence = f"The active concepts form {len(clusters)} groups without a link between them: {sizes}."
        yield found_overall(DISCONNECTED, sentence, [group[0] for group in clusters])


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    ancestries = {name: Ancestry(_edges(taxonomy, name)) for name, r in RELATIONS.items() if r.acyclic}
    for name, ancestry in ancestries.items():
        yield from _cycles(taxonomy, name, ancestry)
    yield from _redundant(taxonomy, ancestries["broader"])
    yield from _related(taxonomy, ancestries["broader"])
    yield from _connections(taxonomy)
