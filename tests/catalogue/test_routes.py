"""Versions over HTTP, on two small versions unless the starter's content is what counts."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.support.databases import settings_for
from tests.support.published import serving, serving_two_versions

V = "/api/v1/versions"
HOSTILE = "<script>alert(\"1\")</script> & 'x'"


def get(client: FlaskClient, path: str, **headers: str) -> Any:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_versions_are_listed_newest_first_on_both_databases(database: Database) -> None:
    with serving_two_versions(database) as client:
        found = get(client, V)
    assert [item["number"] for item in found["items"]] == ["1.1.0", "1.0.0"]
    assert (found["total"], found["next"]) == (2, None)


def test_pages_of_versions_follow_each_other(two_versions: FlaskClient) -> None:
    first = two_versions.get(f"{V}?limit=1")
    assert first.headers["Link"].endswith('; rel="next"')
    address = first.headers["Link"].split(">")[0].removeprefix("<")
    second = two_versions.get(address)
    assert [r.get_json()["items"][0]["number"] for r in (first, second)] == ["1.1.0", "1.0.0"]
    assert "Link" not in second.headers


def test_a_version_says_why_it_has_its_number_and_how_complete_it_is(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.1.0")
    assert found["why"] == "3 changes since 1.0.0 demand a minor step: 1.1.0 is the smallest permitted number."
    assert {reason["code"] for reason in found["reasons"]} == {"C002", "R001", "T002"}
    assert found["languages"]["es"]["labels"] == {"count": 10, "of": 10, "percent": 100.0}
    assert found["languages"]["es"]["reviewed"]["percent"] == 0.0
    assert get(two_versions, f"{V}/1.0.0")["why"] == "It is the first version."


@pytest.mark.parametrize("name", ["latest", "1", "1.1", "2999-01-01"])
def test_an_alias_names_the_exact_version_and_is_kept_briefly(two_versions: FlaskClient, name: str) -> None:
    response = two_versions.get(f"{V}/{name}")
    assert response.get_json()["version"] == "1.1.0"
    assert response.headers["Content-Location"] == f"{V}/1.1.0"
    assert response.headers["Cache-Control"] == "public, max-age=10, stale-while-revalidate=60"


def test_an_exact_version_is_kept_for_ever(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/quality")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Location" not in response.headers


def test_what_is_said_of_an_exact_version_is_kept_briefly_since_it_may_be_withdrawn(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0")
    assert response.headers["Cache-Control"] == "public, max-age=10"
    assert "Content-Location" not in response.headers


PATHS = ("", "/1.0.0", "/1.0.0/changes/1.1.0", "/1.0.0/quality", "/latest/changes/1.0.0.csv", ".atom")


@pytest.mark.parametrize("path", PATHS)
def test_everything_has_a_strong_validator_and_head(two_versions: FlaskClient, path: str) -> None:
    response = two_versions.get(V + path)
    tag = response.headers["ETag"]
    assert tag.startswith('"')
    again = two_versions.get(V + path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    head = two_versions.head(V + path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("1.0.1", ["1.0.0", "1.1.0"]), ("0.9.0", ["1.0.0"]), ("7", ["1.1.0"]), ("newest", ["1.1.0"])],
)
def test_a_version_that_never_was_names_the_nearest(two_versions: FlaskClient, name: str, nearest: list[str]) -> None:
    response = two_versions.get(f"{V}/{name}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.get_json()["nearest"] == nearest


def test_the_draft_is_not_public(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/draft")
    assert response.status_code == 404
    assert "not public" in response.get_json()["detail"]


def test_a_day_before_the_first_version_says_when_that_was(two_versions: FlaskClient) -> None:
    assert "the first one is from" in two_versions.get(f"{V}/1999-12-31").get_json()["detail"]


def test_the_digest_can_be_recomputed_from_the_download(starter: FlaskClient) -> None:
    lines = starter.get(f"{V}/2.0.0/export/ndjson").text.splitlines()[1:]
    digests = sorted(f"{json.loads(line)['code']} {hashlib.sha256(line.encode()).hexdigest()}\n" for line in lines)
    assert hashlib.sha256("".join(digests).encode()).hexdigest() == get(starter, f"{V}/2.0.0")["digest"]


# -- differences -------------------------------------------------------------------------------------------------------


def test_two_versions_are_compared_in_either_order(two_versions: FlaskClient) -> None:
    there, back = get(two_versions, f"{V}/1.0.0/changes/1.1.0"), get(two_versions, f"{V}/1.1.0/changes/1.0.0")
    assert (there["from"], there["to"], back["from"], back["to"]) == ("1.0.0", "1.1.0", "1.1.0", "1.0.0")
    assert there["counts"] == {"added": 1, "replaced": 1, "renamed": 1, "linked": 1}
    assert back["counts"]["removed"] == 1
    assert there["numbering"]["why"].startswith("3 changes since 1.0.0")
    assert back["numbering"] is None


def test_a_version_does_not_differ_from_itself(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.0.0/changes/1.0.0")
    assert (found["items"], found["bump"], found["counts"]) == ([], None, {})


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("type=renamed", ["C001"]),
        ("type=renamed,added", ["T002", "C001"]),
        ("kind=technology", ["T002"]),
        ("code=C002", ["C002"]),
        ("code=P001", []),
        ("type=levelled", []),
    ],
)
def test_differences_are_filtered(two_versions: FlaskClient, query: str, codes: list[str]) -> None:
    found = get(two_versions, f"{V}/1.0.0/changes/1.1.0?{query}")
    assert [item["code"] for item in found["items"]] == codes
    assert found["concepts"] == 4


def test_a_change_says_what_it_was_and_is(two_versions: FlaskClient) -> None:
    change = get(two_versions, f"{V}/1.0.0/changes/1.1.0?code=C001&lang=es")["items"][0]
    assert change["label"]["text"] == "Competencia C001"
    assert change["changes"][0]["edits"] == [
        {"path": "/labels/en/preferred", "old": "Competency C001", "new": "Another name"}
    ]


def test_the_weightiest_changes_come_first_in_every_format(two_versions: FlaskClient) -> None:
    address = f"{V}/1.0.0/changes/1.1.0"
    found = get(two_versions, f"{address}?limit=all")
    order = ["C002", "R001", "T002", "C001"]
    assert [(item["code"], item["bump"]) for item in found["items"]] == list(
        zip(order, [*["minor"] * 3, "patch"], strict=True)
    )
    rows = csv.DictReader(io.StringIO(two_versions.get(f"{address}.csv").data.decode("utf-8-sig")))
    assert list(dict.fromkeys(row["code"] for row in rows)) == order
    assert (
        re.findall(
            '<article class="change" id="([A-Z0-9]+)"', two_versions.get(f"{address}.html", follow_redirects=True).text
        )
        == order
    )


def test_changed_links_are_named_in_every_format(two_versions: FlaskClient) -> None:
    address = f"{V}/1.0.0/changes/1.1.0"
    [edit] = get(two_versions, f"{address}?code=R001&lang=es")["items"][0]["changes"][0]["edits"]
    assert {code: label["text"] for code, label in edit["labels"].items()} == {
        code: f"Competencia {code}" for code in ("C001", "C002", "C003")
    }
    assert edit["new"] == [{"code": "C001", "level": 2}, {"code": "C003", "level": 3}]
    [row] = csv.DictReader(io.StringIO(two_versions.get(f"{address}.csv?code=R001").data.decode("utf-8-sig")))
    assert row["links"] == "C002 Competency C002; C003 Competency C003; C001 Another name"
    page = two_versions.get(f"{address}.html?code=R001&lang=es", follow_redirects=True).text
    assert "<del>C002 Competencia C002, level 2</del>" in page
    assert "<ins>C001 Competencia C001, level 2</ins>" in page


def test_differences_come_as_a_table(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1/changes/1.0.0.csv")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Location"] == f"{V}/1.1.0/changes/1.0.0.csv"
    assert {row["code"] for row in rows} == {"C001", "C002", "R001", "T002"}
    assert next(row["new"] for row in rows if row["code"] == "C001") == "Competency C001"


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("type=renmed", "type", 'Did you mean "renamed"?'),
        ("kind=skill", "kind", "Known are"),
        ("code=C0001", "code", "C001"),
        ("cursor=%21", "cursor", "not a cursor"),
        ("limit=0", "limit", "from 1 to 500"),
        ("limit=501", "limit", "from 1 to 500"),
        ("types=added", "types", 'Did you mean "type"?'),
    ],
)
def test_wrong_parameters_are_refused_with_what_is_right(
    two_versions: FlaskClient, query: str, parameter: str, hint: str
) -> None:
    response = two_versions.get(f"{V}/1.0.0/changes/1.1.0?{query}")
    assert response.status_code == 422
    [error] = response.get_json()["errors"]
    assert error["parameter"].split(".")[0] == parameter
    assert hint in error["detail"]


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("1.0.0/changes/latest", "1.0.0/changes/1.1.0"),
        (
            "1/changes/1.0.0?type=renamed,added&kind=technology",
            "1.1.0/changes/1.0.0?type=renamed%2Cadded&kind=technology",
        ),
    ],
)
def test_people_are_led_to_the_page_of_the_exact_difference(two_versions: FlaskClient, asked: str, place: str) -> None:
    response = two_versions.get(f"{V}/{asked}", headers={"Accept": "text/html", "Accept-Language": "pt-BR, es;q=0.5"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/pt/versions/{place}")
    assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


# -- feed and quality --------------------------------------------------------------------------------------------------


def test_the_feed_is_atom_and_escapes_what_people_typed(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}.atom")
    feed = ElementTree.fromstring(response.data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert response.headers["Content-Type"] == "application/atom+xml"
    assert [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")] == [
        "1.1.0 Second & <last>",
        "1.0.0 First",
    ]
    assert all(feed.findtext(f"{atom}{name}") for name in ("id", "title", "updated", "rights"))


def test_the_quality_report_is_that_of_the_publication(starter: FlaskClient) -> None:
    found = get(starter, f"{V}/2.0.0/quality?limit=all")
    assert found["errors"] == 0
    assert found["warnings"] == len(found["items"]) == sum(rule["count"] for rule in found["rules"])
    rule = found["rules"][0]["rule"]
    chosen = get(starter, f"{V}/2.0.0/quality?rule={rule}&severity=warning")
    assert {finding["rule"] for finding in chosen["items"]} == {rule}


def test_without_a_version_lists_are_empty_and_versions_are_not_found(sqlite_database: Database) -> None:
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        assert get(client, V)["items"] == []
        assert client.get(f"{V}.atom").status_code == 200
        assert "nothing is published yet" in client.get(f"{V}/latest").get_json()["detail"]
        assert client.get("/readyz").status_code == 503


def test_a_process_is_ready_when_the_newest_version_is_loaded(two_versions: FlaskClient) -> None:
    checks = {check["name"]: check["detail"] for check in get(two_versions, "/readyz")["checks"]}
    assert checks["version"] == "1.1.0 loaded"
    assert re.search(r"taxonomy_versions_loaded [12]\.0", two_versions.get("/metrics").text)
