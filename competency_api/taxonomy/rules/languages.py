"""Languages: tags, what must be there in the reference language, how complete the others are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from competency_api.core.languages import find_tag
from competency_api.core.text import printable
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.kinds import KINDS, Shape
from competency_api.taxonomy.rules.finding import Chapter, Finding, found, found_overall, listed
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Languages")

INVALID_TAG = CHAPTER.error(
    "invalid-language-tag",
    "A language tag is not valid",
    "Texts are keyed by BCP 47 language tags in canonical form: `es`, `pt-BR`, `zh-Hant`.",
    "Use the canonical tag of the language.",
    "qSKOS oilt",
)
MISSING_LABEL = CHAPTER.error(
    "missing-label",
    "The English preferred label is missing",
    "English is the reference language: every active concept has a preferred label in it. A retired one has at least "
    "one label in some language.",
    "Add the English preferred label.",
    "qSKOS ml",
)
MISSING_DEFINITION = CHAPTER.error(
    "missing-definition",
    "The English definition is missing",
    "Every active concept is defined in the reference language: a label alone is read differently by each reader.",
    "Add the English definition.",
    "qSKOS uc",
)
STATE_WITHOUT_TEXT = CHAPTER.error(
    "translation-state-without-text",
    "A translation state speaks of a language without a text",
    "`translations` says of a language whether its texts are reviewed; the concept has no text in that language.",
    "Add the texts in that language, or remove the state.",
)
TEXT_WITHOUT_LABEL = CHAPTER.warning(
    "text-without-label",
    "There are texts in a language, but no label",
    "A concept is found and listed by its label; readers of this language would see another language's label above "
    "their own definition.",
    "Add the preferred label in that language.",
    "qSKOS ilc",
)
INCOMPLETE = CHAPTER.warning(
    "incomplete-language",
    "A language is not complete",
    "Some active concepts have a label (or a definition) in this language and others have not. One finding for each "
    "language and kind of text, with the number and the first codes.",
    "Translate the missing ones; until then readers see the fallback language.",
    "qSKOS ilc",
)
NO_COMMON = CHAPTER.warning(
    "no-common-language",
    "No language is common to all concepts",
    "There is no language in which every active concept has a preferred label, so no list can be in one language.",
    "Complete one language, preferably English.",
    "qSKOS ncl",
)

_BY_LANGUAGE = ("labels", "definition", "scope_note", "example", "translations")
#: Attributes whose texts are keyed by language, directly or below each level, over all kinds.
_SPOKEN = {
    attribute.name: attribute.shape
    for kind in KINDS.values()
    for attribute in kind.attributes
    if attribute.shape in (Shape.TEXT, Shape.LEVELS)
}


#: A map by language with its place in the concept.
_Spoken = tuple[tuple[str, ...], Mapping[str, Any]]


def _attribute_maps(concept: Concept) -> Iterator[_Spoken]:
    """Maps by language inside the attributes; whatever has another shape is left out."""
    for name, value in concept.attributes.items():
        shape = _SPOKEN.get(name)
        if shape is None or not isinstance(value, dict):
            continue
        if shape is Shape.TEXT:
            yield ("attributes", name), value
        else:
            yield from ((("attributes", name, key), texts) for key, texts in value.items() if isinstance(texts, dict))


def _maps(concept: Concept) -> list[_Spoken]:
    """Everything in the concept that is keyed by language and not empty."""
    maps: list[_Spoken] = [((name,), texts) for name in _BY_LANGUAGE if (texts := getattr(concept, name))]
    return [*maps, *_attribute_maps(concept)] if concept.attributes else maps


def _wrong_tags(concept: Concept, maps: list[_Spoken]) -> Iterator[Finding]:
    for place, by_language in maps:
        for tag in by_language:
            right = find_tag(tag)
            if right != tag:
                fault = f'not canonical; right is "{right}".' if right else "not a language tag."
                yield found(INVALID_TAG, concept, f'"{printable(tag)}" is {fault}', (*place, tag), language=tag)


def _missing(concept: Concept) -> Iterator[Finding]:
    if concept.retirement is not None:
        if not concept.labels:
            yield found(MISSING_LABEL, concept, "there is no label in any language.", ("labels",))
        return
    for name, rule in (("labels", MISSING_LABEL), ("definition", MISSING_DEFINITION)):
        if REFERENCE_LANGUAGE not in getattr(concept, name):
            sentence = f'there is no entry for "{REFERENCE_LANGUAGE}", the reference language.'
            yield found(rule, concept, sentence, (name,), language=REFERENCE_LANGUAGE)


def _unmatched(concept: Concept, maps: list[_Spoken]) -> Iterator[Finding]:
    """States without texts, and texts without a label."""
    present = {tag for place, texts in maps if place != ("translations",) for tag in texts}
    for tag in concept.translations:
        if tag not in present and tag != REFERENCE_LANGUAGE:
            sentence = f'there is no text in "{printable(tag)}".'
            yield found(STATE_WITHOUT_TEXT, concept, sentence, ("translations", tag), language=tag)
    for tag in sorted(present - concept.labels.keys() - {REFERENCE_LANGUAGE}):
        sentence = f'there are texts in "{printable(tag)}", but no label.'
        yield found(TEXT_WITHOUT_LABEL, concept, sentence, ("labels",), language=tag)


def _incomplete(taxonomy: Taxonomy, field: str, noun: str) -> Iterator[Finding]:
    active = [concept for concept in taxonomy if concept.retirement is None]
    used = {tag for concept in active for tag in getattr(concept, field)}
    for tag in sorted(used - {REFERENCE_LANGUAGE}):
        without = [concept.code for concept in active if tag not in getattr(concept, field)]
        if without:
            sentence = (
                f'{len(without)} of {len(active)} active concepts have no {noun} in "{printable(tag)}": '
                f"{listed(without)}."
            )
            yield found_overall(INCOMPLETE, sentence, without, path=f"/{field}", language=tag)


def _without_common(taxonomy: Taxonomy) -> Iterator[Finding]:
    spoken = [concept.labels.keys() for concept in taxonomy if concept.retirement is None]
    if spoken and not set.intersection(*map(set, spoken)):
        sentence = f"No language has a preferred label for each of the {len(spoken)} active concepts."
        yield found_overall(NO_COMMON, sentence, path="/labels")


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        maps = _maps(concept)
        yield from _wrong_tags(concept, maps)
        yield from _missing(concept)
        yield from _unmatched(concept, maps)
    yield from _incomplete(taxonomy, "labels", "label")
    yield from _incomplete(taxonomy, "definition", "definition")
    yield from _without_common(taxonomy)
