"""Labels: told apart within a concept, and between concepts of one kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.rules.finding import Chapter, Finding, found, listed
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Labels")

NOT_DISJOINT = CHAPTER.error(
    "label-used-twice",
    "One text is two labels of the same concept",
    "Within a language a text is the preferred label, or an alternative, or a hidden one, and is given once.",
    "Keep the text in one place: preferred before alternative before hidden.",
    "qSKOS dlv, SKOS S13",
)
DUPLICATE = CHAPTER.error(
    "duplicate-preferred-label",
    "Two active concepts of a kind have the same preferred label",
    "In a list of this kind nobody can tell them apart. The finding stands at the first code and names the others.",
    "Make the labels say what differs, or merge the concepts.",
    "qSKOS ol",
)
OVERLAPPING = CHAPTER.warning(
    "overlapping-labels",
    "Labels of two concepts of a kind are nearly the same",
    "The preferred label of one differs from a preferred or alternative label of another only in case or spacing, or "
    "is that of a retired concept which does not name this one as its successor.",
    "Make the labels say what differs, merge the concepts, or name the successor.",
    "qSKOS ol",
)


def folded(text: str) -> str:
    """What remains of a label when case and spacing do not count."""
    return " ".join(text.casefold().split())


def _not_disjoint(concept: Concept) -> Iterator[Finding]:
    for tag, labels in concept.labels.items():
        if not labels.alternative and not labels.hidden:
            continue
        seen = {labels.preferred}
        for name in ("alternative", "hidden"):
            for number, text in enumerate(getattr(labels, name)):
                if text in seen:
                    sentence = f'"{printable(text)}" is another label of it already.'
                    yield found(NOT_DISJOINT, concept, sentence, ("labels", tag, name, number), language=tag)
                seen.add(text)


#: Concepts by what they must not share: kind, language, folded label.
_Index = dict[tuple[str, str, str], list[Concept]]


def _by_preferred(taxonomy: Taxonomy) -> _Index:
    index: _Index = defaultdict(list)
    for concept in taxonomy:
        for tag, labels in concept.labels.items():
            if text := folded(labels.preferred):
                index[concept.kind, tag, text].append(concept)
    return index


def _leads_to(concept: Concept, codes: set[str]) -> bool:
    """Whether a retired concept names one of the codes as successor: then it rightly shares its label."""
    return concept.retirement is not None and any(s.code in codes for s in concept.retirement.successors)


def _shared_preferred(index: _Index) -> Iterator[Finding]:
    for (_, tag, _), concepts in index.items():
        active = [c for c in concepts if c.retirement is None]
        if len(concepts) < 2 or not active:
            continue
        place = ("labels", tag, "preferred")
        by_text: dict[str, list[str]] = defaultdict(list)
        for concept in active:
            by_text[concept.labels[tag].preferred].append(concept.code)
        for codes in by_text.values():
            if len(codes) > 1:
                first = next(c for c in active if c.code == codes[0])
                sentence = f"{listed(codes[1:])} has the same preferred label."
                yield found(DUPLICATE, first, sentence, place, language=tag, others=codes[1:])
        everyone = {c.code for c in concepts}
        rest = [c.code for c in concepts if c.code != active[0].code and not _leads_to(c, everyone)]
        same = set(by_text[active[0].labels[tag].preferred])
        if near := [code for code in rest if code not in same]:
            sentence = f"{listed(near)} has the same preferred label, or nearly so."
            yield found(OVERLAPPING, active[0], sentence, place, language=tag, others=near)


def _alternatives(taxonomy: Taxonomy, index: _Index) -> Iterator[Finding]:
    for concept in taxonomy:
        if concept.retirement is not None:
            continue
        for tag, labels in concept.labels.items():
            for number, text in enumerate(labels.alternative):
                known = index.get((concept.kind, tag, folded(text)), ())
                if others := [c.code for c in known if c is not concept and c.retirement is None]:
                    sentence = f'"{printable(text)}" is the preferred label of {listed(others)}.'
                    place = ("labels", tag, "alternative", number)
                    yield found(OVERLAPPING, concept, sentence, place, language=tag, others=others)


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        yield from _not_disjoint(concept)
    index = _by_preferred(taxonomy)
    yield from _shared_preferred(index)
    yield from _alternatives(taxonomy, index)
