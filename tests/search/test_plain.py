"""Plain questions are answered ahead of the framework, and nobody can tell."""

from __future__ import annotations

from unittest.mock import patch
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.search import plain
from tests.search.test_search import ODD_TEXTS
from tests.support.published import serving, serving_two_versions

TEXTS = ("competency", "C002", "competncy 1", '"a name"', "a", "été", "a+b", "nothing at all", "", " ", *ODD_TEXTS)
SUFFIXES = ("", "&limit=1", "&lang=es", "&q_lang=en&lang=es", "&facets=false", "&lang=xx", "&lang=pt-br")
NOT_PLAIN = ("&limit=0", "&limit=01", "&limit=101", "&limit=", "&facets=no", "&lang=auto", "&q=x", "&kind=competency")
V = "/api/v1/versions"


def framework_of(client: FlaskClient, path: str) -> tuple[int, dict[str, str], bytes]:
    with patch.object(plain, "read", return_value=None):
        return told(client, path)


def told(client: FlaskClient, path: str) -> tuple[int, dict[str, str], bytes]:
    answer = client.get(path)
    moment = {"X-Request-Id": ""}
    return answer.status_code, {**answer.headers, **moment}, answer.data if answer.status_code == 200 else b""


@pytest.mark.parametrize("version", ["1.0.0", "latest", "1", "9.9.9"])
def test_an_answer_ahead_of_the_framework_is_the_frameworks_own(sqlite_database: Database, version: str) -> None:
    with serving_two_versions(sqlite_database, body_cache_bytes=0) as client:
        told(client, f"{V}/{version}/search?q=x")
        questions = [quote(text.encode("utf-8", "surrogatepass")[:2100]) for text in TEXTS]
        questions += [f"competency%201{suffix}" for suffix in (*SUFFIXES, *NOT_PLAIN)]
        for question in questions:
            path = f"{V}/{version}/search?q={question}"
            assert told(client, path) == framework_of(client, path), path


def test_a_plain_question_does_not_reach_the_framework(sqlite_database: Database) -> None:
    with serving_two_versions(sqlite_database, body_cache_bytes=0) as client:
        told(client, f"{V}/1.0.0/search?q=x")
        with patch.object(client.application, "full_dispatch_request", side_effect=AssertionError):
            assert told(client, f"{V}/1.0.0/search?q=competency")[0] == 200


@pytest.mark.parametrize("suffix", ["", "&limit=100", "&lang=es", "&q_lang=pt-BR&lang=en", "&facets=false"])
def test_plain_questions_are_read_ahead_of_the_framework(suffix: str) -> None:
    question = plain.read(environ(f"q=data+protection{suffix}"))
    assert question is not None
    assert (question.version, question.query.text) == ("1.0.0", "data protection")
    assert question.query.answer_languages == ((question.lang,) if question.lang else ())


@pytest.mark.parametrize(
    "query", ["", "q", "q=", "q=%20", "q=%ff", "q=é", "Q=x", "q=x&", *(f"q=x{s}" for s in NOT_PLAIN)]
)
def test_what_could_be_refused_goes_the_frameworks_way(query: str) -> None:
    assert plain.read(environ(query)) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"REQUEST_METHOD": "POST"},
        {"HTTP_ACCEPT": "text/html"},
        {"HTTP_IF_NONE_MATCH": '"x"'},
        {"SCRIPT_NAME": "/below"},
        {"PATH_INFO": f"{V}/1.0.0/search.json"},
        {"PATH_INFO": f"{V}/1.0.0/x/search"},
    ],
)
def test_other_requests_go_the_frameworks_way(fields: dict[str, str]) -> None:
    assert plain.read({**environ("q=x"), **fields}) is None


def test_a_deployment_that_names_origins_answers_all_by_the_framework(sqlite_database: Database) -> None:
    url = sqlite_database.settings.database_url
    named = Settings(database_url=url, cors_origins=("https://a.example",), body_cache_bytes=0)
    with serving_two_versions(sqlite_database), serving(named) as client, patch.object(plain, "read") as read:
        assert told(client, f"{V}/1.0.0/search?q=x")[1]["Vary"] == "Accept, Origin"
        read.assert_not_called()


def environ(query: str) -> dict[str, str]:
    return {"REQUEST_METHOD": "GET", "PATH_INFO": f"{V}/1.0.0/search", "QUERY_STRING": query}
