"""Learning opportunities conform to the shapes that the European Learning Model publishes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyshacl import validate
from rdflib import Graph

from competency_api.core.db import Database
from competency_api.courses.entry import course_document
from competency_api.courses.exports import eu_lists
from competency_api.courses.exports.catalogue import Entry
from competency_api.courses.exports.elm import course_node, document
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider
from competency_api.courses.values import Course
from tests.support.courses import put_course, put_mappings, serving_providers, teaches, whole_course
from tests.support.keys import bearer

# rdflib warns of itself as soon as it reads JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

_GOV = "/api/v1/providers/gov"
_PINS = cast("Pins", SimpleNamespace(base_url="https://taxonomy.example"))


@cache
def shapes() -> Graph:
    return Graph().parse(Path(__file__).with_name("elm_shapes.ttl"))


def breaches(graph: dict[str, Any]) -> str:
    """What the shapes say against it; nothing when it conforms."""
    conforms, _, text = validate(Graph().parse(data=json.dumps(graph), format="json-ld"), shacl_graph=shapes())
    return "" if conforms else str(text)


def test_a_catalogue_conforms_with_a_course_of_everything_and_one_of_a_title(database: Database) -> None:
    with serving_providers(database) as (client, key, _):
        address = f"{_GOV}/courses/whole"
        client.put(address, json=whole_course(), headers=bearer(key))
        one = {
            **whole_course(),
            "dates": whole_course()["dates"][:1],
            "url": None,
            "languages": ["x-own", "pt", "pt-BR"],
        }
        client.put(f"{_GOV}/courses/one-run", json=one, headers=bearer(key))
        put_course(client, key, "least", visibility="private")
        put_mappings(
            client, key, address, teaches("C001", level=3, hours=2), teaches("T001"),
            {"concept": "C001", "relation": "assesses", "version": "1.0.0"},
            {"concept": "C003", "relation": "requires"}, {"concept": "T001", "relation": "requires"},
        )  # fmt: skip
        exported = client.get(f"{_GOV}/export/elm", headers=bearer(key)).json
        assert breaches(exported) == ""
        assert len(exported["@graph"]) == 3
        public = client.get("/api/v1/courses.elm").json["@graph"]
        assert public == [node for node in exported["@graph"] if node["adms:identifier"]["skos:notation"] != "least"]


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("dc:language", "en", "closed"),
        ("foaf:homepage", {"@id": "https://gov.example"}, "elm:WebResource"),
        ("adms:identifier", {"@type": "adms:Identifier", "skos:notation": "1"}, "elm:Identifier"),
    ],
)
def test_the_shapes_find_what_older_exports_had(member: str, value: Any, said: str) -> None:
    node = course_node(
        Entry("1", "A", course_document(Course(title={"en": "A"})), []), Provider(1, "gov", "Gov"), _PINS
    )
    assert breaches(document([node])) == ""
    assert said in breaches(document([{**node, member: value}]))


def test_languages_are_those_of_the_authority_table() -> None:
    ends = [eu_lists.language(tag)["@id"].rsplit("/")[-1] for tag in ("en", "pt-BR", "el", "gsw", "x-own")]
    assert ends == ["ENG", "POR", "ELL", "GSW", "UND"]
