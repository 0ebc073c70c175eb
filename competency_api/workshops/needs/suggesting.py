"""Concepts that a typed need may already be, from the search over the workshop's version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from competency_api.search.index import SearchIndex
from competency_api.search.values import SearchQuery
from competency_api.taxonomy.taxonomy import Taxonomy

_MOST = 5


def suggestions(index: SearchIndex, taxonomy: Taxonomy, text: str, language: str) -> Sequence[dict[str, Any]]:
    """The best few active concepts, each with its label in the need's language, else in the reference language."""
    allowed = frozenset(concept.code for concept in taxonomy if concept.retirement is None)
    asked = SearchQuery(text=text, answer_languages=(language,), allowed=allowed, limit=_MOST, with_facets=False)
    return [
        {"code": hit.code, "label": _label(taxonomy, hit.code, language), "score": round(hit.score, 4)}
        for hit in index.search(asked).hits
    ]


def _label(taxonomy: Taxonomy, code: str, language: str) -> str:
    labels = taxonomy[code].labels.get(language)
    return labels.preferred if labels else taxonomy[code].name
