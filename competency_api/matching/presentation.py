"""Suggestions as they are answered."""

from __future__ import annotations

from typing import Any

from competency_api.concepts.presentation import Presenter
from competency_api.matching.values import Match, MatchResult


def suggestions(result: MatchResult, presenter: Presenter) -> dict[str, Any]:
    return {
        "version": presenter.number,
        "language": result.language,
        "language_guessed": result.is_guessed,
        "items": [suggestion(match, presenter) for match in result.matches],
    }


def suggestion(match: Match, presenter: Presenter) -> dict[str, Any]:
    """One suggestion."""
    concept, why = presenter.taxonomy[match.code], match.why
    return {
        "code": match.code,
        "kind": concept.kind,
        "label": presenter.speaker.label(concept.labels, concept.translations),
        "score": match.score,
        "confidence": match.confidence,
        "relation": match.relation,
        "level": match.level,
        "spans": match.spans,
        "why": {
            "label_type": why.label_type,
            "label": why.label or None,
            "language": why.language,
            "field": why.field,
            "words": why.words,
            "accepted": accepted(match),
        },
    }


def accepted(match: Match) -> dict[str, Any] | None:
    """What was accepted for similar texts, where that has a say."""
    return None if match.taken is None else {"organisations": match.taken.organisations, "share": match.taken.share}
