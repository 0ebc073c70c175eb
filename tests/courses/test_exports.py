"""What is exported is imported again without a change; other formats say what they have words for."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competency_api.core.db import Database
from competency_api.core.errors import NotAcceptable
from competency_api.core.text import fault_of, normalised
from competency_api.courses.bulk.files.inputs import Input
from competency_api.courses.bulk.files.workbooks import workbook
from competency_api.courses.exports.catalogue import Catalogue
from competency_api.courses.exports.formats import FORMATS
from competency_api.courses.ledger.mappings import Counts
from competency_api.courses.queries import get_provider
from competency_api.courses.reports.writing.workbook import as_workbook
from tests.support.courses import (
    a_file,
    a_provider,
    acting,
    imported,
    mapped,
    pins,
    publish_two,
    put_course,
    put_mappings,
    serving_providers,
    teaches,
    whole_course,
)
from tests.support.keys import bearer

LOSSLESS = ("json", "ndjson", "xlsx")
ENDINGS = {"json": "x.json", "ndjson": "x.ndjson", "xlsx": "x.xlsx", "courses-csv": "c.csv", "mappings-csv": "m.csv"}


def exported(database: Database, *names: str) -> list[Input]:
    found = []
    with database.reading(fresh=True) as session:
        provider = get_provider(session, acting(database), "gov")
        for name in names:
            data = b"".join(FORMATS[name].dump(Catalogue(session, provider, pins(database))))
            found.append(a_file(data, ENDINGS[name]))
    return found


def is_kept_by_every_format(database: Database) -> bool:
    count = len(mapped(database))
    for names in (*((name,) for name in LOSSLESS), ("courses-csv", "mappings-csv")):
        plan = imported(database, *exported(database, *names), whole=True)
        assert plan.mappings == Counts(unchanged=count), names
        assert (plan.courses.added, plan.courses.changed, plan.courses.removed) == (0, 0, 0), names
    return True


def test_every_member_comes_back(database: Database) -> None:
    publish_two(database)
    a_provider(database)
    courses = [{**whole_course(), "external_id": "=1+1"}, {"external_id": "'b/ñ", "title": {"de": "  B\nC"}}]
    mappings = [
        {"course": "=1+1", "concept": "C001", "relation": "teaches", "level": 3, "hours": 1.25, "evidence": "=1+1"},
        {"course": "'b/ñ", "concept": "C002", "relation": "requires", "version": "1.0.0", "evidence": 'a\n"b",\'c;'},
        {"course": "'b/ñ", "concept": "C001", "relation": "assesses", "evidence_span": "title@de:0-1", "level": 1},
    ]
    courses[1]["title"] = {"de": "B, C"}
    imported(database, a_file(json.dumps({"courses": courses, "mappings": mappings}), "all.json"))
    assert len(mapped(database)) == 3
    assert is_kept_by_every_format(database)


TEXTS = st.text(min_size=1, max_size=30).map(lambda text: normalised(text, multiline=True)).filter(
    lambda text: bool(text) and fault_of(text, multiline=True) is None
)  # fmt: skip
LINES = TEXTS.filter(lambda text: "\n" not in text)
COURSE = st.fixed_dictionaries(
    {"title": st.dictionaries(st.sampled_from(["en", "es", "pt-BR"]), LINES, min_size=1)},
    optional={
        "description": st.dictionaries(st.sampled_from(["en", "fr"]), TEXTS),
        "hours": st.integers(0, 9999).map(lambda n: n / 100),
        "hands_on": st.integers(0, 100),
        "modality": st.sampled_from(["online", "hands-on"]),
        "visibility": st.sampled_from(["public", "private"]),
        "languages": st.lists(st.sampled_from(["en", "es"]), unique=True),
        "price": st.integers(0, 99999).map(lambda n: {"amount": n / 100, "currency": "EUR"}),
    },
)  # fmt: skip
OWN = LINES.filter(lambda own: not {"", ".", "..", "mappings"} & set(own.split("/")))
SAID = st.tuples(st.sampled_from(["C001", "C003", "T001"]), st.sampled_from(["teaches", "requires"]))
MAPPED = st.dictionaries(SAID, st.tuples(st.none() | st.integers(1, 4), TEXTS | st.just("")), max_size=3)


@given(courses=st.dictionaries(OWN, st.tuples(COURSE, MAPPED), min_size=1, max_size=3))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_stored_is_exported_and_imported_unchanged(sqlite_database: Database, courses: Any) -> None:
    with sqlite_database.reading(fresh=True) as session:
        is_new = not pins(sqlite_database).__dict__["_by_id"]
        session.close()
    if is_new:
        publish_two(sqlite_database)
        a_provider(sqlite_database)
    records = [
        {**course, "external_id": own, "mappings": [
            {"concept": concept, "relation": relation, "level": level if concept[0] == "C" else None, "evidence": why}
            for (concept, relation), (level, why) in said.items()
        ]}
        for own, (course, said) in courses.items()
    ]  # fmt: skip
    imported(sqlite_database, a_file("\n".join(map(json.dumps, records)), "x.ndjson"), whole=True)
    assert is_kept_by_every_format(sqlite_database)


def catalogue(client: FlaskClient, key: str) -> str:
    """A provider with a public course and a private one; the address of the public one."""
    address = "/api/v1/providers/gov/courses/SC-1"
    client.put(address, json=whole_course(), headers=bearer(key))
    put_mappings(
        client, key, address, teaches("C001", level=3, hours=2),
        {"concept": "C003", "relation": "assesses", "version": "1.0.0"}, {"concept": "T001", "relation": "requires"},
    )  # fmt: skip
    put_course(client, key, "SC-2", visibility="private")
    return address


def test_schema_org_names_the_concepts_and_their_version(database: Database) -> None:
    with serving_providers(database) as (client, key, _):
        catalogue(client, key)
        answer = client.get("/api/v1/providers/gov/export/schema-org", headers=bearer(key))
        assert answer.mimetype == "application/ld+json"
        node, private = answer.json["@graph"]
        assert private["identifier"] == "SC-2"
        assert (node["@type"], node["timeRequired"], node["inLanguage"]) == ("Course", "PT22H30M", ["en", "pt-BR"])
        assert node["offers"] == {"@type": "Offer", "price": 199.99, "priceCurrency": "EUR", "category": "Paid"}
        assert [run.get("endDate") for run in node["hasCourseInstance"]] == ["2027-02-01", None]
        (term,) = node["teaches"]
        assert (term["@type"], term["termCode"], term["@id"][-8:]) == ("DefinedTerm", "C001", "/id/C001")
        assert {"@value": "Another name", "@language": "en"} in term["name"]
        assert term["inDefinedTermSet"]["version"] == "1.1.0"
        assert node["assesses"][0]["inDefinedTermSet"]["version"] == "1.0.0"
        assert [each["termCode"] for each in node["competencyRequired"]] == ["T001"]


def test_learning_opportunities_lead_to_related_skills(database: Database) -> None:
    with serving_providers(database) as (client, key, _):
        address = catalogue(client, key)
        put_mappings(client, key, address, teaches("C001", level=3), teaches("T001"), etag='"2"')
        graph = client.get("/api/v1/providers/gov/export/elm", headers=bearer(key)).json["@graph"]
        specification = graph[0]["elm:learningAchievementSpecification"]
        first, second = specification["elm:learningOutcome"]
        assert first["elm:relatedSkill"]["@id"].endswith("/id/C001")
        assert "level 3" in first["elm:additionalNote"]["elm:noteLiteral"][0]["@value"]
        assert [each["@id"] for each in second["elm:relatedESCOSkill"]] == ["http://data.europa.eu/esco/skill/one"]
        assert specification["elm:volumeOfLearning"] == {"@value": "PT22H30M", "@type": "xsd:duration"}


def test_moodle_gets_its_columns(database: Database) -> None:
    with serving_providers(database) as (client, key, _):
        catalogue(client, key)
        text = client.get("/api/v1/providers/gov/export/moodle", headers=bearer(key)).text
        first, second = csv.DictReader(io.StringIO(text))
        assert (first["shortname"], first["fullname"], first["startdate"]) == ("SC-1", "Smart cities", "2027-01-11")
        assert "/id/C001" in first["summary"]
        assert (first["visible"], second["visible"]) == ("1", "0")


def test_an_unknown_format_is_answered_with_the_nearest(database: Database) -> None:
    with serving_providers(database) as (client, key, other):
        answer = client.get("/api/v1/providers/gov/export/jason", headers=bearer(key))
        assert (answer.status_code, answer.json["available"]) == (404, list(FORMATS))
        assert 'Did you mean "json"?' in answer.json["detail"]
        assert client.get("/api/v1/providers/gov/export/json", headers=bearer(other)).status_code == 404
        empty = client.get("/api/v1/providers/porto/export/json", headers=bearer(other))
        assert empty.json == {"courses": [], "mappings": []}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_sent_as_a_file(sqlite_database: Database, name: str) -> None:
    with serving_providers(sqlite_database) as (client, key, _):
        catalogue(client, key)
        answer = client.get(f"/api/v1/providers/gov/export/{name}", headers=bearer(key))
        assert (answer.status_code, answer.mimetype) == (200, FORMATS[name].media_type)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="gov-{FORMATS[name].file}"'


@pytest.mark.parametrize("text", ["a\ufffeb", "a\ud800b", "x" * 32_767])
def test_what_a_workbook_cannot_hold_is_refused_and_not_bent(text: str) -> None:
    with pytest.raises(NotAcceptable, match="take another format, such as CSV"):
        workbook({"courses": [["external_id"], [text]], "mappings": []})
    with pytest.raises(NotAcceptable, match="take another format, such as CSV"):
        as_workbook({"concepts": [["code", "label"], ["C001", text]]})
