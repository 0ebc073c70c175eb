"""Concepts over HTTP, on two small versions unless the starter's content is what counts."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.factories import a_taxonomy, edited, labels
from tests.support.databases import settings_for
from tests.support.published import FORMER, serving, serving_two_versions
from tests.support.states import published

V = "/api/v1/versions"
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def get(client: FlaskClient, path: str, **headers: str) -> Any:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return response.get_json()


def codes(found: Any) -> list[str]:
    return [item["code"] for item in found["items"]]


# -- lists -------------------------------------------------------------------------------------------------------------


def test_active_concepts_are_listed_by_code(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.1.0/concepts")
    assert codes(found) == sorted(codes(found))
    assert "C002" not in codes(found)
    assert (found["version"], found["total"]) == ("1.1.0", 10)


def test_pages_follow_each_other_until_everything_was_seen(two_versions: FlaskClient) -> None:
    address, seen = f"{V}/latest/concepts?limit=4&sort=label", []
    while address:
        response = two_versions.get(address)
        seen += codes(response.get_json())
        address = response.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert sorted(seen) == codes(get(two_versions, f"{V}/latest/concepts?limit=all"))


def test_many_codes_are_asked_for_at_once(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.1.0/concepts?codes=T002,C002,C099")
    assert (codes(found), found["missing"]) == (["C002", "T002"], ["C099"])


def test_nothing_found_is_an_empty_list(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.0.0/concepts?q=zzz")
    assert (found["items"], found["total"], found["next"]) == ([], 0, None)


def test_fields_trim_and_the_version_stays(two_versions: FlaskClient) -> None:
    item = get(two_versions, f"{V}/1.0.0/concepts?codes=C003&fields=code,labels.preferred,relations.requires.code")
    assert item["items"] == [
        {
            "code": "C003",
            "version": "1.0.0",
            "labels": {"en": {"preferred": "Competency C003"}, "es": {"preferred": "Competencia C003"}},
            "relations": {"requires": [{"code": code} for code in ("B001", "C001", "P001", "Q001", "T001")]},
        }
    ]
    spoken = get(two_versions, f"{V}/1.0.0/concepts?codes=C003&fields=labels.preferred.text&lang=es")
    assert spoken["items"][0]["labels"] == {"preferred": {"text": "Competencia C003"}}


def test_the_list_comes_as_the_table_of_the_export(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/concepts.csv?kind=technology")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [line.split(",")[0] for line in response.data.decode("utf-8-sig").splitlines()] == ["code", "T001"]


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("kind=competancy", "kind", 'Did you mean "competency"?'),
        ("phaze=plan", "phaze", 'Did you mean "phase"?'),
        ("phase=planning", "phase", 'Did you mean "plan"?'),
        ("codes=", "codes", "separated by commas"),
        ("codes=C001,C001", "codes", "each value once"),
        (f"codes={','.join(f'C{n:03}' for n in range(501))}", "codes", "at most 500"),
        ("codes=%00", "codes", "NUL"),
        ("q=%E2%80%AE", "q", "not allowed"),
        ("requires=C999", "requires", "There is no concept"),
        ("fields=labels.prefered", "fields", 'Did you mean "preferred"?'),
        ("include=narower", "include", 'Did you mean "narrower"?'),
        ("sort=name", "sort", "Known are"),
        ("lang=spanish", "lang", "Known are: auto, en, es."),
        ("lang=%22", "lang", ""),
        ("cursor=IkMwMDEi", "cursor", "not a cursor"),
        ("limit=1_0", "limit", "whole number"),
        ("limit=ALL", "limit", 'from 1 to 500, or "all"'),
        ("limit=1&limit=2", "limit", "more than once"),
        ("level=2", "level", "expected_by"),
        ("language=xx-bad-tag-1-1", "language", "BCP 47"),
    ],
)
def test_wrong_parameters_are_refused_with_what_is_right(
    two_versions: FlaskClient, query: str, parameter: str, hint: str
) -> None:
    response = two_versions.get(f"{V}/1.0.0/concepts?{query}")
    assert response.status_code == 422, response.text
    error = response.get_json()["errors"][0]
    assert error["parameter"].split(".")[0] == parameter
    assert hint in error["detail"]


def test_a_format_that_is_not_there_lists_those_that_are(two_versions: FlaskClient) -> None:
    for response in (
        two_versions.get(f"{V}/1.0.0/concepts.pdf"),
        two_versions.get(f"{V}/1.0.0/concepts", headers={"Accept": "image/png"}),
    ):
        assert response.status_code == 406
        assert [entry["suffix"] for entry in response.get_json()["available"]] == ["json", "csv", "xlsx"]


# -- languages ---------------------------------------------------------------------------------------------------------


def test_one_language_flattens_every_text_and_says_so(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/concepts/C001?lang=es")
    assert response.headers["Content-Language"] == "es"
    assert response.get_json()["labels"]["preferred"] == {
        "text": "Competencia C001",
        "lang": "es",
        "fallback": False,
        "review": "draft",
    }


def test_a_language_that_nothing_is_written_in_falls_back_honestly(two_versions: FlaskClient) -> None:
    response = two_versions.get(f"{V}/1.0.0/concepts/C001?lang=fi")
    assert response.headers["Content-Language"] == "en"
    assert response.get_json()["labels"]["preferred"]["fallback"] is True


def test_the_language_of_the_browser_counts_only_when_asked_for(two_versions: FlaskClient) -> None:
    header = {"Accept-Language": "de;q=0.5, es-MX, en;q=0.1"}
    chosen = two_versions.get(f"{V}/1.0.0/concepts/C001?lang=auto", headers=header)
    assert chosen.headers["Content-Language"] == "es"
    assert "Accept-Language" in chosen.headers["Vary"]
    everything = two_versions.get(f"{V}/1.0.0/concepts/C001", headers=header)
    assert set(everything.get_json()["labels"]) == {"en", "es"}
    assert "Accept-Language" not in everything.headers["Vary"]
    assert "Content-Language" not in everything.headers


@pytest.mark.parametrize(
    ("fields", "languages"),
    [
        ("labels.preferred", "es"),
        ("definition", "en"),
        ("labels,definition", "es, en"),
        ("definition.text,code", "en"),
        ("definition.lang,labels", "es"),
        ("relations.requires.label.text", "es, en"),
        ("code,definition.lang", None),
    ],
)
@pytest.mark.parametrize("path", ["concepts/C003?", "concepts?codes=C003&"])
def test_only_languages_of_texts_that_are_shown_are_named(
    sqlite_database: Database, path: str, fields: str, languages: str | None
) -> None:
    state = edited(a_taxonomy(), "C003", definition={"en": a_taxonomy()["C003"].definition["en"]})
    published(sqlite_database, edited(state, "B001", labels={"en": labels("Only in English")}))
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        response = client.get(f"{V}/latest/{path}fields={fields}&lang=es")
    assert response.status_code == 200, response.text
    assert response.headers.get("Content-Language") == languages


# -- one concept -------------------------------------------------------------------------------------------------------


def test_what_is_said_of_a_concepts_history_ends_with_the_version_on_both_databases(database: Database) -> None:
    with serving_two_versions(database) as client:
        before, after = (get(client, f"{V}/{number}/concepts/C002") for number in ("1.0.0", "1.1.0"))
    assert (before["first_version"], before["changed_in"], before["retired_in"]) == ("1.0.0", [], None)
    assert (after["first_version"], after["changed_in"], after["retired_in"]) == ("1.0.0", ["1.1.0"], "1.1.0")


def test_a_retired_concept_is_found_and_says_what_to_use(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/latest/concepts/C002")
    assert found["status"] == "retired"
    assert [(end["code"], end["label"]["en"]) for end in found["retirement"]["use"]] == [("C001", "Another name")]


def test_a_former_code_leads_to_the_present_one(two_versions: FlaskClient) -> None:
    moved = two_versions.get(f"{V}/1/concepts/{FORMER}.html?lang=es")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{V}/1/concepts/T001.html?lang=es")
    assert two_versions.get(f"/api/v1/concepts/{FORMER}").headers["Location"] == "/api/v1/concepts/T001"
    assert two_versions.get(f"/id/{FORMER}").headers["Location"] == "/id/T001"


@pytest.mark.parametrize(
    ("path", "detail", "extra"),
    [
        ("1.0.0/concepts/T002", "T002 exists since version 1.1.0", {"first_version": "1.1.0"}),
        ("1.1.0/concepts/T999", "Nearest: T002, T001", {"nearest": ["T002", "T001"]}),
        ("1.1.0/concepts/c003", "is not a code", {"nearest": ["C003"]}),
        ("1.1.0/concepts/%20", "is not a code", {"nearest": []}),
    ],
)
def test_an_unknown_code_says_what_it_may_have_meant(
    two_versions: FlaskClient, path: str, detail: str, extra: dict[str, Any]
) -> None:
    response = two_versions.get(f"{V}/{path}")
    problem = response.get_json()
    assert response.status_code == 404
    assert detail in problem["detail"]
    assert all(item in problem[name] for name, items in extra.items() for item in items)


def test_include_answers_the_linked_concepts_whole(two_versions: FlaskClient) -> None:
    found = get(two_versions, f"{V}/1.0.0/concepts/D001?include=competencies,alignments")
    assert [item["definition"]["en"][:15] for item in found["inverse"]["competencies"]] == [
        f"Competency C00{n}" for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("latest/concepts/C001.html", "/en/concepts/C001"),
        ("1.0/concepts/C001.html?lang=fr-BE", "/fr/versions/1.0.0/concepts/C001"),
        ("1.1.0/concepts/C002.html?lang=fi", "/en/versions/1.1.0/concepts/C002"),
    ],
)
def test_people_are_led_to_the_page_of_a_concept(two_versions: FlaskClient, asked: str, place: str) -> None:
    response = two_versions.get(f"{V}/{asked}")
    assert (response.status_code, response.headers["Location"]) == (303, place)
    assert two_versions.get(place).status_code == 200


FOR_EVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/concepts?lang=es", "/concepts/C001", "/tree", "/concepts.csv"])
def test_data_of_an_exact_version_are_kept_for_ever_and_validated(two_versions: FlaskClient, path: str) -> None:
    response = two_versions.get(f"{V}/1.0.0{path}")
    assert response.headers["Cache-Control"] == FOR_EVER
    again = two_versions.get(f"{V}/1.0.0{path}", headers={"If-None-Match": f"W/{response.headers['ETag']}"})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, response.headers["Cache-Control"])
    alias = two_versions.get(f"{V}/1.0{path}")
    assert alias.headers["Content-Location"] == f"{V}/1.0.0{path}"
    assert alias.headers["ETag"] == response.headers["ETag"]
