"""Coverage over HTTP: of one provider, of some of its courses, of everything public; as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.support.courses import put_course, put_mappings, serving_providers, teaches
from tests.support.keys import bearer

ADDRESS = "/api/v1/providers/gov/coverage"
Served = tuple[FlaskClient, str, str]


@pytest.fixture
def served(database: Database) -> Iterator[Served]:
    """Two providers, each with courses; one course of `gov` is private."""
    with serving_providers(database) as (client, gov, porto):
        first = put_course(client, gov, "SC-1", modality="online")
        put_mappings(client, gov, first, teaches("C001", level=2, hours=3), teaches("C003", level=1, hours=1.5))
        second = put_course(client, gov, "SC-2", modality="hands-on", visibility="private")
        requires = {"concept": "T001", "relation": "requires"}
        put_mappings(client, gov, second, teaches("C001", level=2, hours=2), requires)
        third = put_course(client, porto, "P-1", provider="porto")
        put_mappings(client, porto, third, teaches("C003", level=4))
        yield client, gov, porto


def asked(served: Served, query: str = "", address: str = ADDRESS) -> Any:
    answer = served[0].get(f"{address}?{query}", headers=bearer(served[1]))
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_each_concept_says_who_teaches_it_and_how_far(served: Served) -> None:
    found = {entry["code"]: entry for entry in asked(served, "lang=en")["concepts"]}
    first = found["C001"]
    assert (first["state"], first["taught"], first["hours"], first["levels"]) == ("covered", 2, 5, {"2": 2})
    assert first["courses"] == {"teaching": 2, "assessing": 0, "requiring": 0}
    assert first["label"]["lang"] == "en"


def test_sums_name_their_denominators(served: Served) -> None:
    document = asked(served)
    assert document["summary"]["states"]["covered"] == {"count": 2, "of": 2, "percent": 100.0}
    assert [(d["code"], d["concepts"], d["teaching"], d["hours"]) for d in document["disciplines"]] == [
        ("D001", 2, 3, 6.5)
    ]
    modalities = {m["modality"]: (m["mappings"], m["hours"]) for m in document["modalities"]}
    assert modalities["online"][0] == {"count": 2, "of": 3, "percent": 66.7}
    assert modalities["hands-on"][1] == {"count": 2, "of": 6.5, "percent": 30.8}


def test_what_is_taught_twice_and_what_is_required_and_not_taught_are_listed(served: Served) -> None:
    document = asked(served)
    assert [(r["code"], r["level"], r["courses"]) for r in document["redundancies"]] == [("C001", 2, 2)]
    missing = {p["code"]: (p["courses"], [c["code"] for c in p["required_by"]]) for p in document["prerequisites"]}
    assert missing["T001"] == (1, ["C003"])


def test_a_profile_says_the_gap_to_what_it_expects(served: Served) -> None:
    document = asked(served, "profile=R001&version=1.0.0")
    assert [(c["code"], c["state"], c["expected"], c["gap"]) for c in document["concepts"]] == [
        ("C002", "missing", 2, 2),
        ("C003", "below", 3, 2),
    ]
    assert document["against"] == {"by": "profile", "values": ["R001"]}


def test_a_list_of_courses_is_counted_by_itself(served: Served) -> None:
    document = asked(served, "courses=SC-2&codes=C001,C003")
    assert [(c["code"], c["courses"]["teaching"]) for c in document["concepts"]] == [("C001", 1), ("C003", 0)]
    assert [m["modality"] for m in document["modalities"]] == ["hands-on"]


def test_everything_public_leaves_private_courses_out(served: Served) -> None:
    document = served[0].get("/api/v1/coverage?kind=competency").get_json()
    assert {c["code"]: c["courses"]["teaching"] for c in document["concepts"]} == {"C001": 1, "C003": 2}
    assert document["provider"] is None


def test_a_change_is_seen_at_once_and_what_is_unchanged_is_not_counted_again(served: Served) -> None:
    client, gov, _ = served
    before = [asked(served, "codes=C001") for _ in range(2)]
    assert before[0] == before[1]
    address = put_course(client, gov, "SC-3")
    put_mappings(client, gov, address, teaches("C001", level=4))
    assert asked(served, "codes=C001")["concepts"][0]["taught"] == 4
    assert client.get("/api/v1/coverage?codes=C001").get_json()["concepts"][0]["taught"] == 4


def test_mappings_as_of_an_older_version_count_as_they_would_move(served: Served) -> None:
    client, gov, _ = served
    address = put_course(client, gov, "OLD")
    put_mappings(client, gov, address, teaches("C002", level=3, version="1.0.0"))
    found = {c["code"]: c for c in asked(served)["concepts"]}
    assert (found["C001"]["taught"], found["C001"]["merged"]) == (3, ["C001", "C002"])
    compared = asked(served, "older=1.0.0&codes=C001,C002", f"{ADDRESS}/comparison")
    assert {c["code"]: c["development"] for c in compared["concepts"]} == {"C001": "better", "C002": "worse"}


def test_a_table_has_a_row_for_each_concept(served: Served) -> None:
    answer = served[0].get(f"{ADDRESS}.csv?lang=es", headers=bearer(served[1]))
    rows = list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))
    assert answer.headers["Content-Language"] == "es"
    assert (rows[0]["code"], rows[0]["lang"], rows[0]["level_2"], rows[0]["hours"]) == ("C001", "es", "2", "5")
    assert any(row["code"] == "# covered: 2 of 2 concepts" for row in rows)
    compared = served[0].get(f"{ADDRESS}/comparison.csv?older=1.0.0", headers=bearer(served[1]))
    assert compared.data.decode("utf-8-sig").startswith("code,label,lang,development,")


def test_a_workbook_has_the_numbers_as_numbers(served: Served) -> None:
    answer = served[0].get(f"{ADDRESS}.xlsx?lang=en", headers=bearer(served[1]))
    book = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)
    concepts = [[cell.value for cell in row] for row in book["concepts"].iter_rows()]
    assert (concepts[0][0], concepts[1][0], concepts[1][-1]) == ("code", "C001", 5)
    assert [cell.value for cell in next(book["sums"].iter_rows(min_row=2))][:5] == ["all", None, None, 2, 2]
    compared = served[0].get(f"{ADDRESS}/comparison.xlsx?older=1.0.0", headers=bearer(served[1]))
    assert compared.data.startswith(b"PK")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("profile=C001", "profile"),
        ("discipline=R001", "discipline"),
        ("codes=C404", "codes"),
        ("kind=competency&profile=R001", "profile"),
        ("courses=SC-404", "courses"),
        ("kind=skill", "kind"),
    ],
)
def test_what_cannot_be_asked_is_named(served: Served, query: str, parameter: str) -> None:
    answer = served[0].get(f"{ADDRESS}?{query}", headers=bearer(served[1]))
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == parameter


def test_the_coverage_of_another_provider_is_not_shown(served: Served) -> None:
    client, gov, porto = served
    assert client.get(ADDRESS, headers=bearer(porto)).status_code == 404
    assert client.get(ADDRESS).status_code == 401
    assert client.get(f"{ADDRESS}?version=9.9.9", headers=bearer(gov)).status_code == 404
