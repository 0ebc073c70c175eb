"""Hits and suggestions as they are answered: plain values around the values of the index, encoded once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from competency_api.concepts.presentation import Presenter
from competency_api.core.http import Page
from competency_api.search.values import Hit, SearchResult, Suggestion
from competency_api.taxonomy.kinds import KINDS


def page(hits: Page[Hit], result: SearchResult, presenter: Presenter) -> dict[str, Any]:
    """A page of hits, with what is said of all of them."""
    shown = hits.body(lambda found: hit(found, presenter))
    return {"version": presenter.number, **shown, **about(result, presenter)}


def hit(found: Hit, presenter: Presenter) -> dict[str, Any]:
    return {
        **_concept(found, presenter),
        "score": found.score,
        "matched_by": found.matched_by,
        "exact": found.exact,
        "language": found.language,
        "highlights": found.highlights,
    }


def suggestion(found: Suggestion, presenter: Presenter) -> dict[str, Any]:
    return {
        **_concept(found, presenter),
        "text": found.text,
        "language": found.language,
        "matched_by": found.matched_by,
        "spans": found.spans,
    }


def languages(found: Iterable[Hit | Suggestion], presenter: Presenter) -> tuple[str, ...]:
    """Those of all texts that were shown: the labels, and what was found, which may be in another one."""
    return presenter.speaker.ranked({*presenter.speaker.used, *filter(None, map(_language, found))})


def _language(found: Hit | Suggestion) -> str | None:
    return found.language if isinstance(found, Suggestion) or found.highlights else None


def _concept(found: Hit | Suggestion, presenter: Presenter) -> dict[str, Any]:
    """What was found, and for a retired concept what to use instead, each with its label."""
    concept = presenter.taxonomy[found.code]
    return {
        "code": found.code,
        "kind": concept.kind,
        "status": concept.status,
        "label": presenter.speaker.label(concept.labels, concept.translations),
        "use": list(presenter.successors(found.successors)) if found.successors else (),
    }


def about(result: SearchResult, presenter: Presenter) -> dict[str, Any]:
    """What is said of all hits together."""
    said: dict[str, Any] = {
        "completeness": result.completeness,
        "languages": result.languages,
        "corrections": result.corrections,
        "unknown": result.unknown,
        "ignored_words": result.ignored_words,
    }
    if result.facets:
        said["facets"] = {
            "kind": [_counted(kind, _kind(kind, presenter), n) for kind, n in result.facets["kind"].items()],
            "discipline": [
                _counted(code, presenter.reference(code).get("label"), n)
                for code, n in result.facets["discipline"].items()
            ],
        }
    return said


def _counted(value: str, label: Any, count: int) -> dict[str, Any]:
    return {"value": value, "label": label, "count": count}


def _kind(kind: str, presenter: Presenter) -> Any:
    return presenter.speaker.text(dict(KINDS[kind].labels), {})
