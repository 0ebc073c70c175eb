"""What the service offers, in one document: the answer at the root of the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from competency_api import __version__
from competency_api.catalogue.addressing import newest
from competency_api.catalogue.presentation import ACKNOWLEDGEMENTS, BASE, LICENCE
from competency_api.concepts.filters import FILTERS
from competency_api.concepts.parameters import DEEPEST, MOST_CODES
from competency_api.concepts.schemas import MOST_ITEMS
from competency_api.core.config import Settings
from competency_api.core.http.pages import DEFAULT_LIMIT, LARGEST_LIMIT
from competency_api.formats import FORMATS
from competency_api.search.finding.querying import MOST_CHARACTERS, MOST_WORDS
from competency_api.search.parameters import MOST_HITS, MOST_SUGGESTIONS
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.taxonomy.kinds import KINDS, LEVEL_EQF, LEVEL_NAMES, RELATIONS, Attribute, Kind, RelationType
from competency_api.versions.values import VersionInfo


def discovery(settings: Settings, versions: Sequence[VersionInfo]) -> dict[str, Any]:
    """The document; ``versions`` oldest first."""
    latest = newest(versions)
    return {
        "name": "Smart City Competency Framework",
        "description": "What the manager of a smart city programme must know and be able to do, in versions.",
        "service_version": __version__,
        "versions": {
            "latest": str(latest.number) if latest else None,
            "published": [str(version.number) for version in reversed(versions)],
            "named_by": ["exact number (2.0.0)", "prefix (2, 2.0)", "day (2026-11-23)", "latest"],
        },
        "kinds": [_kind(kind) for kind in KINDS.values()],
        "relations": [_relation(relation) for relation in RELATIONS.values()],
        "levels": [_level(level) for level in LEVEL_NAMES],
        "filters": {row.name: row.meaning for row in FILTERS.values()},
        "languages": {
            "reference": REFERENCE_LANGUAGE,
            "available": sorted({tag for version in versions for tag in version.summary.languages}),
            "fallback": list(settings.fallback),
        },
        "formats": {name: format_.media_type for name, format_ in FORMATS.items()},
        "limits": _limits(settings),
        "links": _LINKS,
        "licence": LICENCE,
        "acknowledgements": list(ACKNOWLEDGEMENTS),
    }


_LINKS = {
    "versions": BASE,
    "feed": f"{BASE}.atom",
    "latest": f"{BASE}/latest",
    "concepts": f"{BASE}/latest/concepts",
    "search": f"{BASE}/latest/search",
    "suggest": f"{BASE}/latest/suggest",
    "convert": "/api/v1/convert",
    "events": "/api/v1/events",
    "reference": "/docs",
    "openapi": "/openapi.json",
    "problems": "/problems",
    "rules": "/rules",
    "health": "/healthz",
    "readiness": "/readyz",
    "security": "/.well-known/security.txt",
    "signing_keys": "/.well-known/jwks.json",
}


def _limits(settings: Settings) -> dict[str, int]:
    return {
        "page_default": DEFAULT_LIMIT,
        "page_largest": LARGEST_LIMIT,
        "codes": MOST_CODES,
        "conversions": MOST_ITEMS,
        "hits": MOST_HITS,
        "suggestions": MOST_SUGGESTIONS,
        "question_characters": MOST_CHARACTERS,
        "question_words": MOST_WORDS,
        "tree_depth": DEEPEST,
        "body_bytes": settings.max_body_bytes,
    }


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "letter": kind.letter,
        "meaning": kind.meaning,
        "labels": dict(kind.labels),
        "attributes": [_attribute(attribute) for attribute in kind.attributes],
        "relations": [name for name, row in RELATIONS.items() if not row.sources or kind.name in row.sources],
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    filters = [row.name for row in FILTERS.values() if row.attribute == attribute.name]
    return {
        "name": attribute.name,
        "shape": attribute.shape.value,
        "meaning": attribute.meaning,
        "values": list(attribute.values),
        "required": attribute.required,
        "filter": filters[0] if filters else None,
    }


def _relation(relation: RelationType) -> dict[str, Any]:
    return {
        "name": relation.name,
        "inverse": relation.inverse,
        "meaning": relation.meaning,
        "from": list(relation.sources),
        "to": list(relation.targets),
        "same_kind": relation.same_kind,
        "symmetric": relation.symmetric,
        "has_level": relation.has_level,
    }


def _level(level: int) -> dict[str, Any]:
    return {"level": level, "name": LEVEL_NAMES[level], "eqf": list(LEVEL_EQF[level])}
