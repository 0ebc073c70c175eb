"""Hypothesis strategies of content that breaks the rules in every way that the types still allow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from competency_api.taxonomy.concept import Alignment, Concept, Labels, Relation, Retirement, Source, Successor
from competency_api.taxonomy.kinds import KINDS, RELATIONS
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_uuid
from tests.strategies import LANGUAGES

_ATTRIBUTE_NAMES = sorted({a.name for kind in KINDS.values() for a in kind.attributes})


@cache
def json_values() -> st.SearchStrategy[Any]:
    """Anything that JSON can hold."""
    leaf = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5))
    return st.recursive(leaf, lambda x: st.one_of(st.lists(x, max_size=3), st.dictionaries(st.text(max_size=3), x)))


def _rough(sensible: Sequence[str]) -> st.SearchStrategy[str]:
    """Now and then a sensible text, else any."""
    return st.one_of(st.sampled_from(sensible), st.text(max_size=6))


@cache
def broken_concepts() -> st.SearchStrategy[Concept]:
    """A concept of the right types only: any text anywhere, any attribute, relation, number, or code."""
    code = _rough(["C001", "C002", "D001", "R001", "X001"])
    tag = _rough([*LANGUAGES, "EN", "x-private", "not a tag"])
    by_tag = st.dictionaries(tag, st.text(max_size=5), max_size=2)
    many = st.lists(st.text(max_size=4), max_size=2).map(tuple)
    label = st.builds(Labels, preferred=st.text(max_size=5), alternative=many, hidden=many)
    relation = st.builds(Relation, code=code, level=st.one_of(st.none(), st.integers()))
    successor = st.builds(Successor, code=code, match=st.sampled_from(["equivalent", "narrower"]))
    retirement = st.builds(
        Retirement,
        reason=st.text(max_size=4),
        on=_rough(["2026-01-01", "2026-W01-1", "20260101"]),
        transition_until=_rough(["", "2025-01-01"]),
        successors=st.lists(successor, max_size=2).map(tuple),
        combine=st.sampled_from(["any", "all"]),
    )
    fields = st.fixed_dictionaries(
        {"code": code, "uuid": _rough([a_uuid("C001")]), "kind": _rough(sorted(KINDS))}
        | {"labels": st.dictionaries(tag, label, max_size=2)},
        optional={
            "definition": by_tag,
            "scope_note": by_tag,
            "translations": st.dictionaries(tag, st.sampled_from(["draft", "reviewed"]), max_size=2),
            "relations": st.dictionaries(
                _rough(sorted(RELATIONS)), st.lists(relation, max_size=2).map(tuple), max_size=2
            ),
            "alignments": st.lists(st.builds(Alignment, uri=_rough(["http://[", "http://a.eu:x/"])), max_size=2).map(
                tuple
            ),
            "attributes": st.dictionaries(
                st.one_of(st.sampled_from(_ATTRIBUTE_NAMES), st.text(max_size=4)), json_values(), max_size=3
            ),
            "sources": st.lists(st.builds(Source, year=st.one_of(st.none(), st.integers())), max_size=1).map(tuple),
            "former_codes": st.lists(code, max_size=2).map(tuple),
            "meaning": st.integers(),
            "retirement": st.one_of(st.none(), retirement),
        },
    )
    return fields.map(lambda given: Concept(**given))


@cache
def broken_taxonomies(max_size: int = 4) -> st.SearchStrategy[Taxonomy]:
    """Whatever a draft could come to hold: any concepts, as long as no code occurs twice."""
    return st.lists(broken_concepts(), max_size=max_size, unique_by=lambda c: c.code).map(Taxonomy)
