"""Correct before fast: what is served from memory is byte for byte what the application answers without any memory."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.catalogue.serving import Publications
from competency_api.catalogue.store import VersionStore
from competency_api.core.db import Database
from competency_api.core.http import find_service
from competency_api.serving.layer import FinishedBodies
from competency_api.taxonomy.concept import Labels
from tests.factories import a_concept, edited, links, with_concepts
from tests.support.published import FORMER, serving_two_versions
from tests.support.requests import requests_of, rules_of
from tests.support.states import published, second_state

Told = tuple[int, dict[str, str], bytes]


def told(client: FlaskClient, request: tuple[str, str, str], **fields: str) -> Told:
    """Status, fields and body of an answer, without what is of the moment."""
    path, query, language = request
    headers = {"Accept-Language": language} if language else {}
    answer = client.get(f"{path}?{query}" if query else path, headers=headers | fields)
    return answer.status_code, {k: v for k, v in answer.headers.items() if k != "X-Request-Id"}, answer.data


def as_cold(answer: Told) -> Told:
    """An answer of the application alone as the layer would give it: it adds only that it may be compressed."""
    status, headers, body = answer
    vary = ", ".join(filter(None, [headers.get("Vary", ""), "Accept-Encoding"]))
    return status, headers | {"Vary": vary}, body


def layer_of(client: FlaskClient) -> FinishedBodies:
    layer: Any = client.application.wsgi_app
    assert isinstance(layer, FinishedBodies)
    return layer


def store_of(client: FlaskClient) -> VersionStore:
    publications = find_service(client.application, Publications)
    assert publications is not None
    return publications.store


def publish_third(database: Database) -> None:
    """A version in which what every answer shows is another."""
    state = edited(second_state(), "T001", former_codes=(FORMER,))
    state = edited(state, "D001", labels={"en": Labels(preferred="Renamed"), "es": Labels(preferred="Otro")})
    published(database, with_concepts(state, a_concept(code="C009", relations={"part_of": links("D001")})))


@pytest.mark.slow
def test_every_published_body_from_memory_equals_the_same_made_anew(sqlite_database: Database) -> None:
    with (
        serving_two_versions(sqlite_database, latest_refresh_seconds=0) as warm,
        serving(sqlite_database) as cold,
    ):
        compared: Counter[int] = Counter()
        exact: dict[tuple[str, str, str], Told] = {}
        for publication in (lambda: None, lambda: publish_third(sqlite_database)):
            publication()
            for request in requests_of(warm.application):
                expected, first, second = told(cold, request), told(warm, request), told(warm, request)
                compared[expected[0]] += 1
                if expected[0] != 200:
                    assert first[0] == second[0] == expected[0], request
                    continue
                assert first == second == as_cold(expected), request
                if "immutable" in first[1]["Cache-Control"]:
                    assert exact.setdefault(request, first) == first, request
        assert compared[200] > 500
        assert exact
        assert layer_of(warm).bodies.bytes > 0


def serving(database: Database) -> Any:
    """A client of an application without memory for answers."""
    from competency_api.core.config import Settings
    from tests.support.published import serving as serve

    return serve(Settings(database_url=database.settings.database_url, body_cache_bytes=0, latest_refresh_seconds=0))


def test_a_second_read_asks_neither_the_application_nor_the_database(sqlite_database: Database) -> None:
    with serving_two_versions(sqlite_database) as client:
        layer = layer_of(client)
        asked = [r for r in requests_of(client.application) if told(client, r)[0] == 200]
        layer._app = None  # type: ignore[assignment]  # whatever still needs it fails
        for request in asked:
            assert told(client, request)[0] == 200
            assert told(client, request, **{"If-None-Match": "*"})[0] == 304


def test_an_alias_shows_a_new_version_within_a_second(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_two_versions(sqlite_database) as client:
        request = ("/api/v1/versions/latest", "", "")
        assert told(client, request)[1]["Content-Location"] == "/api/v1/versions/1.1.0"
        publish_third(sqlite_database)
        since = time.monotonic()
        monkeypatch.setattr(store_of(client), "_clock", lambda: since + 1)
        assert told(client, request)[1]["Content-Location"] != "/api/v1/versions/1.1.0"


def test_there_is_a_request_for_every_published_operation(sqlite_database: Database) -> None:
    with serving_two_versions(sqlite_database) as client:
        rules = rules_of(client.application)
        assert len(rules) >= 9
        assert all(
            any(path.startswith(rule.split("<")[0]) for path, _, _ in requests_of(client.application)) for rule in rules
        )
