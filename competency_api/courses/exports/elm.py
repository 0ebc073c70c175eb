"""Courses as the European Learning Model (version 3) has them: learning opportunities in JSON-LD.

What a course teaches or assesses is a learning outcome of its specification, with ``relatedSkill``: the concept's
permanent address, and ``relatedESCOSkill`` where the concept is exactly aligned with one of ESCO. What it requires is
told in words, as the model has it. Names are written out with prefixes; no remote context has to be loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competency_api.courses.exports.catalogue import Entry
from competency_api.courses.exports.schema_org import duration, spoken
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider
from competency_api.courses.values import MappingRelation

CONTEXT = {
    "elm": "http://data.europa.eu/snb/model/elm/",
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCO = "http://data.europa.eu/esco/"


def document(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"@context": CONTEXT, "@graph": nodes}


def course_node(entry: Entry, provider: Provider, pins: Pins) -> dict[str, Any]:
    """The learning opportunity without a context; what is not told is left out."""
    said = entry.document
    address = f"{pins.base_url}/api/v1/courses/{entry.id}"
    outcomes = [
        _outcome(mapping, pins) for mapping in entry.mappings if mapping["relation"] != MappingRelation.REQUIRES
    ]
    required = [_label(mapping, pins) for mapping in entry.mappings if mapping["relation"] == MappingRelation.REQUIRES]
    specification = {
        "@id": f"{address}#specification",
        "@type": "elm:LearningAchievementSpecification",
        "dc:title": spoken(said["title"]),
        "elm:learningOutcome": outcomes,
        "elm:entryRequirement": [_note(texts) for texts in required],
    }
    hours = duration(said["hours"])
    node = {
        "@id": address,
        "@type": "elm:LearningOpportunity",
        "adms:identifier": {"@type": "adms:Identifier", "skos:notation": entry.external_id},
        "dc:title": spoken(said["title"]),
        "dc:description": spoken(said["description"]),
        "foaf:homepage": {"@id": said["url"]} if said["url"] else None,
        "dc:language": said["languages"],
        "elm:duration": {"@value": hours, "@type": "xsd:duration"} if hours else None,
        "elm:providedBy": {"@type": "elm:Organisation", "skos:prefLabel": provider.name},
        "elm:learningAchievementSpecification": _told(specification),
    }
    return _told(node)


def _outcome(mapping: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    concept = pins.taxonomy(pins.resolve(mapping["version"]).id)[mapping["concept"]]
    skills = [{"@id": each.uri} for each in concept.alignments if each.match == "exact" and each.uri.startswith(_ESCO)]
    level = f"level {mapping['level']}, " if mapping["level"] else ""
    words = f"{mapping['relation']}, {level}as of version {mapping['version']}"
    return _told(
        {
            "@type": "elm:LearningOutcome",
            "dc:title": _label(mapping, pins),
            "elm:relatedSkill": {"@id": f"{pins.base_url}/id/{concept.code}"},
            "elm:relatedESCOSkill": skills,
            "elm:additionalNote": [_note([{"@value": words, "@language": "en"}])],
        }
    )


def _label(mapping: Mapping[str, Any], pins: Pins) -> list[dict[str, str]]:
    labels = pins.taxonomy(pins.resolve(mapping["version"]).id)[mapping["concept"]].labels
    return spoken({tag: each.preferred for tag, each in labels.items()})


def _note(texts: list[dict[str, str]]) -> dict[str, Any]:
    return {"@type": "elm:Note", "elm:noteLiteral": texts}


def _told(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, [], {})}
