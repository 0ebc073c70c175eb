"""Hypothesis strategies of concepts and taxonomies, for the laws that every module states about them.

``concepts`` and ``taxonomies`` are lawful in shape: canonical, kinds and attributes by the table of kinds, relations
between permitted kinds; what takes judgement (missing sources, short definitions) may break a rule of quality.
``taxonomy_pairs`` adds a second state made by random edits of the first. Content that breaks everything else is in
``tests/strategies_broken.py``. Strategies without arguments are cached: building one costs more than drawing from it.
"""

from __future__ import annotations

import datetime as dt
import string
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from competency_api.core.text import fault_of
from competency_api.taxonomy.concept import (
    Alignment,
    Concept,
    Labels,
    Relation,
    Retirement,
    Source,
    Successor,
    normalised,
)
from competency_api.taxonomy.kinds import KINDS, LEVELS, RELATIONS, Attribute, RelationType, Shape
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_uuid

LANGUAGES = ("en", "es", "de", "el", "pt-BR", "zh-Hant")

_PRINTABLE = st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _is_clean(text: str) -> bool:
    return bool(text) and fault_of(text) is None


@cache
def texts(max_size: int = 12) -> st.SearchStrategy[str]:
    """Plain texts in NFC, printable, neither empty nor with space around: any script, quotes, commas, formula signs."""
    free = st.text(_PRINTABLE, min_size=1, max_size=max_size).map(_nfc).filter(_is_clean)
    return st.one_of(st.sampled_from(["Data protection", "=1+1", '"quoted", and; more', "c++", "−Ω̈"]).map(_nfc), free)


def _subset(values: Sequence[Any], min_size: int = 0) -> st.SearchStrategy[list[Any]]:
    """Some of the values, in the order given."""
    return st.sets(st.sampled_from(values), min_size=min_size).map(lambda s: [v for v in values if v in s])


@cache
def multilingual(min_size: int = 0, english: bool = False) -> st.SearchStrategy[dict[str, str]]:
    """A text by language tag."""
    chosen = st.dictionaries(st.sampled_from(LANGUAGES), texts(), min_size=min_size, max_size=3)
    return st.builds(lambda text, more: {"en": text} | more, texts(), chosen) if english else chosen


@cache
def dates() -> st.SearchStrategy[str]:
    return st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)).map(dt.date.isoformat)


@cache
def codes(kind: str) -> st.SearchStrategy[str]:
    return st.integers(0, 99_999_999).map(lambda number: f"{KINDS[kind].letter}{number:03}")


@cache
def labels() -> st.SearchStrategy[Labels]:
    some = st.lists(texts(), max_size=2).map(tuple)
    return st.builds(Labels, preferred=texts(), alternative=some, hidden=some)


@cache
def alignments() -> st.SearchStrategy[Alignment]:
    return st.builds(
        Alignment,
        match=st.sampled_from(["exact", "close", "broad", "narrow", "related"]),
        uri=st.integers(1, 9).map("http://data.europa.eu/esco/skill/{}".format),
        scheme=st.sampled_from(["ESCO", "DPV", "CPV"]),
        label=st.one_of(st.just(""), texts()),
        note=st.one_of(st.just(""), texts()),
    )


@cache
def sources() -> st.SearchStrategy[Source]:
    return st.builds(
        Source,
        title=texts(),
        publisher=st.one_of(st.just(""), texts()),
        year=st.one_of(st.none(), st.integers(1950, 2026)),
        url=st.sampled_from(["", "https://example.org/report"]),
    )


def retirements(successors: Sequence[str] = ()) -> st.SearchStrategy[Retirement]:
    """A retirement whose successors, if any, are among the codes given."""
    match = st.sampled_from(["equivalent", "narrower", "broader", "not-equivalent"])
    successor = st.builds(Successor, code=st.sampled_from(successors or ["C001"]), match=match)
    return st.builds(
        lambda days, **fields: Retirement(on=min(days), transition_until=max(days) if len(days) == 2 else "", **fields),
        days=st.lists(dates(), min_size=1, max_size=2),
        reason=texts(),
        successors=st.lists(successor, max_size=3 if successors else 0, unique_by=lambda s: s.code).map(tuple),
        combine=st.sampled_from(["any", "all"]),
    )


