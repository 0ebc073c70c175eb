"""Search and suggestions over HTTP: two small versions, or the starter where its content is what counts."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.search.finding.querying import MOST_WORDS
from tests.search.test_search import ODD_TEXTS
from tests.serving.test_published_bodies import layer_of
from tests.support.published import serving_two_versions

V = "/api/v1/versions"


def get(client: FlaskClient, path: str, **query: Any) -> Any:
    response = client.get(f"{V}/{path}", query_string=query)
    assert response.status_code == 200, response.text
    return response.get_json()


def codes(found: Any) -> list[str]:
    return [item["code"] for item in found["items"]]


def faults(client: FlaskClient, path: str) -> dict[str, str]:
    response = client.get(f"{V}/{path}")
    assert response.status_code == 422, response.text
    return {error["parameter"]: error["detail"] for error in response.get_json()["errors"]}


# -- what is found -----------------------------------------------------------------------------------------------------


def test_a_hit_says_what_it_is_why_it_was_found_and_where(starter: FlaskClient) -> None:
    found = get(starter, "2.0.0/search", q="dialogo competitvo", lang="es")
    first = found["items"][0]
    assert (first["code"], first["kind"], first["matched_by"]) == ("Q006", "procurement-topic", "preferred")
    assert first["label"]["text"] == "Diálogo competitivo"
    [highlight] = first["highlights"]
    assert [highlight["text"][start:end] for start, end in highlight["spans"]] == ["Diálogo", "competitivo"]
    assert found["corrections"] == {"competitvo": ["competitivo"]}
    assert (found["version"], found["completeness"]) == ("2.0.0", "all")


def test_a_retired_concept_says_what_to_use(two_versions: FlaskClient) -> None:
    for path in ("1.1.0/search", "1.1.0/suggest"):
        first = get(two_versions, path, q="C002", lang="en")["items"][0]
        assert (first["code"], first["status"]) == ("C002", "retired")
        assert [(end["code"], end["label"]["text"], end["match"]) for end in first["use"]] == [
            ("C001", "Another name", "equivalent")
        ]


def test_hits_are_counted_by_kind_and_discipline_unless_that_is_not_wanted(two_versions: FlaskClient) -> None:
    facets = get(two_versions, "1.0.0/search", q="competency", kind="competency", lang="es", limit=1)["facets"]
    assert facets["kind"] == [{"value": "competency", "label": facets["kind"][0]["label"], "count": 3}]
    assert facets["kind"][0]["label"]["text"] == "Competencia"
    assert [(row["value"], row["count"]) for row in facets["discipline"]] == [("D001", 3)]
    assert "facets" not in get(two_versions, "1.0.0/search", q="competency", facets="false")


@pytest.mark.parametrize("path", ["1.1.0/search", "1.1.0/suggest"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"C001", "C002", "C003"}),
        ({"status": "active"}, {"C001", "C003"}),
        ({"status": "retired"}, {"C002"}),
        ({"below": "C001"}, {"C002"}),
        ({"discipline": "D001", "type": "skill"}, {"C001", "C002", "C003"}),
        ({"kind": "technology"}, set()),
        ({"codes": "C003,C999"}, {"C003"}),
        ({"q_lang": "es"}, {"C001", "C002", "C003"}),
        ({"q_lang": "fr"}, set()),
    ],
)
def test_the_filters_of_concepts_and_a_language_narrow_what_is_found(
    two_versions: FlaskClient, path: str, query: dict[str, str], found: set[str]
) -> None:
    text = "competencia" if query.get("q_lang") == "es" else "another competency"
    answered = get(two_versions, path, q="C0" if "suggest" in path else f"{text} C001 C002 C003", **query)
    languages = {"q_lang"} & query.keys()
    assert set(codes(answered)) >= found if languages else set(codes(answered)) == found


def test_pages_follow_each_other_until_every_hit_was_seen(two_versions: FlaskClient) -> None:
    address, seen = f"{V}/latest/search?q=stands+here&limit=3", []
    while address:
        response = two_versions.get(address)
        seen += codes(response.get_json())
        address = response.headers.get("Link", "").partition(">")[0].removeprefix("<")
    whole = get(two_versions, "latest/search", q="stands here", limit=100)
    assert (seen, len(seen), whole["next"]) == (codes(whole), whole["total"], None)


def test_suggestions_show_the_label_that_is_being_typed(starter: FlaskClient) -> None:
    first = get(starter, "2.0.0/suggest", q="diálogo comp", lang="en", q_lang="es")["items"][0]
    assert (first["text"], first["language"], first["matched_by"]) == ("Diálogo competitivo", "es", "label")
    assert [first["text"][start:end] for start, end in first["spans"]] == ["Diálogo comp"]
    assert first["label"]["text"] == "Competitive dialogue"


# -- any input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["2.0.0/search", "2.0.0/suggest"])
@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_texts_are_answered_or_refused_as_too_long_empty_or_no_text(
    starter: FlaskClient, path: str, text: str
) -> None:
    response = starter.get(f"{V}/{path}", query_string={"q": text.encode("utf-8", "surrogatepass")})
    is_right = text.strip() and len(text) <= 2000 and text != "\ud800"
    assert response.status_code == (200 if is_right else 422), response.text


BROKEN_ESCAPES = [
    ("q=%00", None),
    ("q=%", None),
    ("q=%zz", None),
    ("q=+%00+", None),
    ("q=%C2%AD", None),
    ("q=a%0Ab", None),
    ("q=data&q_lang=pt", None),
    ("q=%ED%A0%80", "q"),  # half of a surrogate pair
    ("q=%FF%FE", "q"),
    ("q=%F0%9F", "q"),  # a character that was cut
    ("q=data&q_lang=%FF", "q_lang"),
    ("q=data&%FF=x", "\\xff"),
]


@pytest.mark.parametrize("path", ["search", "suggest"])
@pytest.mark.parametrize(("query", "refused"), BROKEN_ESCAPES)
def test_broken_escapes_are_words_or_nothing_and_what_is_not_utf_8_is_refused(
    starter: FlaskClient, path: str, query: str, refused: str | None
) -> None:
    if refused is None:
        assert starter.get(f"{V}/2.0.0/{path}?{query}").status_code == 200
    else:
        assert "not UTF-8" in faults(starter, f"2.0.0/{path}?{query}")[refused]


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("", "q", "missing"),
        ("q=", "q", "empty"),
        ("q=+%20%0A", "q", "empty"),
        (f"q={'a' * 2001}", "q", "2000"),
        ("q=a&q=b", "q", "more than once"),
        ("q=a&limit=0", "limit", "whole number from 1"),
        ("q=a&limit=101", "limit", "whole number from 1"),
        ("q=a&kinds=competency", "kinds", 'Did you mean "kind"?'),
        ("q=a&kind=competenci", "kind", 'Did you mean "competency"?'),
        ("q=a&below=C999", "below", "no concept"),
        ("q=a&discipline=C001", "discipline", "C001 is a competency"),
        ("q=a&lang=x", "lang", "Length"),
        ("q=a&lang=klingonese", "lang", "BCP 47"),
        ("q=a&q_lang=klingonese", "q_lang", "BCP 47"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_right(
    two_versions: FlaskClient, query: str, parameter: str, words: str
) -> None:
    for path in ("search", "suggest"):
        assert words in faults(two_versions, f"1.1.0/{path}?{query}")[parameter]


@pytest.mark.parametrize("place", ["MA", "LTE", "WyJhIl0", "Ii0i", "1", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_cursor_that_no_page_gave_is_refused(two_versions: FlaskClient, place: str) -> None:
    of_this_list = get(two_versions, "1.1.0/search", q="competency", limit=1)["next"].rpartition("~")[0]
    for cursor in (place, f"{of_this_list}~{place}"):
        found = faults(two_versions, f"1.1.0/search?q=competency&cursor={cursor}")
        assert "not a cursor" in found["cursor"]


@pytest.mark.parametrize("path", ["search?q=stands+here&limit=1&facets=false", "suggest?q=otro"])
def test_the_languages_of_an_answer_are_those_of_its_labels_and_of_what_was_found(
    two_versions: FlaskClient, path: str
) -> None:
    response = two_versions.get(f"{V}/1.1.0/{path}&lang=es")
    shown = {item["label"]["lang"] for item in response.get_json()["items"]}
    shown |= {item["language"] for item in response.get_json()["items"]}
    assert set(response.headers["Content-Language"].split(", ")) == shown | {"es"}


def test_behind_the_last_hit_there_is_nothing(two_versions: FlaskClient) -> None:
    of_this_list = get(two_versions, "1.1.0/search", q="competency", limit=1)["next"].rpartition("~")[0]
    found = get(two_versions, "1.1.0/search", q="competency", cursor=f"{of_this_list}~OTk5OQ")
    assert (found["items"], found["next"]) == ([], None)
    assert found["total"] > 0


# -- published answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["search?q=competency", "suggest?q=comp&lang=es"])
def test_an_exact_version_answers_for_ever_and_an_alias_says_which_it_is(two_versions: FlaskClient, path: str) -> None:
    exact, alias = two_versions.get(f"{V}/1.1.0/{path}"), two_versions.get(f"{V}/latest/{path}")
    assert exact.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert alias.headers["Content-Location"] == f"{V}/1.1.0/{path}"
    assert alias.headers["ETag"] == exact.headers["ETag"]
    again = two_versions.get(f"{V}/1.1.0/{path}", headers={"If-None-Match": exact.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def vary(client: FlaskClient, numbers: range, words: int) -> None:
    """Questions of so many words, scopes and suggestions that nobody asked before."""
    for number in numbers:
        text = " ".join(f"{number:x}abcdef{place:x}" for place in range(words))
        query = {"q": f"competency {text}", "codes": f"C001,C{number}"}
        for path in ("search", "suggest"):
            assert client.get(f"{V}/1.1.0/{path}", query_string=query).status_code == 200


def traced_bytes() -> int:
    # what stands in circles goes when the collector comes, which is at a different moment on every machine
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.slow
def test_a_client_that_varies_its_questions_cannot_grow_memory(sqlite_database: Database) -> None:
    bound = 200_000
    with serving_two_versions(sqlite_database, body_cache_bytes=bound) as client:
        # from the first request on: what was remembered before is not counted when it goes
        tracemalloc.start()
        vary(client, range(1000, 1110), words=MOST_WORDS - 1)  # fills all that remembers words
        before = traced_bytes()
        vary(client, range(1110, 1230), words=2)
        after = traced_bytes()
        tracemalloc.stop()
        bodies = layer_of(client).bodies
    assert bodies.evicted > 0
    assert bodies.bytes <= bound
    assert after - before < bound // 2
