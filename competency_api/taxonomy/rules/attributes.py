"""Attributes: by the table of kinds, one checker for each shape. Takes any JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.kinds import KINDS, LEVELS, Attribute, Shape
from competency_api.taxonomy.rules.finding import Chapter, Finding, found
from competency_api.taxonomy.rules.references import is_web_address, malformed_uri
from competency_api.taxonomy.taxonomy import Taxonomy

CHAPTER = Chapter("Attributes")

UNKNOWN = CHAPTER.error(
    "unknown-attribute",
    "The kind has no such attribute",
    "Each kind has its own attributes, listed in the table of kinds.",
    "Correct the name, or remove the attribute.",
)
MISSING = CHAPTER.error(
    "missing-attribute",
    "A required attribute is missing",
    "Active concepts of some kinds must state certain attributes, as the table of kinds says.",
    "Add the attribute.",
)
WRONG_SHAPE = CHAPTER.error(
    "wrong-attribute-shape",
    "The value of an attribute has the wrong shape",
    "One value, a list, texts by language, or texts by level and language: the table of kinds says which.",
    "Write it as the finding says.",
)
UNKNOWN_VALUE = CHAPTER.error(
    "unknown-attribute-value",
    "The attribute has no such value",
    "The values of this attribute are fixed by the table of kinds.",
    "Use one of the known values.",
)
REPEATED = CHAPTER.error(
    "repeated-attribute-value",
    "A value is given twice in a list",
    "A value is in the list or it is not.",
    "Keep one of them.",
)
UNORDERED = CHAPTER.warning(
    "unordered-attribute-values",
    "The values of a list are not in order",
    "Known values stand in the order of the table of kinds, free terms in alphabetical order, so that equal content "
    "has equal digests.",
    "Put them in order.",
)
MALFORMED_TERM = CHAPTER.error(
    "malformed-term",
    "A term is not well formed",
    "Terms are lower-case words of letters and digits joined by hyphens: `connected-vehicles`.",
    "Write it in lower case with hyphens.",
)
MISSING_LEVELS = CHAPTER.error(
    "incomplete-levels",
    "Some levels have no descriptor",
    "A competency describes all four levels or none.",
    "Describe the missing levels.",
)
NO_ENGLISH = CHAPTER.error(
    "attribute-without-english",
    "A text of an attribute is missing in English",
    "English is the reference language, also for questions and level descriptors.",
    "Add the English text.",
)
MALFORMED_REFERENCE = CHAPTER.error(
    "malformed-legal-reference",
    "A legal reference is not well formed",
    'A legal reference is `{"act": "…", "article": "…", "uri": "…"}`; the act must be there, the others may be absent.',
    "Name the act, and the article and address where they are known.",
)

_TERM = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_REFERENCE_FIELDS = ("act", "article", "uri")


def _wrong_shape(concept: Concept, place: tuple[str | int, ...], right: str) -> Finding:
    return found(WRONG_SHAPE, concept, f"it must be {right}.", place)


def _unknown_value(concept: Concept, attribute: Attribute, value: str, place: tuple[str | int, ...]) -> Finding:
    sentence = f'"{printable(value)}" is not a value of "{attribute.name}".{did_you_mean(value, attribute.values)}'
    return found(UNKNOWN_VALUE, concept, sentence, place, remedy=f"Use one of: {', '.join(attribute.values)}.")


def _choice(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    place = ("attributes", attribute.name)
    if not isinstance(value, str):
        yield _wrong_shape(concept, place, f"one of {', '.join(attribute.values)}")
    elif value not in attribute.values:
        yield _unknown_value(concept, attribute, value, place)


def _strings(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    """What holds for every list of words."""
    place = ("attributes", attribute.name)
    if not isinstance(value, list | tuple):
        yield _wrong_shape(concept, place, "a list")
        return
    seen: set[str] = set()
    for number, item in enumerate(value):
        if not isinstance(item, str):
            yield _wrong_shape(concept, (*place, number), "a text")
        elif item in seen:
            yield found(REPEATED, concept, f'"{printable(item)}" is given twice.', (*place, number))
        else:
            seen.add(item)


def _words(value: Any) -> list[tuple[int, str]]:
    """The texts of a list with their places; of anything else, none."""
    return [(n, x) for n, x in enumerate(value) if isinstance(x, str)] if isinstance(value, list | tuple) else []


def _unordered(concept: Concept, attribute: Attribute, is_ordered: bool) -> Iterator[Finding]:
    if not is_ordered:
        yield found(UNORDERED, concept, "the values are not in order.", ("attributes", attribute.name))


def _choices(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    yield from _strings(concept, attribute, value)
    words = _words(value)
    for number, word in words:
        if word not in attribute.values:
            yield _unknown_value(concept, attribute, word, ("attributes", attribute.name, number))
    places = [attribute.values.index(word) for _, word in words if word in attribute.values]
    yield from _unordered(concept, attribute, places == sorted(places))


def _terms(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    yield from _strings(concept, attribute, value)
    words = _words(value)
    for number, word in words:
        if not _TERM.fullmatch(word):
            place = ("attributes", attribute.name, number)
            yield found(MALFORMED_TERM, concept, f'"{printable(word)}" is not a term.', place)
    terms = [word for _, word in words]
    yield from _unordered(concept, attribute, terms == sorted(terms))


def _by_language(concept: Concept, place: tuple[str | int, ...], value: Any) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _wrong_shape(concept, place, 'texts by language, as in {"en": "…"}')
        return
    for tag, text in value.items():
        if not isinstance(text, str):
            yield _wrong_shape(concept, (*place, tag), "a text")
    if REFERENCE_LANGUAGE not in value and concept.retirement is None:
        yield found(NO_ENGLISH, concept, "the English text is missing.", place, language=REFERENCE_LANGUAGE)


def _text(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    yield from _by_language(concept, ("attributes", attribute.name), value)


def _levels(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    place = ("attributes", attribute.name)
    if not isinstance(value, dict):
        yield _wrong_shape(concept, place, 'texts by level and language, as in {"1": {"en": "…"}, …}')
        return
    known = [str(level) for level in LEVELS]
    for key, texts in value.items():
        if key in known:
            yield from _by_language(concept, (*place, key), texts)
        else:
            yield _wrong_shape(concept, (*place, key), f"one of the levels {', '.join(known)}")
    missing = [key for key in known if key not in value]
    if missing and concept.retirement is None:
        yield found(MISSING_LEVELS, concept, f"there is no descriptor for level {', '.join(missing)}.", place)


def _references(concept: Concept, attribute: Attribute, value: Any) -> Iterator[Finding]:
    place = ("attributes", attribute.name)
    if not isinstance(value, list | tuple):
        yield _wrong_shape(concept, place, "a list of legal references")
        return
    for number, reference in enumerate(value):
        at = (*place, number)
        if not isinstance(reference, dict):
            yield found(MALFORMED_REFERENCE, concept, "it must be an object with an act.", at)
            continue
        for name, part in reference.items():
            if name not in _REFERENCE_FIELDS:
                sentence = f'there is no field "{printable(name)}".{did_you_mean(name, _REFERENCE_FIELDS)}'
                yield found(MALFORMED_REFERENCE, concept, sentence, (*at, name))
            elif not isinstance(part, str):
                yield found(MALFORMED_REFERENCE, concept, "it must be a text.", (*at, name))
            elif name == "uri" and not is_web_address(part):
                yield malformed_uri(concept, part, (*at, name))
        if "act" not in reference:
            yield found(MALFORMED_REFERENCE, concept, "the act is missing.", at)


_Checker = Callable[[Concept, Attribute, Any], Iterator[Finding]]
_CHECKERS: Mapping[Shape, _Checker] = MappingProxyType(
    {
        Shape.CHOICE: _choice,
        Shape.CHOICES: _choices,
        Shape.TERMS: _terms,
        Shape.TEXT: _text,
        Shape.LEVELS: _levels,
        Shape.REFERENCES: _references,
    }
)


def check(taxonomy: Taxonomy) -> Iterator[Finding]:
    for concept in taxonomy:
        kind = KINDS.get(concept.kind)
        if kind is None:
            continue
        for name, value in concept.attributes.items():
            attribute = kind.attribute(name)
            if attribute is None:
                known = [a.name for a in kind.attributes]
                sentence = f'a {kind.name} has no attribute "{printable(name)}".{did_you_mean(name, known)}'
                yield found(UNKNOWN, concept, sentence, ("attributes", name))
            else:
                yield from _CHECKERS[attribute.shape](concept, attribute, value)
        for attribute in kind.attributes:
            if attribute.required and concept.retirement is None and attribute.name not in concept.attributes:
                sentence = f'"{attribute.name}" is missing: {attribute.meaning}.'
                values = f"Add one of: {', '.join(attribute.values)}." if attribute.values else ""
                yield found(MISSING, concept, sentence, ("attributes",), remedy=values)
