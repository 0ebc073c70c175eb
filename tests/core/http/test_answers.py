"""What every answer carries, whoever answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.core.http.small import client

EVERY_FAILURE = [
    ("GET", "/nowhere", 404, "not-found"),
    ("GET", "//things", 404, "not-found"),
    ("GET", "/things/C999", 404, "not-found"),
    ("GET", "/things/%ff%00", 404, "not-found"),
    ("DELETE", "/things", 405, "method-not-allowed"),
    ("GET", "/things?x=1", 422, "invalid-input"),
    ("GET", "/things/export.doc", 406, "not-acceptable"),
    ("GET", "/things/broken", 500, "internal-error"),
    ("GET", "/things/unreachable", 503, "database-unavailable"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), EVERY_FAILURE)
def test_every_failure_is_problem_details(method: str, path: str, status: int, code: str) -> None:
    response = client().open(path, method=method)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    body = json.loads(response.data)
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"http://127.0.0.1:8000/problems#{code}"
    assert body["reference"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/things/broken", "/things/unreachable"])
def test_a_failure_inside_tells_its_reference_and_nothing_else(path: str) -> None:
    text = client().get(path).text
    assert "1234" not in text
    assert "postgresql" not in text
    assert "Traceback" not in text


def test_what_passes_says_when_to_come_again() -> None:
    assert client().get("/things/unreachable").headers["Retry-After"] == "7"


def test_a_wrong_method_is_told_the_right_ones() -> None:
    response = client().put("/things")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert "GET, HEAD, OPTIONS, POST" in response.get_json(force=True)["detail"]


def test_a_problem_carries_what_helps() -> None:
    assert client().get("/things/C999").get_json(force=True)["nearest"] == ["C001"]
    available = client().get("/things/export.cvs").get_json(force=True)
    assert {"suffix": "csv", "media_type": "text/csv"} in available["available"]
    assert 'Did you mean "csv"?' in available["detail"]


@pytest.mark.parametrize("path", ["/things", "/things/C001", "/things/latest"])
@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
def test_what_is_known_is_not_sent_again(path: str, shape: str) -> None:
    first = client().get(path)
    again = client().get(path, headers={"If-None-Match": shape.format(first.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Content-Location", "Vary"):
        assert again.headers.get(name) == first.headers.get(name)


def test_etags_are_strong_and_follow_the_content() -> None:
    tags = {client().get(path).headers["ETag"] for path in ("/things/C001", "/things/C002", "/things/C001")}
    assert len(tags) == 2
    assert all(tag.startswith('"') for tag in tags)


def test_exact_content_may_be_kept_for_ever_and_aliases_only_briefly() -> None:
    assert client().get("/things/C001").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    latest = client().get("/things/latest")
    assert latest.headers["Cache-Control"] == "public, max-age=10, stale-while-revalidate=60"
    assert latest.headers["Content-Location"] == "/things/C120"


@pytest.mark.parametrize("path", ["/things", "/things/C001", "/things/export"])
def test_head_answers_like_get_without_the_body(path: str) -> None:
    got, head = client().get(path), client().head(path)
    assert head.data == b""
    ignored = {"X-Request-Id"}
    assert dict(head.headers).keys() == dict(got.headers).keys()
    assert {k: v for k, v in head.headers if k not in ignored} == {k: v for k, v in got.headers if k not in ignored}


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (None, "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/json;profile=x;q=0.1, text/csv;q=0.5", "csv"),
        ("TEXT/CSV", "csv"),
        ("nonsense", "json"),
    ],
)
def test_the_format_is_the_one_most_wanted(accept: str | None, given: str) -> None:
    response = client().get("/things/export", headers={"Accept": accept} if accept else {})
    assert response.text == given
    assert "Accept" in response.headers["Vary"]


def test_a_suffix_wins_over_accept_and_leaves_caches_whole() -> None:
    response = client().get("/things/export.csv", headers={"Accept": "application/json"})
    assert response.text == "csv"
    assert "Vary" not in response.headers


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0, application/xml"])
def test_a_format_that_is_not_there_is_refused_with_those_that_are(accept: str) -> None:
    response = client().get("/things/export", headers={"Accept": accept})
    assert response.status_code == 406
    assert [entry["suffix"] for entry in json.loads(response.data)["available"]] == ["json", "csv", "html"]


def test_a_request_keeps_its_well_formed_id() -> None:
    assert client().get("/things", headers={"X-Request-Id": "trace-0001"}).headers["X-Request-Id"] == "trace-0001"
    assert client().get("/things", headers={"X-Request-Id": "a b"}).headers["X-Request-Id"] != "a b"


@pytest.mark.parametrize("path", ["/things", "/nowhere", "/things/broken"])
def test_browsers_are_told_what_they_may_do(path: str) -> None:
    headers = client().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "ETag" in headers["Access-Control-Expose-Headers"]


def preflight(origin: str, **environ: str) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    return client(**environ).options("/things", headers=headers)


def test_a_preflight_is_answered_with_the_public_methods() -> None:
    response = preflight("https://page.example")
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


def test_reading_can_be_limited_to_some_origins() -> None:
    known = preflight("https://a.example", CORS_ORIGINS="https://a.example")
    assert known.headers["Access-Control-Allow-Origin"] == "https://a.example"
    other = preflight("https://b.example", CORS_ORIGINS="https://a.example")
    assert "Access-Control-Allow-Origin" not in other.headers
    assert "Origin" in other.headers["Vary"]


def test_https_is_insisted_on_where_the_service_is_public_by_it() -> None:
    assert "Strict-Transport-Security" not in client().get("/things").headers
    secure = client(PUBLIC_BASE_URL="https://skills.example.org").get("/things")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
