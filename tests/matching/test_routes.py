"""Suggestions over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

PATH = "/api/v1/versions/2.0.0/match"
TEXT = "You learn to run a competitive dialogue with suppliers."


def asked(client: FlaskClient, path: str = PATH, **body: Any) -> Any:
    response = client.post(path, json={"description": TEXT} | body)
    assert response.status_code == 200, response.text
    return response.get_json()


def refused(client: FlaskClient, body: Any, path: str = PATH) -> dict[str, str]:
    response = client.post(path, json=body)
    assert response.status_code == 422, response.text
    return {error.get("pointer"): error["detail"] for error in response.get_json()["errors"]}


def test_a_text_gets_suggestions_with_what_supports_them(starter: FlaskClient) -> None:
    found = asked(starter, title="Procurement", language="en", limit=2)
    first = found["items"][0]
    assert (found["version"], found["language"], found["language_guessed"]) == ("2.0.0", "en", False)
    assert (first["code"], first["kind"], first["relation"]) == ("Q006", "procurement-topic", "teaches")
    [span] = first["spans"]
    assert TEXT[span["start"] : span["end"]] == "competitive dialogue"
    assert first["why"] == {
        "label_type": "preferred",
        "label": "Competitive dialogue",
        "language": "en",
        "field": "description",
        "words": ["competitive", "dialogue"],
        "accepted": None,
    }
    assert len(found["items"]) == 2


def test_labels_are_in_the_language_of_the_answer_whatever_that_of_the_text_is(starter: FlaskClient) -> None:
    response = starter.post(f"{PATH}?lang=es", json={"description": TEXT})
    assert response.get_json()["items"][0]["label"]["text"] == "Diálogo competitivo"
    assert response.headers["Content-Language"] == "es"


def test_nothing_of_a_question_or_its_answer_is_kept(starter: FlaskClient) -> None:
    response = starter.post(PATH, json={"description": TEXT})
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_only_concepts_of_the_asked_version_and_kinds_are_suggested(starter: FlaskClient) -> None:
    older = asked(starter, "/api/v1/versions/1.0.0/match", description="Travel times by Bluetooth and Wi-Fi", limit=50)
    newer = asked(starter, description="Travel times by Bluetooth and Wi-Fi", limit=50)
    assert "P004" in {item["code"] for item in older["items"]}
    assert "P004" not in {item["code"] for item in newer["items"]}
    only = asked(starter, kinds=["competency"], limit=50)
    assert {item["kind"] for item in only["items"]} == {"competency"}
    unasked = asked(starter, description="Procurement lead. Collecting data from citizens and vehicles.", limit=50)
    assert {item["kind"] for item in unasked["items"]}.isdisjoint({"challenge", "profile"})


def test_a_whole_number_may_be_written_with_a_point(starter: FlaskClient) -> None:
    assert len(asked(starter, limit=2.0)["items"]) == 2
    assert "whole number" in refused(starter, {"description": TEXT, "limit": 2.5})["/limit"]


def test_a_regional_language_is_that_of_the_version(starter: FlaskClient) -> None:
    assert asked(starter, language="pt-BR")["language"] == "pt"


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({"description": ""}, "/description", "empty"),
        ({"description": " \n "}, "/description", "empty"),
        ({"title": "only a title"}, "/description", "missing"),
        ({"description": "a" * 50_001}, "/description", "50000"),
        ({"description": TEXT, "title": "a" * 1_001}, "/title", "1000"),
        ({"description": TEXT, "language": "el"}, "/language", "de, en, es, fr, nl, pt"),
        ({"description": TEXT, "language": "english"}, "/language", "BCP 47"),
        ({"description": TEXT, "kinds": ["competencies"]}, "/kinds/0", "competency"),
        ({"description": TEXT, "kinds": []}, "/kinds", "Length"),
        ({"description": TEXT, "limit": 51}, "/limit", "50"),
        ({"description": TEXT, "min_confidence": "0.5"}, "/min_confidence", "0 to 1"),
        ({"description": TEXT, "min_confidence": 2}, "/min_confidence", "0 to 1"),
        ({"text": TEXT}, "/text", "no member"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_where_it_stands(
    starter: FlaskClient, body: Any, pointer: str, says: str
) -> None:
    assert says in refused(starter, body)[pointer]


def test_a_version_that_is_not_there_is_not_found(starter: FlaskClient) -> None:
    response = starter.post("/api/v1/versions/9.9.9/match", json={"description": TEXT})
    assert response.status_code == 404
    assert response.get_json()["code"] == "not-found"


def test_the_longest_text_is_taken(starter: FlaskClient) -> None:
    longest = f"{TEXT} ".ljust(50_000, "x")
    assert asked(starter, description=longest)["items"][0]["code"] == "Q006"
