"""What a concept is in its hierarchy, over time and in other versions; and its permanent address."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.support.published import FORMER, serving_two_versions

V = "/api/v1/versions"
BASE = "http://127.0.0.1:8000"
GDPR_IN_ESCO = "http://data.europa.eu/esco/skill/d3e9b00a-0891-4fa8-836d-8240ec3d2758"


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.get_json()


def codes(found: Any) -> list[str]:
    return [item["code"] for item in found["items"]]


def test_the_tree_is_of_a_kind_or_below_a_concept(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.0.0/tree?kind=competency&lang=es")
    assert [(node["code"], [child["code"] for child in node["children"]]) for node in found["items"]] == [
        ("C001", ["C002"]),
        ("C003", []),
    ]
    assert codes(get(two_versions, f"{V}/1.0.0/tree?below=C001&depth=1")) == ["C001"]
    assert {"C001", "D001", "T001"} < set(codes(get(two_versions, f"{V}/1.0.0/tree")))
    assert two_versions.get(f"{V}/1.0.0/tree?below=C999").status_code == 422
    assert two_versions.get(f"{V}/1.0.0/tree?depth=0").status_code == 422


def test_a_tree_of_a_kind_is_not_asked_for_below_a_concept_of_another(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/tree?kind=technology&below=C001")
    assert response.status_code == 422
    assert response.get_json()["errors"] == [{"parameter": "kind", "detail": "C001 is a competency; leave out `kind`."}]
    assert codes(get(two_versions, f"{V}/1.0.0/tree?kind=competency&below=C001")) == ["C001"]


def test_the_history_says_what_changed_where_on_both_databases(database: Database) -> None:
    with serving_two_versions(database) as client:
        found = get(client, "/api/v1/concepts/C001")
        missing = client.get("/api/v1/concepts/C077")
    assert (found["versions"], found["changed_in"]) == (["1.0.0", "1.1.0"], ["1.1.0"])
    assert found["label"] == {"en": "Another name", "es": "Competencia C001"}
    assert found["history"][1]["changes"][0]["edits"][0]["new"] == "Another name"
    assert missing.status_code == 404


def convert(client: FlaskClient, *items: Any, source: str = "1.0.0", target: str = "1.1.0") -> Any:
    return client.post("/api/v1/convert", json={"from": source, "to": target, "items": items})


def test_codes_and_addresses_are_found_again_in_another_version(two_versions: FlaskClient) -> None:
    found = convert(two_versions, "C001", "C002", f"{BASE}/id/C003", FORMER, "C099").get_json()
    assert [(item["outcome"], (item["result"] or {}).get("code")) for item in found["items"]] == [
        ("renamed", "C001"),
        ("replaced", "C001"),
        ("same", "C003"),
        ("same", "T001"),
        ("unknown", None),
    ]
    assert found["items"][2]["asked"] == f"{BASE}/id/C003"
    assert found["counts"] == {"renamed": 1, "replaced": 1, "same": 2, "unknown": 1}
    assert convert(two_versions, "T002", source="latest", target="1.0").get_json()["items"][0]["outcome"] == "absent"


def test_what_is_found_again_is_named_in_the_language_asked_for(two_versions: FlaskClient) -> None:
    body = {"from": "1.0.0", "to": "1.1.0", "items": ["C001"]}
    response = two_versions.post("/api/v1/convert?lang=auto", json=body, headers={"Accept-Language": "es"})
    [item] = response.get_json()["items"]
    assert (item["concept"]["label"]["text"], item["result"]["label"]["lang"]) == ("Competencia C001", "es")
    assert response.headers["Content-Language"] == "es"
    assert two_versions.post("/api/v1/convert?lang=spanish", json=body).status_code == 422


def test_conversions_are_a_table_for_whom_accepts_one_and_nothing_else_is_made_up(two_versions: FlaskClient) -> None:
    body = {"from": "1.0.0", "to": "1.1.0", "items": ["C002", "=C099"]}

    def answered(accept: str) -> Any:
        return two_versions.post("/api/v1/convert?lang=en", json=body, headers={"Accept": accept})

    table = list(csv.DictReader(answered("text/csv").data.decode("utf-8-sig").splitlines()))
    assert [(row["asked"], row["outcome"], row["result"], row["label"]) for row in table] == [
        ("C002", "replaced", "C001", "Another name"),
        ("'=C099", "unknown", "", ""),
    ]
    assert answered("*/*").mimetype == "application/json"
    assert (answered("text/turtle").status_code, answered("text/turtle").get_json()["code"]) == (406, "not-acceptable")


def test_a_concept_of_esco_is_called_something_here(starter: FlaskClient) -> None:
    [item] = convert(starter, GDPR_IN_ESCO, source="latest", target="latest").get_json()["items"]
    assert item["outcome"] == "same"
    assert item["alignment"]["scheme"] == "ESCO"
    assert "data protection" in item["result"]["label"]["en"].lower()


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"from": "1.0.0", "to": "1.1.0", "items": []}, 422, "/items"),
        ({"from": "1.0.0", "to": "1.1.0", "items": ["C001"] * 1001}, 422, "/items"),
        ({"from": "1.0.0", "to": "1.1.0", "items": [7]}, 422, "/items/0"),
        ({"from": "1.0.0", "to": "1.1.0", "items": ["C\u0000"]}, 422, "/items/0"),
        ({"from": "1.0.0", "items": ["C001"]}, 422, "/to"),
        ({"from": "1.0.0", "to": "1.1.0", "items": ["C001"], "form": 1}, 422, "/form"),
        ({"from": "9.9.9", "to": "1.1.0", "items": ["C001"]}, 404, None),
        (["C001"], 422, ""),
    ],
)
def test_a_wrong_question_names_the_place(
    two_versions: FlaskClient, body: Any, status: int, pointer: str | None
) -> None:
    response = two_versions.post("/api/v1/convert", json=body)
    assert response.status_code == status, response.text
    errors = response.get_json().get("errors", [{}])
    assert errors[0].get("pointer") == pointer


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"items": ["\\ud800"]}', "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b"", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * 1_100_000, "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    two_versions: FlaskClient, data: bytes, content_type: str, status: int
) -> None:
    response = two_versions.post("/api/v1/convert", data=data, content_type=content_type)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_permanent_address_leads_to_data_or_to_a_page(two_versions: FlaskClient) -> None:
    data, page = (
        two_versions.get("/id/C001"),
        two_versions.get("/id/C001", headers={"Accept": "text/html", "Accept-Language": "nl"}),
    )
    assert (data.status_code, data.headers["Location"]) == (303, f"{V}/latest/concepts/C001")
    assert page.headers["Location"] == "/nl/concepts/C001"
    assert "Accept" in page.headers["Vary"]
    assert two_versions.get("/id/C999").status_code == 404
