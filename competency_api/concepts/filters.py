"""Which concepts of a version are meant: one table from the parameter's name to what it takes and how it selects.

The filters of attributes and relations follow from the tables of :mod:`competency_api.taxonomy.kinds`; a new attribute
of a kind is a new filter. Several values of one filter are alternatives, several filters must all hold.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.nearest import did_you_mean, hint_of_codes
from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import CODE_PATTERN, KINDS, LEVELS, RELATIONS, Attribute, Shape
from competency_api.taxonomy.speaking import OneLanguage
from competency_api.taxonomy.taxonomy import Taxonomy

Values = Sequence[str]
Test = Callable[[Concept], bool]


class Takes(StrEnum):
    """What the values of a filter are."""

    CHOICE = "choice"  # words that the code knows
    TERM = "term"  # words that the version's concepts use
    CODE = "code"  # codes of concepts in the version
    CODES = "codes"  # codes that may also be absent from the version
    LANGUAGE = "language"
    TEXT = "text"  # one text; commas belong to it


@dataclass(frozen=True)
class Filter:
    """``kinds`` are those that the codes must have (empty: any); ``attributes`` those whose terms count."""

    name: str
    takes: Takes
    meaning: str
    make: Callable[[Taxonomy, Values, Mapping[str, Values]], Test]
    choices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    attribute: str = ""


def folded(text: str) -> str:
    """Without case and accents, for comparison."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


# -- by fields and attributes ------------------------------------------------------------------------------------------


