"""Texts: what every label, definition and note must be, whatever it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from competency_api.core.text import fault_of, printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.rules.finding import Chapter, Finding, found
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Texts")

LONGEST_LABEL = 80
SHORTEST_DEFINITION = 60
LONGEST_DEFINITION = 500

EMPTY = CHAPTER.error(
    "empty-text",
    "A text is empty",
    "A label, definition, note or other text is there but consists of nothing, or of space only.",
    "Write the text, or leave the whole entry out.",
    "qSKOS el",
)
UNPRINTABLE = CHAPTER.error(
    "unprintable-text",
    "A text contains characters that cannot be seen",
    "Control characters, line breaks, invisible direction marks and the like break searching and display.",
    "Type the text again, or paste it without formatting.",
    "qSKOS ucil",
)
NOT_NFC = CHAPTER.error(
    "text-not-normalised",
    "A text is not in Unicode NFC",
    "The same letters can be stored in two ways; only the composed one is allowed, so that equal texts are equal.",
    "Save the text in Unicode normalisation form C.",
)
EXTRA_SPACE = CHAPTER.warning(
    "extra-space",
    "A text has superfluous space",
    "There is space before or after the text, or more than one space between two words.",
    "Leave one space between words and none around the text.",
)
LONG_LABEL = CHAPTER.warning(
    "label-too-long",
    f"A preferred label has more than {LONGEST_LABEL} characters",
    "Labels are shown in lists, menus and tables; what explains belongs into the definition.",
    f"Shorten the label to {LONGEST_LABEL} characters, and move the rest into the definition.",
)
SHORT_DEFINITION = CHAPTER.warning(
    "definition-too-short",
    f"A definition has fewer than {SHORTEST_DEFINITION} characters",
    "So short a definition rarely says more than the label. Chinese, Japanese and Korean are not judged.",
    "Say in a sentence what it is and what sets it apart.",
)
LONG_DEFINITION = CHAPTER.warning(
    "definition-too-long",
    f"A definition has more than {LONGEST_DEFINITION} characters",
    "A definition is one or two sentences; more belongs into the scope note or the example.",
    "Move explanations into the scope note, and instances into the example.",
)

_BY_LANGUAGE = ("definition", "scope_note", "example")
#: Written with a character for a syllable or a word: there 60 characters are a paragraph.
_DENSE = ("ja", "ko", "zh", "yue")
_SPACES = re.compile(r"\s\s")

Place = tuple[str | int, ...]


def texts_of(concept: Concept) -> Iterator[tuple[Place, str, str]]:
    """Every text of the concept as (place, language tag or "", text); optional ones only when they are there."""
    for tag, labels in concept.labels.items():
        yield ("labels", tag, "preferred"), tag, labels.preferred
        for number, text in enumerate(labels.alternative):
            yield ("labels", tag, "alternative", number), tag, text
        for number, text in enumerate(labels.hidden):
            yield ("labels", tag, "hidden", number), tag, text
    for name in _BY_LANGUAGE:
        for tag, text in getattr(concept, name).items():
            yield (name, tag), tag, text
    if concept.attributes:
        yield from _attribute_texts(concept.attributes)
    yield from _other_texts(concept)


def _other_texts(concept: Concept) -> Iterator[tuple[Place, str, str]]:
    for number, alignment in enumerate(concept.alignments):
        yield ("alignments", number, "scheme"), "", alignment.scheme
        for name in ("label", "note"):
            if text := getattr(alignment, name):
                yield ("alignments", number, name), "", text
    for number, source in enumerate(concept.sources):
        yield ("sources", number, "title"), "", source.title
        if source.publisher:
            yield ("sources", number, "publisher"), "", source.publisher
    for number, code in enumerate(concept.former_codes):
        yield ("former_codes", number), "", code
    if concept.retirement is not None:
        yield ("retirement", "reason"), "", concept.retirement.reason


def _attribute_texts(attributes: Any) -> Iterator[tuple[Place, str, str]]:
    """Every text inside the attributes, which may hold any JSON while a draft is broken."""
    waiting: list[tuple[Place, Any]] = [(("attributes",), attributes)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            yield place, "", value
        elif isinstance(value, dict):
            waiting.extend(((*place, key), inner) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            waiting.extend(((*place, number), inner) for number, inner in enumerate(value))


def _are_plainly_fine(texts: list[str]) -> bool:
    """Whether all texts are certainly without fault, decided by a few fast calls; the exact look is for the others.

    They are looked at as the lines of one text: a line break too many, an empty line or superfluous space shows when
    it is split into words and put together again.
    """
    lines = "\n".join(texts)
    if lines.count("\n") != len(texts) - 1 or " ".join(lines.split()) != lines.replace("\n", " "):
        return False
    if not unicodedata.is_normalized("NFC", lines):
        return False
    try:
        lines.encode("latin-1")
    except UnicodeEncodeError:
        return fault_of(lines, multiline=True) is None
    return lines.replace("\n", "").isprintable()  # of these characters it lets none through that is refused


def _faults(concept: Concept, place: Place, language: str, text: str) -> Iterator[Finding]:
    if not text.strip():
        yield found(EMPTY, concept, "the text is empty.", place, language=language)
        return
    if fault := fault_of(text):
        yield found(UNPRINTABLE, concept, fault, place, language=language)
    elif not unicodedata.is_normalized("NFC", text):
        yield found(NOT_NFC, concept, f'"{printable(text)}" is not in NFC.', place, language=language)
    if text != text.strip() or _SPACES.search(text):
        yield found(EXTRA_SPACE, concept, f'"{printable(text)}" has superfluous space.', place, language=language)


def _lengths(concept: Concept) -> Iterator[Finding]:
    for tag, labels in concept.labels.items():
        if (length := len(labels.preferred)) > LONGEST_LABEL:
            place = ("labels", tag, "preferred")
            yield found(LONG_LABEL, concept, f"the label has {length} characters.", place, language=tag)
    for tag, text in concept.definition.items():
        length, at = len(text), ("definition", tag)
        if length > LONGEST_DEFINITION:
            yield found(LONG_DEFINITION, concept, f"the definition has {length} characters.", at, language=tag)
        elif length < SHORTEST_DEFINITION and text.strip() and tag.partition("-")[0] not in _DENSE:
            yield found(SHORT_DEFINITION, concept, f"the definition has {length} characters.", at, language=tag)


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        entries = list(texts_of(concept))
        if not _are_plainly_fine([text for _, _, text in entries]):
            for place, language, text in entries:
                yield from _faults(concept, place, language, text)
        yield from _lengths(concept)
