"""What embeds show, asked over HTTP of the starter taxonomy."""

from __future__ import annotations

from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

E = "/embed/v1/2.0.0"


def shown(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(f"{E}/{path}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.get_json()
    return document


def codes(document: dict[str, Any]) -> list[str]:
    return [item["code"] for item in document["items"]]


def test_entries_are_chosen_by_the_filters_of_concepts_and_sorted_by_name(starter: FlaskClient) -> None:
    document = shown(starter, "list/data?kind=competency&discipline=D003&lang=es")
    listed = starter.get("/api/v1/versions/2.0.0/concepts?kind=competency&discipline=D003&limit=all&sort=label&lang=es")
    assert codes(document) == [item["code"] for item in listed.get_json()["items"]]
    assert document["title"].startswith("Competencias: ")
    assert document["total"] == len(document["items"])


def test_each_text_says_its_language_and_review_and_the_whole_says_it_once(starter: FlaskClient) -> None:
    document = shown(starter, "list/data?kind=competency&lang=es&limit=1")
    assert document["items"][0]["label"]["review"] == "draft"
    assert document["notes"][0] == "Traducción aún no revisada por hablantes del idioma."
    foreign = shown(starter, "list/data?kind=competency&lang=fi&limit=1")
    assert foreign["items"][0]["label"] | {"text": ""} == {
        "text": "",
        "lang": "en",
        "fallback": True,
        "review": "original",
    }
    assert foreign["notes"][0] == "What there is not yet in this language is shown in another one."


def test_columns_are_worded_in_the_language_that_is_asked_for(starter: FlaskClient) -> None:
    document = shown(starter, "table/data?codes=C001&columns=type,phases,disciplines&lang=de")
    (item,) = document["items"]
    assert [column["title"] for column in document["columns"]] == ["Typ", "Phasen", "Disziplinen"]
    assert item["cells"]["type"] == [{"text": "Fertigkeit"}]
    assert [text["text"] for text in item["cells"]["phases"]] == ["Entwurf", "Planung", "Überwachung"]
    assert len(item["cells"]["disciplines"]) == 2


def test_a_tree_holds_each_entry_below_those_that_are_shown(starter: FlaskClient) -> None:
    document = shown(starter, "tree/data?kind=competency")
    branches = {item["code"]: [child["code"] for child in item.get("children", ())] for item in document["items"]}
    assert branches["C002"]
    assert not set(branches["C002"]) & branches.keys()
    flat = shown(starter, "tree/data?kind=competency&depth=1")
    assert all("children" not in item for item in flat["items"])


def test_a_profile_shows_what_it_expects_highest_level_first(starter: FlaskClient) -> None:
    document = shown(starter, "profile/data?code=R001&lang=nl")
    levels = [item["level"]["value"] for item in document["items"]]
    assert levels == sorted(levels, reverse=True)
    assert document["subject"]["code"] == "R001"
    assert document["items"][0]["level"]["text"] == "niveau 3 van 4: gevorderd"


def test_a_retired_concept_names_what_stands_in_for_it(starter: FlaskClient) -> None:
    (item,) = shown(starter, "concept/data?code=P002")["items"]
    assert item["retired"].startswith("Retired since ")
    assert [end["code"] for end in item["instead"]["items"]] == ["P015", "P016", "P017"]


def test_what_the_limit_leaves_out_is_said(starter: FlaskClient) -> None:
    document = shown(starter, "list/data?kind=competency&limit=8")
    assert len(document["items"]) == 8
    assert document["notes"] == ["60 more are not shown."]


def test_an_older_version_mentions_the_newest(starter: FlaskClient) -> None:
    document = starter.get("/embed/v1/1/list/data?kind=discipline").get_json()
    assert (document["version"], document["newest"]) == ("1.0.0", "2.0.0")
    assert document["about"]["newer"] == "2.0.0 is newer"
    assert "newer" not in shown(starter, "list/data?kind=discipline")["about"]


def test_sixty_competencies_are_less_than_twenty_kilobytes(starter: FlaskClient) -> None:
    path = f"{E}/table/data?kind=competency&columns=code,definition,disciplines,type&limit=60&lang=es"
    answer = starter.get(path, headers={"Accept-Encoding": "br"})
    assert len(answer.data) < 20_000
    assert len(brotli.decompress(answer.data)) > 20_000


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("lst/data", 404, 'There is no form "lst" of embeds. Did you mean "list"?'),
        ("concept/data", 422, "The form `concept` needs it"),
        ("concept/data?code=C017&kind=competency", 422, "takes `code` and no filters"),
        ("concept/data?code=C999", 404, "has no concept C999"),
        ("profile/data?code=C017", 422, "C017 is a competency"),
        ("list/data?code=C017", 422, "Only the forms"),
        ("list/data?columns=colour", 422, '"colour" is not known here'),
        ("list/data?kind=competency&lang=klingonese", 422, "is not a language tag"),
        ("list/data?knd=competency", 422, "There is no such parameter"),
    ],
)
def test_what_cannot_be_meant_is_refused(path: str, status: int, message: str, starter: FlaskClient) -> None:
    answer = starter.get(f"{E}/{path}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert message in answer.text.replace('\\"', '"')


def test_a_former_code_is_understood(two_versions: FlaskClient) -> None:
    (item,) = two_versions.get("/embed/v1/latest/concept/data?code=W01").get_json()["items"]
    assert item["code"] == "T001"