def _by_field(field: str) -> Callable[[Taxonomy, Values, Mapping[str, Values]], Test]:
    def make(_taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
        wanted = frozenset(values)
        return lambda concept: getattr(concept, field) in wanted

    return make


def _by_attribute(name: str) -> Callable[[Taxonomy, Values, Mapping[str, Values]], Test]:
    def make(_taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
        wanted = set(values)

        def test(concept: Concept) -> bool:
            value = concept.attributes.get(name, ())
            return value in wanted if isinstance(value, str) else not wanted.isdisjoint(value)

        return test

    return make


def _by_reference(_taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
    wanted = folded(values[0])
    return lambda concept: any(
        wanted in folded(f"{entry.get('act', '')} {entry.get('article', '')}") or entry.get("uri") == values[0]
        for entry in concept.attributes.get("legal_references", ())
    )


def _by_alignment(taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
    codes = set(taxonomy.by_alignment.get(values[0], ()))
    return lambda concept: concept.code in codes


def _by_language(_taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
    return lambda concept: any(tag in concept.labels for tag in values)


def _by_label(_taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
    wanted = folded(values[0])
    return lambda concept: any(
        wanted in folded(text)
        for labels in concept.labels.values()
        for text in (labels.preferred, *labels.alternative, *labels.hidden)
    )


def _attribute_filter(attribute: Attribute) -> Filter | None:
    """A list-valued attribute is asked for by its singular; texts and level descriptors are for searching."""
    if attribute.shape is Shape.REFERENCES:
        meaning = f"part of the act or its address, in {attribute.meaning}"
        return Filter("legal_reference", Takes.TEXT, meaning, _by_reference, attribute=attribute.name)
    if attribute.shape is Shape.CHOICE or attribute.shape is Shape.CHOICES:
        name = attribute.name if attribute.shape is Shape.CHOICE else attribute.name.removesuffix("s")
        make = _by_attribute(attribute.name)
        return Filter(name, Takes.CHOICE, attribute.meaning, make, attribute.values, attribute=attribute.name)
    if attribute.shape is Shape.TERMS:
        name = attribute.name.removesuffix("s")
        return Filter(name, Takes.TERM, attribute.meaning, _by_attribute(attribute.name), attribute=attribute.name)
    return None


# -- by relations ------------------------------------------------------------------------------------------------------


def _linked(relation: str) -> Callable[[Taxonomy, Values, Mapping[str, Values]], Test]:
    def make(taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
        wanted = set(values)
        return lambda concept: not wanted.isdisjoint(taxonomy.linked(concept.code, relation))

    return make


def _targets(relation: str) -> Callable[[Taxonomy, Values, Mapping[str, Values]], Test]:
    """Concepts that the given ones point at; ``level`` narrows links that carry one."""

    def make(taxonomy: Taxonomy, values: Values, asked: Mapping[str, Values]) -> Test:
        levels = {int(level) for level in asked.get("level", ())} if RELATIONS[relation].has_level else set()
        links = [link for code in values for link in taxonomy[code].relations.get(relation, ())]
        codes = {link.code for link in links if not levels or link.level in levels}
        return lambda concept: concept.code in codes

    return make


def _below(taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
    codes = {below for code in values for below in taxonomy.below(code)}
    return lambda concept: concept.code in codes


def _in_discipline(taxonomy: Taxonomy, values: Values, _asked: Mapping[str, Values]) -> Test:
    disciplines = {*values, *(below for code in values for below in taxonomy.below(code))}
    return lambda concept: not disciplines.isdisjoint(concept.targets("part_of"))


def _everything(_taxonomy: Taxonomy, _values: Values, _asked: Mapping[str, Values]) -> Test:
    return lambda _concept: True


def _relation_filters() -> Iterable[Filter]:
    yield Filter("broader", Takes.CODE, "directly below one of these concepts", _linked("broader"))
    yield Filter("below", Takes.CODE, "below one of these concepts, however deep", _below)
    yield Filter("narrower", Takes.CODE, "directly above one of these concepts", _targets("broader"))
    meaning = "part of one of these disciplines, or of one below them"
    yield Filter("discipline", Takes.CODE, meaning, _in_discipline, kinds=("discipline",))
    for relation in RELATIONS.values():
        if relation.name in ("broader", "part_of"):
            continue
        meaning = f"{relation.meaning}: one of these concepts"
        yield Filter(relation.name, Takes.CODE, meaning, _linked(relation.name), kinds=relation.targets)
        if not relation.symmetric:
            meaning = f"what one of these concepts {relation.name}"
            yield Filter(relation.inverse, Takes.CODE, meaning, _targets(relation.name), kinds=relation.sources)
    levels = tuple(str(level) for level in LEVELS)
    yield Filter("level", Takes.CHOICE, "together with `expected_by`: expected at this level", _everything, levels)


# -- the table ---------------------------------------------------------------------------------------------------------


def _table() -> Mapping[str, Filter]:
    found: dict[str, Filter] = {}
    kinds = tuple(KINDS)
    rows = [
        Filter("kind", Takes.CHOICE, "kind of the concept", _by_field("kind"), kinds),
        Filter("status", Takes.CHOICE, "by default `active`, with `codes` both", _by_field("status"), STATUSES),
        Filter("codes", Takes.CODES, "exactly these concepts", _by_field("code")),
        Filter("language", Takes.LANGUAGE, "has a preferred label in one of these languages", _by_language),
        Filter("q", Takes.TEXT, "part of a label in any language, whatever its case and accents", _by_label),
        Filter("alignment", Takes.TEXT, "aligned with the concept of another scheme that has this URI", _by_alignment),
        *_relation_filters(),
        *(row for kind in KINDS.values() for attribute in kind.attributes if (row := _attribute_filter(attribute))),
    ]
    for row in rows:
        known = found.setdefault(row.name, row)
        if (known.takes, known.attribute, known.choices) != (row.takes, row.attribute, row.choices):
            raise ValueError(f"two different filters have the name {row.name}")
    return MappingProxyType(found)


STATUSES = ("active", "retired")
FILTERS: Mapping[str, Filter] = _table()


# -- choosing ----------------------------------------------------------------------------------------------------------


def _terms(taxonomy: Taxonomy, attribute: str) -> set[str]:
    return {term for concept in taxonomy for term in concept.attributes.get(attribute, ())}


def _fault_of_code(code: str, row: Filter, taxonomy: Taxonomy) -> str | None:
    shown = printable(code)
    if row.takes is Takes.CODES:
        well_formed = CODE_PATTERN.fullmatch(code)
        return None if well_formed else f'"{shown}" is not a code; a code is a letter and digits, like C017.'
    concept = taxonomy.get(code)
    if concept is None:
        known = [other for kind in row.kinds or KINDS for other in taxonomy.kinds.get(kind, ())]
        return f'There is no concept "{shown}" in this version.{hint_of_codes(code, known)}'
    if row.kinds and concept.kind not in row.kinds:
        return f"{shown} is a {concept.kind}; this takes codes of: {', '.join(row.kinds)}."
    return None


def _fault_of(value: str, row: Filter, taxonomy: Taxonomy) -> str | None:
    """Why the value cannot be meant in this version; None when it can."""
    if row.takes in (Takes.CODE, Takes.CODES):
        return _fault_of_code(value, row, taxonomy)
    known: Iterable[str] | None = row.choices if row.takes is Takes.CHOICE else None
    if row.takes is Takes.TERM:
        known = _terms(taxonomy, row.attribute)
    if known is None or value in known:
        return None
    return f'"{printable(value)}" is not known here.{did_you_mean(value, known)}'


def _checked(taxonomy: Taxonomy, asked: Mapping[str, Values]) -> None:
    errors = [
        FieldError(fault, parameter=name)
        for name, values in asked.items()
        for value in values
        if (fault := _fault_of(value, FILTERS[name], taxonomy))
    ]
    if "level" in asked and "expected_by" not in asked:
        errors.append(FieldError("It needs `expected_by`, the profile that expects it.", parameter="level"))
    if errors:
        raise InvalidInput(errors)


def select(taxonomy: Taxonomy, asked: Mapping[str, Values]) -> list[Concept]:
    """The concepts for which every filter in ``asked`` (values by name) holds, sorted by code.

    Raises InvalidInput for values that cannot be meant, naming the nearest that can.
    """
    _checked(taxonomy, asked)
    wanted = dict(asked)
    if "codes" not in wanted:
        wanted.setdefault("status", STATUSES[:1])
    tests = [FILTERS[name].make(taxonomy, values, wanted) for name, values in wanted.items()]
    return [concept for concept in taxonomy if all(test(concept) for test in tests)]


def missing(taxonomy: Taxonomy, asked: Mapping[str, Values]) -> list[str]:
    """The asked ``codes`` that the version does not contain, in the order asked."""
    return [code for code in asked.get("codes", ()) if code not in taxonomy]


def label_key(speaker: OneLanguage) -> Callable[[Concept], tuple[str, str]]:
    """Sorts by the preferred label in the speaker's language; the code makes the order whole."""

    def key(concept: Concept) -> tuple[str, str]:
        choice = speaker.choice(concept.labels)
        return folded(concept.labels[choice.tag].preferred) if choice else "", concept.code

    return key
