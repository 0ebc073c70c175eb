"""What is answered by search and suggestions."""

from __future__ import annotations

from typing import Any, get_args

import marshmallow as ma

from competency_api.catalogue.schemas import EXACT, Spoken
from competency_api.core.http import ResponseSchema, page_schema
from competency_api.search.values import Completeness, MatchedBy, SuggestedBy
from competency_api.taxonomy.kinds import KINDS

_SPAN = {
    "type": "array",
    "prefixItems": [{"type": "integer"}, {"type": "integer"}],
    "minItems": 2,
    "maxItems": 2,
    "description": "the first character and the one after the last, counted in characters (Unicode code points)",
}


def _is(meaning: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": meaning, **more}}


def _spans() -> ma.fields.List[Any]:
    return ma.fields.List(ma.fields.Raw(metadata=_SPAN), **_is("what to mark in the text"))


class InsteadSchema(ResponseSchema):
    """An active concept to use instead of a retired one."""

    code = ma.fields.String(required=True)
    label = Spoken(required=True, allow_none=True)
    match = ma.fields.String(**_is("as what it stands in; only `equivalent` lets a mapping move without a person"))


class _FoundSchema(ResponseSchema):
    code = ma.fields.String(**_is("of the concept", examples=["C017"]))
    kind = ma.fields.String(**_is("of the concept", enum=list(KINDS)))
    status = ma.fields.String(required=True, metadata={"enum": ["active", "retired"]})
    label = Spoken(required=True, allow_none=True)
    use = ma.fields.List(
        ma.fields.Nested(InsteadSchema), **_is("of a retired concept, the active ones that stand in for it")
    )


class HighlightSchema(ResponseSchema):
    path = ma.fields.String(**_is("JSON Pointer of the text in the concept", examples=["/labels/es/preferred"]))
    text = ma.fields.String(**_is("as it is stored"))
    spans = _spans()


class HitSchema(_FoundSchema):
    """A concept found."""

    score = ma.fields.Float(**_is("to be compared within one answer only; what was named exactly is above all others"))
    matched_by = ma.fields.String(**_is("the best place that matched", enum=list(get_args(MatchedBy))))
    exact = ma.fields.Boolean(**_is("whether its code, an aligned address or one whole label was asked for"))
    language = ma.fields.String(**_is("in which it matched best; null by code or address"), allow_none=True)
    highlights = ma.fields.List(
        ma.fields.Nested(HighlightSchema), **_is("the texts that explain the hit; hidden labels are not shown")
    )


class CountSchema(ResponseSchema):
    value = ma.fields.String(**_is("what the filter takes: a kind, a discipline's code"))
    label = Spoken(required=True, allow_none=True)
    count = ma.fields.Integer(**_is("hits on all pages"))


class FacetsSchema(ResponseSchema):
    kind = ma.fields.List(ma.fields.Nested(CountSchema), **_is("most hits first"))
    discipline = ma.fields.List(
        ma.fields.Nested(CountSchema), **_is("most hits first; a hit counts for the disciplines above its own too")
    )


class HitsSchema(page_schema(HitSchema)):  # type: ignore[misc]  # the base is made by a function
    """A page of hits, best first."""

    version = ma.fields.String(required=True, metadata=EXACT)
    completeness = ma.fields.String(
        **_is(
            "`all` words are in every hit; `some`: no concept has all, so these have most or any; `none`: no hits",
            enum=list(get_args(Completeness)),
        )
    )
    languages = ma.fields.List(ma.fields.String(), **_is("that were searched"))
    corrections = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.String()),
        **_is("words that were taken as misspelt, with those that were looked for instead"),
    )
    unknown = ma.fields.List(ma.fields.String(), **_is("words that mean nothing in this version"))
    ignored_words = ma.fields.Integer(**_is("words beyond the bound, which were not looked at"))
    facets = ma.fields.Nested(FacetsSchema, metadata={"description": "left out with `facets=false`"})


class SuggestionSchema(_FoundSchema):
    """A concept whose label is being typed."""

    text = ma.fields.String(**_is("the label that matched, or the preferred one of that language"))
    language = ma.fields.String(**_is("of that label"))
    matched_by = ma.fields.String(
        **_is(
            "beginning of the code, beginning of a label, words inside a label, or words but for typing errors",
            enum=list(get_args(SuggestedBy)),
        )
    )
    spans = _spans()


class SuggestionsSchema(ResponseSchema):
    version = ma.fields.String(required=True, metadata=EXACT)
    items = ma.fields.List(ma.fields.Nested(SuggestionSchema), **_is("each concept once, best first"))
