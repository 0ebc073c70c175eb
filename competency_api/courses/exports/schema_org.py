"""Courses as schema.org has them: ``Course`` with ``teaches``, ``assesses`` and ``competencyRequired`` (JSON-LD).

A concept is a ``DefinedTerm`` in a ``DefinedTermSet``, which is the exact version that the mapping is as of. What
schema.org has no word for, the level of a mapping and its evidence, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from competency_api.courses.exports.catalogue import Entry
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider
from competency_api.courses.values import MappingRelation

CONTEXT = "https://schema.org"
SET_NAME = "Smart City Competency Framework"
_PROPERTIES = {
    MappingRelation.TEACHES: "teaches",
    MappingRelation.ASSESSES: "assesses",
    MappingRelation.REQUIRES: "competencyRequired",
}
_MODES = {"online": "online", "classroom": "onsite", "blended": "blended", "hands-on": "onsite"}


def document(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"@context": CONTEXT, "@graph": nodes}


def course_node(entry: Entry, provider: Provider, pins: Pins) -> dict[str, Any]:
    """The course without a context; what is not told is left out."""
    said = entry.document
    node: dict[str, Any] = {
        "@type": "Course",
        "@id": f"{pins.base_url}/api/v1/courses/{entry.id}",
        "identifier": entry.external_id,
        "name": spoken(said["title"]),
        "description": spoken(said["description"]),
        "url": said["url"],
        "inLanguage": said["languages"],
        "provider": {"@type": "Organization", "identifier": provider.code, "name": provider.name},
        "timeRequired": duration(said["hours"]),
        "audience": {"@type": "Audience", "audienceType": spoken(said["population"])} if said["population"] else None,
        "offers": _offer(said["price"]),
        "hasCourseInstance": [*_instances(said)],
    }
    for mapping in entry.mappings:
        name = _PROPERTIES[MappingRelation(mapping["relation"])]
        node.setdefault(name, []).append(_term(mapping, pins))
    return {name: value for name, value in node.items() if value not in (None, [], {})}


def _term(mapping: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    version = pins.resolve(mapping["version"])
    labels = pins.taxonomy(version.id)[mapping["concept"]].labels
    uri = f"{pins.base_url}/id/{mapping['concept']}"
    return {
        "@type": "DefinedTerm",
        "@id": uri,
        "url": uri,
        "termCode": mapping["concept"],
        "name": spoken({tag: each.preferred for tag, each in labels.items()}),
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "@id": f"{pins.base_url}/api/v1/versions/{mapping['version']}",
            "name": SET_NAME,
            "version": mapping["version"],
        },
    }


def spoken(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Texts with their languages."""
    return [{"@value": text, "@language": tag} for tag, text in texts.items()]


def duration(hours: float | None) -> str | None:
    """Hours as ISO 8601 writes them: ``PT22H30M``."""
    if hours is None:
        return None
    minutes = round(hours * 60)
    whole, rest = divmod(minutes, 60)
    return f"PT{whole}H{rest}M" if rest else f"PT{whole}H"


def _offer(price: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if price is None:
        return None
    category = "Paid" if price["amount"] else "Free"
    return {"@type": "Offer", "price": price["amount"], "priceCurrency": price["currency"], "category": category}


def _instances(said: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    held = {"courseMode": _MODES.get(said["modality"] or ""), "courseWorkload": duration(said["hours"])}
    common = {"@type": "CourseInstance", **{name: value for name, value in held.items() if value}}
    for run in said["dates"]:
        yield {**common, "startDate": run["starts"], **({"endDate": run["ends"]} if run["ends"] else {})}
    if not said["dates"] and len(common) > 1:
        yield common
