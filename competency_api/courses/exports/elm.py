"""Courses as the European Learning Model (version 3) has them: learning opportunities in JSON-LD.

What a course teaches or assesses is a learning outcome of its specification, with ``relatedSkill``: the concept's
permanent address, and ``relatedESCOSkill`` where the concept is exactly aligned with one of ESCO. What it requires is
told in words, as the model has it. Names are written out with prefixes; no remote context has to be loaded.

Written to satisfy the shapes of the profile for learning opportunities and qualifications (LOQ), which are closed:
nothing may stand where they do not name it, texts have languages, and whatever is of a list is a concept of that list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from competency_api.courses.exports import eu_lists
from competency_api.courses.exports.catalogue import Entry
from competency_api.courses.exports.schema_org import duration, spoken
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider
from competency_api.courses.values import MappingRelation
from competency_api.taxonomy.concept import Concept

CONTEXT = {
    "elm": "http://data.europa.eu/snb/model/elm/",
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rov": "http://www.w3.org/ns/regorg#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCO = "http://data.europa.eu/esco/"


def document(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"@context": CONTEXT, "@graph": nodes}


def course_node(entry: Entry, provider: Provider, pins: Pins) -> dict[str, Any]:
    """The learning opportunity without a context; what is not told is left out."""
    said = entry.document
    base = _base(said)
    page = said["url"] or f"{pins.base_url}/en/courses/{entry.id}"
    node = {
        "@id": f"{pins.base_url}/api/v1/courses/{entry.id}",
        "@type": "elm:LearningOpportunity",
        "adms:identifier": _identifier(entry.external_id, provider.name, base),
        "dc:title": spoken(said["title"]),
        "dc:description": spoken(said["description"]),
        "foaf:homepage": {"@type": "elm:WebResource", "elm:contentUrl": _typed(page, "anyURI")},
        "elm:defaultLanguage": eu_lists.language(base),
        "elm:mode": eu_lists.mode(said["modality"]),
        "elm:additionalNote": _note(spoken(said["population"])),
        **_when(said["dates"], base),
        "elm:priceDetail": _price(said["price"]),
        "elm:providedBy": _organisation(provider, base, pins),
        "elm:learningAchievementSpecification": _specification(entry, pins),
    }
    return _told(node)


def _base(said: Mapping[str, Any]) -> str:
    """The one language that counts, as the model wants it: the first that the course is held in and has a title in."""
    titles: Mapping[str, str] = said["title"]
    return next((tag for tag in said["languages"] if tag in titles), next(iter(titles)))


def _specification(entry: Entry, pins: Pins) -> dict[str, Any]:
    """What is learned: the outcomes, what they take, and what must be brought along."""
    said = entry.document
    hours = duration(said["hours"])
    required = [each for each in entry.mappings if each["relation"] == MappingRelation.REQUIRES]
    return _told(
        {
            "@id": f"{pins.base_url}/api/v1/courses/{entry.id}#specification",
            "@type": "elm:LearningAchievementSpecification",
            "dc:title": spoken(said["title"]),
            "dc:language": _once(eu_lists.language(tag) for tag in said["languages"]),
            "elm:volumeOfLearning": _typed(hours, "duration") if hours else None,
            "elm:learningOutcome": [_outcome(each, pins) for each in entry.mappings if each not in required],
            "elm:entryRequirement": _note(_in_words([_concept(each, pins) for each in required])),
        }
    )


def _outcome(mapping: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    concept = _concept(mapping, pins)
    skills = [each.uri for each in concept.alignments if each.match == "exact" and each.uri.startswith(_ESCO)]
    level = f"level {mapping['level']}, " if mapping["level"] else ""
    words = f"{mapping['relation']}, {level}as of version {mapping['version']}"
    return _told(
        {
            "@type": "elm:LearningOutcome",
            "dc:title": _labels(concept),
            "elm:relatedSkill": _skill(concept, pins),
            "elm:relatedESCOSkill": [{"@id": uri, "@type": "skos:Concept"} for uri in skills],
            "elm:additionalNote": _note([{"@value": words, "@language": "en"}]),
        }
    )


def _skill(concept: Concept, pins: Pins) -> dict[str, Any]:
    """Named as the newest version names it: it is one thing, whatever version each mapping is as of."""
    named = pins.taxonomy(pins.resolve().id).get(concept.code) or concept
    return {
        "@id": f"{pins.base_url}/id/{concept.code}",
        "@type": "skos:Concept",
        "skos:notation": concept.code,
        "skos:prefLabel": _labels(named),
    }


def _organisation(provider: Provider, base: str, pins: Pins) -> dict[str, Any]:
    """The model wants the country of whoever provides, which we are not told: its list has a word for that."""
    country = {"@type": "elm:Address", "elm:countryCode": eu_lists.UNTOLD_COUNTRY}
    return {
        "@id": f"{pins.base_url}/api/v1/providers/{provider.code}",
        "@type": "elm:Organisation",
        "rov:legalName": {"@value": provider.name, "@language": base},
        "adms:identifier": {"@type": "elm:Identifier", "skos:notation": provider.code},
        "elm:location": {"@type": "dc:Location", "elm:address": country},
    }


def _when(dates: Sequence[Mapping[str, Any]], base: str) -> dict[str, Any]:
    """One run is a period; of several the model has no word but a note: intervals as ISO 8601 writes them."""
    if not dates:
        return {}
    if len(dates) > 1:
        runs = ", ".join(f"{run['starts']}/{run['ends'] or '..'}" for run in dates)
        return {"elm:scheduleInformation": _note([{"@value": runs, "@language": base}])}
    starts, ends = dates[0]["starts"], dates[0]["ends"]
    period = {
        "@type": "dc:PeriodOfTime",
        "elm:startDate": _typed(f"{starts}T00:00:00", "dateTime"),
        "elm:endDate": _typed(f"{ends}T23:59:59", "dateTime") if ends else None,
    }
    return {"dc:temporal": _told(period)}


def _price(price: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if price is None:
        return None
    amount = {
        "@type": "elm:Amount",
        "rdf:value": _typed(f"{price['amount']:.2f}", "decimal"),
        "elm:unit": eu_lists.currency(price["currency"]),
    }
    return {"@type": "elm:PriceDetail", "elm:amount": amount}


def _identifier(text: str, agency: str, base: str) -> dict[str, Any]:
    named = {"@value": agency, "@language": base}
    return {"@type": "elm:Identifier", "skos:notation": text, "adms:schemeAgency": named}


def _concept(mapping: Mapping[str, Any], pins: Pins) -> Concept:
    return pins.taxonomy(pins.resolve(mapping["version"]).id)[mapping["concept"]]


def _labels(concept: Concept) -> list[dict[str, str]]:
    return spoken({tag: each.preferred for tag, each in concept.labels.items()})


def _in_words(concepts: Sequence[Concept]) -> list[dict[str, str]]:
    """Their labels with their codes, in every language that one of them has; what has none in it, in its first."""
    languages = dict.fromkeys(tag for concept in concepts for tag in concept.labels)
    return spoken({tag: ", ".join(_named(concept, tag) for concept in concepts) for tag in languages})


def _named(concept: Concept, tag: str) -> str:
    label = concept.labels.get(tag) or next(iter(concept.labels.values()))
    return f"{label.preferred} ({concept.code})"


def _note(texts: list[dict[str, str]]) -> dict[str, Any] | None:
    return {"@type": "elm:Note", "elm:noteLiteral": texts} if texts else None


def _typed(value: str, of: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{of}"}


def _once(nodes: Any) -> list[dict[str, Any]]:
    """Every node one time: `pt` and `pt-BR` are one concept of the list."""
    return list({node["@id"]: node for node in nodes}.values())


def _told(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, [], {})}
