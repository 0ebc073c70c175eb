"""Previews of migrations: without an account, nothing kept, the file ready to save."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.courses.plans.tables import MOST_ROWS

ADDRESS = "/api/v1/migrations/preview?to=1.1.0"
FILE = (
    "course;concept;relation;level;hours;note\n"
    "A;C001;teaches;2;1.5;first\nA;C002;teaches;3;1;second\nB;C404;teaches;;;third\n"
)


def preview(client: FlaskClient, data: Any, query: str = "&from=1.0.0", **options: Any) -> Any:
    return client.post(ADDRESS + query, data=data, content_type="text/csv", **options)


def test_each_row_has_its_outcome(two_versions: FlaskClient) -> None:
    document = preview(two_versions, FILE).get_json()
    items = document["items"]
    assert [(item["line"], item["asked"], item["outcome"], item["result"]) for item in items] == [
        (2, "C001", "renamed", "C001"),
        (3, "C002", "replaced", "C001"),
        (4, "C404", "unknown", None),
    ]
    assert document["outcomes"] == {"renamed": 1, "replaced": 1, "unknown": 1}
    assert "C001" in items[2]["reason"] or "no concept" in items[2]["reason"]
    assert items[0]["before"]["label"]["en"] != items[0]["after"]["label"]["en"]


def test_the_file_comes_back_ready_to_save(two_versions: FlaskClient) -> None:
    answer = preview(two_versions, FILE, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(r["course"], r["concept"], r["level"], r["hours"], r["note"], r["version"]) for r in rows] == [
        ("A", "C001", "3", "2.5", "first", "1.1.0"),
        ("B", "C404", "", "", "third", "1.0.0"),
    ]
    assert answer.headers["Cache-Control"] == "no-store"


def test_json_is_taken_with_versions_of_its_own(two_versions: FlaskClient) -> None:
    mappings = [{"concept": "C002", "version": "1.0.0", "hours": 2}, {"concept": "W01", "version": "1.0.0"}]
    for body in (mappings, {"mappings": mappings}):
        document = two_versions.post(f"{ADDRESS}&from=1.1.0", json=body).get_json()
        assert [item["concept"] for item in document["items"]] == ["C002", "T001"]
        assert document["mappings"][0] == {"concept": "C001", "version": "1.1.0", "hours": 2}


def test_it_goes_back_in_time_too(two_versions: FlaskClient) -> None:
    back = two_versions.post(
        "/api/v1/migrations/preview?from=1.1.0&to=1.0.0", data="concept\nC001\nT002\n", content_type="text/csv"
    )
    assert [item["outcome"] for item in back.get_json()["items"]] == ["renamed", "retired"]


@pytest.mark.parametrize(
    ("data", "query", "status", "said"),
    [
        (FILE, "", 422, "It is missing."),
        ("kurs;teaches\nA;B\n", "&from=1.0.0", 422, "is missing. Known are: kurs"),
        ("concept\nC001,extra\n", "&from=1.0.0", 422, "2 cells"),
        ("", "&from=1.0.0", 422, "empty"),
        ("concept\nC001\n".encode("utf-16"), "&from=1.0.0", 422, "UTF-16"),
        ("concept\n" + "C001\n" * (MOST_ROWS + 1), "&from=1.0.0", 422, "at most"),
        (FILE, "&from=9.9.9", 404, "no version"),
    ],
    ids=["version", "column", "cells", "empty", "encoding", "rows", "unknown"],
)
def test_what_cannot_be_read_is_told(
    two_versions: FlaskClient, data: str | bytes, query: str, status: int, said: str
) -> None:
    answer = preview(two_versions, data, query)
    assert answer.status_code == status
    assert said in answer.text


@pytest.mark.parametrize("body", ["[", "{}", "[1]", '[{"concept": 5}]', '{"mappings": {}}'])
def test_json_that_is_no_list_of_mappings_is_told(two_versions: FlaskClient, body: str) -> None:
    answer = two_versions.post(ADDRESS + "&from=1.0.0", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)


def test_other_formats_are_refused(two_versions: FlaskClient) -> None:
    assert two_versions.post(f"{ADDRESS}&from=1.0.0", data="x", content_type="text/plain").status_code == 415
