from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest

from competency_api.app import FEATURES, build
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.errors import ServiceError
from competency_api.core.http import context_of

ROUTES = ("competency_api.operations.routes",)


def app_of(database: Database | None = None, **environ: str) -> Any:
    settings = database.settings if database else Settings.from_env(environ)
    return build(settings, ROUTES)


def client(**environ: str) -> Any:
    return app_of(**environ).test_client()


def status_of(served: Any, path: str) -> int:
    with served.get(path) as response:
        return int(response.status_code)


def test_the_process_is_alive_even_without_a_database() -> None:
    response = client(DATABASE_URL="postgresql://127.0.0.1:1/none").get("/healthz")
    assert response.get_json()["status"] == "ok"
    assert response.headers["Cache-Control"] == "no-store"


def test_it_is_ready_when_the_database_is_migrated(database: Database) -> None:
    app = app_of(database)
    response = app.test_client().get("/readyz")
    context_of(app).database.close()
    assert response.status_code == 200, response.text
    assert [check["name"] for check in response.get_json()["checks"]] == ["database", "migrations"]


def test_it_is_not_ready_without_the_database_and_does_not_say_where_that_is() -> None:
    response = client(DATABASE_URL="postgresql://inside:1/none", DATABASE_TIMEOUT_SECONDS="2").get("/readyz")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    body = json.loads(response.data)
    assert [check["well"] for check in body["checks"]] == [False, False]
    assert "inside" not in response.text


@pytest.mark.parametrize("error", [ServiceError("no version"), RuntimeError("a defect")])
def test_features_add_checks_and_a_defect_in_one_is_not_a_500(sqlite_database: Database, error: Exception) -> None:
    app = app_of(sqlite_database)

    def check() -> str:
        raise error

    context_of(app).checks.add("version", check)
    response = app.test_client().get("/readyz")
    context_of(app).database.close()
    assert response.status_code == 503
    assert json.loads(response.data)["detail"] == "Not ready: version."


def test_requests_are_counted_by_route_and_not_by_path() -> None:
    served = client()
    for path in ("/healthz", "/nowhere/1", "/nowhere/2"):
        served.get(path)
    served.open("/healthz", method="BREW")
    text = served.get("/metrics").text
    assert 'http_requests_total{method="GET",route="/healthz",status="200"} 1.0' in text
    assert 'http_requests_total{method="GET",route="unmatched",status="404"} 2.0' in text
    assert 'method="OTHER"' in text


def test_the_security_contact_is_told_with_a_date_of_expiry() -> None:
    text = client(SECURITY_CONTACT="mailto:security@example.org").get("/.well-known/security.txt").text
    assert "Contact: mailto:security@example.org\n" in text
    [expires] = re.findall(r"^Expires: (.+)$", text, re.MULTILINE)
    left = dt.datetime.fromisoformat(expires) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=100) < left < dt.timedelta(days=365)


def test_a_deployment_without_a_contact_says_so() -> None:
    response = client().get("/.well-known/security.txt")
    assert response.status_code == 404
    assert "SECURITY_CONTACT" in response.text


def test_the_description_of_the_api_is_served() -> None:
    response = client().get("/openapi.json")
    assert response.content_type == "application/json"
    assert json.loads(response.data)["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "/en/"),
        ("application/json", "/api/v1"),
        ("*/*", "/api/v1"),
        ("text/turtle", "/api/v1"),
    ],
)
def test_the_bare_address_leads_people_to_the_site_and_programs_to_what_there_is(accept: str, place: str) -> None:
    response = client().get("/", headers={"Accept": accept})
    assert (response.status_code, response.headers["Location"]) == (303, place)
    assert "Accept" in response.headers["Vary"].split(", ")


@pytest.mark.parametrize("path", ["//", "//docs", "///healthz", "//api/v1"])
def test_no_address_has_another_with_more_slashes(path: str) -> None:
    response = client().get("/", environ_overrides={"PATH_INFO": path})
    assert response.status_code == 404
    assert "nothing at this address" in response.text


def test_the_reference_lists_what_readers_want_first() -> None:
    order = [
        tag["name"] for tag in json.loads(build(Settings(), FEATURES).test_client().get("/openapi.json").data)["tags"]
    ]
    assert order == [
        "versions",
        "concepts",
        "identifiers",
        "search",
        "matching",
        "embeds",
        "interchange",
        "courses",
        "providers",
        "catalogues",
        "catalogue-exports",
        "coverage",
        "suggestions",
        "suggestion_lists",
        "migrations",
        "events",
        "proposals",
        "reviews",
        "draft",
        "concept_comments",
        "publishing",
        "signing_keys",
        "workshops",
        *(f"workshop_{part}" for part in ("tables", "topics", "ballots", "needs", "results", "stream")),
        *("workshop_outcome", "workshop_conclusions"),
        "accounts",
        "webhooks",
        "jobs",
        "operations",
    ]


@pytest.mark.parametrize(("path", "page"), [("/docs", "reference"), ("/problems", "problems"), ("/rules", "rules")])
def test_addresses_that_answers_name_lead_to_pages_in_the_language_of_the_reader(path: str, page: str) -> None:
    response = client().get(path, headers={"Accept-Language": "pt"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/pt/{page}")
    assert "Accept-Language" in response.headers["Vary"]


def test_an_unknown_parameter_is_refused_here_too() -> None:
    assert client().get("/healthz?verbose=1").status_code == 422
