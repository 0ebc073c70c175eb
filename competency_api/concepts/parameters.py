"""What is asked about concepts: the parameters of queries, those of filters as the table of filters has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competency_api.concepts.filters import FILTERS, Filter, Takes, Values
from competency_api.concepts.presentation import EXPANDABLE
from competency_api.core.http import FieldsQuerySchema, LanguageQuerySchema, QuerySchema, WholePageQuerySchema
from competency_api.core.http.fields import Choice, CommaList, Integer, Language, SafeString
from competency_api.taxonomy.kinds import KINDS

MOST_CODES = 500
DEEPEST = 50


def _parameter(row: Filter) -> Any:
    about: dict[str, Any] = {"metadata": {"description": _sentence(row)}}
    if row.takes is Takes.TEXT:
        return SafeString(least=1, most=500, **about)
    if row.takes is Takes.CHOICE:
        return CommaList(Choice(row.choices), **about)
    if row.takes is Takes.LANGUAGE:
        return CommaList(Language(), **about)
    most = MOST_CODES if row.takes is Takes.CODES else 100
    return CommaList(SafeString(least=1, most=80), most=most, **about)


def _sentence(row: Filter) -> str:
    kinds = [kind.name for kind in KINDS.values() if row.attribute and kind.attribute(row.attribute)]
    return row.meaning + (f" ({', '.join(kinds)})" if kinds else "")


_INCLUDE = {
    "description": "Relations, from either end, whose concepts are answered whole. `alignments` are always answered; "
    "naming them here changes nothing."
}


class ShownQuerySchema(LanguageQuerySchema, FieldsQuerySchema):
    """How concepts are shown."""

    include = CommaList(Choice([*EXPANDABLE, "alignments"]), metadata=_INCLUDE)


FiltersQuerySchema = QuerySchema.from_dict({row.name: _parameter(row) for row in FILTERS.values()})


def filters_in(query: Mapping[str, Any]) -> dict[str, Values]:
    """The filters among the parameters of a query that was read, each with its values."""
    given = {name: query[name] for name in FILTERS if name in query}
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in given.items()}


class ConceptsQuerySchema(FiltersQuerySchema, ShownQuerySchema, WholePageQuerySchema):  # type: ignore[misc, valid-type]  # made from the table
    sort = Choice(
        ["code", "label"],
        load_default="code",
        metadata={"description": "`label` sorts by the label in `lang`, or else in the first fallback language"},
    )


class TreeQuerySchema(LanguageQuerySchema):
    kind = Choice(list(KINDS), metadata={"description": "only the hierarchy of this kind"})
    below = SafeString(least=1, most=80, metadata={"description": "only this concept and what is below it"})
    depth = Integer(
        least=1, most=DEEPEST, load_default=DEEPEST, metadata={"description": "levels shown, the first one included"}
    )