@cache
def attribute_values(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Values that the shape of the attribute permits, never empty."""
    term = st.text(string.ascii_lowercase, min_size=1, max_size=5)
    reference = st.fixed_dictionaries(
        {"act": texts()}, optional={"article": texts(), "uri": st.just("http://data.europa.eu/eli/reg/2016/679/oj")}
    )
    match attribute.shape:
        case Shape.CHOICE:
            return st.sampled_from(attribute.values)
        case Shape.CHOICES:
            return _subset(attribute.values, min_size=1)
        case Shape.TERMS:
            return st.lists(term, min_size=1, max_size=3, unique=True).map(sorted)
        case Shape.TEXT:
            return multilingual(english=True)
        case Shape.LEVELS:
            return st.fixed_dictionaries({str(level): multilingual(english=True) for level in LEVELS})
        case Shape.REFERENCES:
            return st.lists(reference, min_size=1, max_size=2)


@cache
def attributes(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    by_name = {a.name: attribute_values(a) for a in KINDS[kind].attributes}
    required = {a.name: by_name[a.name] for a in KINDS[kind].attributes if a.required}
    return st.fixed_dictionaries(required, optional={n: v for n, v in by_name.items() if n not in required})


@cache
def _bare_concepts(kind: str) -> st.SearchStrategy[Concept]:
    """Concepts in canonical shape without links to other concepts, under a code that is to be replaced."""

    def build(**fields: Any) -> Concept:
        states = {tag: state for tag, state in fields.pop("states").items() if tag in fields["labels"]}
        return normalised(Concept(code="", uuid="", kind=kind, translations=states, **fields))

    states = st.sampled_from(["draft", "reviewed"])
    return st.builds(
        build,
        labels=st.builds(
            lambda english, more: {"en": english} | more,
            labels(),
            st.dictionaries(st.sampled_from(LANGUAGES), labels(), max_size=2),
        ),
        definition=multilingual(english=True),
        scope_note=multilingual(),
        example=multilingual(),
        states=st.dictionaries(st.sampled_from(LANGUAGES[1:]), states, max_size=3),
        attributes=attributes(kind),
        alignments=st.lists(alignments(), max_size=2, unique_by=lambda a: a.uri).map(tuple),
        sources=st.lists(sources(), max_size=2).map(tuple),
        meaning=st.integers(1, 4),
    )


def _is_target(relation: RelationType, source: Concept, target: str, cyclic: bool) -> bool:
    """Whether the table of kinds permits the link; ``cyclic`` False also fixes its direction by code."""
    kind = next(k.name for k in KINDS.values() if k.letter == target[0])
    if relation.sources and source.kind not in relation.sources:
        return False
    if (relation.targets and kind not in relation.targets) or (relation.same_kind and kind != source.kind):
        return False
    return target != source.code and (cyclic or target < source.code or not (relation.acyclic or relation.symmetric))


@st.composite
def _linked(draw: st.DrawFn, bare: Concept, code: str, known: Sequence[str], cyclic: bool) -> Concept:
    """The concept under its code, with random relations and successors among the ``known`` codes."""
    concept = msgspec.structs.replace(bare, code=code, uuid=a_uuid(code))
    relations: dict[str, tuple[Relation, ...]] = {}
    for relation in RELATIONS.values():
        if targets := [target for target in known if _is_target(relation, concept, target, cyclic)]:
            chosen = draw(st.sets(st.sampled_from(targets), max_size=2))
            level = st.integers(1, 4) if relation.has_level else st.none()
            relations[relation.name] = tuple(Relation(code=target, level=draw(level)) for target in sorted(chosen))
    others = [other for other in known if other[0] == code[0] and other != code]
    former = {draw(codes(concept.kind))} - {*known, code} if draw(st.integers(0, 3)) == 3 else ()
    retired = draw(st.one_of(st.none(), st.none(), retirements(others)))
    fields = {"relations": relations, "former_codes": tuple(former), "retirement": retired}
    return normalised(msgspec.structs.replace(concept, **fields))


@st.composite
def concepts(draw: st.DrawFn, kind: str | None = None, code: str | None = None, known: Sequence[str] = ()) -> Concept:
    """One concept of any kind (or the given one); linked only to the codes in ``known``."""
    kind = kind or draw(st.sampled_from(sorted(KINDS)))
    return draw(_linked(draw(_bare_concepts(kind)), code or draw(codes(kind)), known, cyclic=True))


@st.composite
def taxonomies(
    draw: st.DrawFn, min_size: int = 0, max_size: int = 6, dangling: bool = False, cyclic: bool = False
) -> Taxonomy:
    """A state of lawful shape; ``dangling`` lets links point at codes that do not exist, ``cyclic`` in circles."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=min_size, max_size=max_size))
    named = [(kind, f"{KINDS[kind].letter}{number:03}") for number, kind in enumerate(kinds, start=1)]
    known = [code for _, code in named]
    if dangling:
        known += draw(st.lists(st.sampled_from(sorted(KINDS)).flatmap(codes), min_size=1, max_size=2, unique=True))
    return Taxonomy([draw(_linked(draw(_bare_concepts(kind)), code, known, cyclic)) for kind, code in named])


_EDITABLE = tuple(name for name in Concept.__struct_fields__ if name not in ("code", "uuid", "kind"))


@st.composite
def edits_of(draw: st.DrawFn, concept: Concept, known: Sequence[str] = ()) -> Concept:
    """The same concept with some fields as another of its kind and code has them; maps may keep some of their keys."""
    other = draw(concepts(concept.kind, concept.code, known))
    fields: dict[str, Any] = {}
    for name in draw(st.sets(st.sampled_from(_EDITABLE), min_size=1, max_size=4)):
        old, new = getattr(concept, name), getattr(other, name)
        keep = isinstance(old, dict) and draw(st.booleans())
        fields[name] = {**old, **new} if keep else new
    return normalised(msgspec.structs.replace(concept, **fields))


@st.composite
def edited_taxonomies(draw: st.DrawFn, taxonomy: Taxonomy, removals: bool = True) -> Taxonomy:
    """The state after random edits: concepts edited, retired, restored, added and, unless refused, left out."""
    known = list(taxonomy.concepts)
    fates = ["keep", "keep", "edit", "edit"] + (["remove"] if removals else [])
    result: list[Concept] = []
    for concept in taxonomy:
        fate = draw(st.sampled_from(fates))
        if fate != "remove":
            result.append(concept if fate == "keep" else draw(edits_of(concept, known)))
    for number, kind in enumerate(draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=2)), start=500):
        result.append(draw(concepts(kind, f"{KINDS[kind].letter}{number}", known)))
    return Taxonomy(result)


@st.composite
def taxonomy_pairs(
    draw: st.DrawFn, min_size: int = 0, max_size: int = 5, removals: bool = True
) -> tuple[Taxonomy, Taxonomy]:
    """A state and one made from it by random edits, as two versions of one taxonomy are."""
    first = draw(taxonomies(min_size=min_size, max_size=max_size))
    return first, draw(edited_taxonomies(first, removals))
