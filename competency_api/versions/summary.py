"""What is told about a version without loading it: counts, completeness of languages, why it has its number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Concept
from competency_api.taxonomy.numbering import Numbering
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.values import REASONS_KEPT, LanguageCoverage, Summary


def coverage_of(active: Iterable[Concept]) -> dict[str, LanguageCoverage]:
    """How complete each language is, over the active concepts."""
    labels: Counter[str] = Counter()
    definitions: Counter[str] = Counter()
    reviewed: Counter[str] = Counter()
    for concept in active:
        labels.update(concept.labels.keys())
        definitions.update(concept.definition.keys())
        # The reference language is the original: there is no translation to review.
        reviewed.update(
            tag for tag in concept.labels if tag == REFERENCE_LANGUAGE or concept.translations.get(tag) == "reviewed"
        )
    return {
        tag: LanguageCoverage(labels[tag], definitions[tag], reviewed[tag]) for tag in sorted({*labels, *definitions})
    }


def summarised(taxonomy: Taxonomy, changes: Difference, numbering: Numbering | None) -> Summary:
    """``numbering`` is None where nothing changed."""
    reasons = numbering.reasons if numbering else ()
    active = [concept for concept in taxonomy if concept.retirement is None]
    return Summary(
        concepts=len(taxonomy),
        active=len(active),
        kinds=dict(sorted(Counter(concept.kind for concept in active).items())),
        languages=coverage_of(active),
        changes=changes.counts(),
        reasons=reasons[:REASONS_KEPT],
        reasons_total=len(reasons),
    )
