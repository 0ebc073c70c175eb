"""Several workers answer with the same bytes, and all of them notice a publication within a second."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.taxonomy.concept import Labels
from competency_api.versions.queries import load_draft
from tests.support.keys import an_administrator
from tests.support.running import environment, free_port, service
from tests.support.states import drafted, published

PATHS = (
    "/api/v1/versions",
    "/api/v1/versions/2.0.0",
    "/api/v1/versions/latest/concepts?kind=competency&lang=es",
    "/api/v1/versions/2.0.0/concepts/C017",
    "/es/concepts/C017",
    "/en/versions/2.0.0/concepts/C017",
    "/api/v1/versions/1.0.0/changes/2.0.0.csv",
    "/api/v1/versions/2.0.0/export/ndjson",
)
OF_THE_MOMENT = {"date", "x-request-id"}
#: Enough connections for each worker to get some of them.
CONNECTIONS = 24

pytestmark = pytest.mark.slow


def told(port: int, path: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
    """An answer over a connection of its own, so that any worker may get it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=fields)
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in OF_THE_MOMENT}
    body = answer.read()
    connection.close()
    return answer.status, headers, body


def publish_another(environ: dict[str, str]) -> str:
    """Publish a version with one label changed; its number."""
    database = Database(Settings.from_env({"DATABASE_URL": environ["DATABASE_URL"]}))
    with database.reading() as session:
        concept = load_draft(session)["C017"]
    labels = {**concept.labels, "en": Labels(preferred="The regulation on data protection")}
    version = published(database, [msgspec.structs.replace(concept, labels=labels)])
    database.close()
    return str(version.number)


def post(port: int, path: str, key: str, body: Any, **fields: str) -> tuple[int, str]:
    """Status and entity tag of the answer of whichever worker gets the request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **fields}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.getheader("ETag", "")


def test_every_worker_notices_what_one_of_them_published_and_withdrew(tmp_path: Path) -> None:
    port = free_port()
    environ = environment(tmp_path, port, WORKERS="2", LOG_LEVEL="warning")
    with service(environ):
        database = Database(Settings.from_env({"DATABASE_URL": environ["DATABASE_URL"]}))
        key = an_administrator(database)
        with database.transaction() as session:
            concept = load_draft(session)["C017"]
            labels = {**concept.labels, "en": Labels(preferred="The regulation on data protection")}
            drafted(session, [msgspec.structs.replace(concept, labels=labels)])
        exact = "/api/v1/versions/2.0.1/concepts/C017"
        _, seen = post(port, "/api/v1/versions?dry_run=true", key, {})
        assert post(port, "/api/v1/versions", key, {"number": "2.0.1"}, **{"If-Match": seen})[0] == 201
        time.sleep(1.1)
        newest = [told(port, "/api/v1/versions/latest/concepts/C017")[1] for _ in range(CONNECTIONS)]
        assert {fields["content-location"] for fields in newest} == {exact}
        assert all("deprecation" not in told(port, exact)[1] for _ in range(CONNECTIONS))
        body = {"reason": "A mistake.", "use": "2.0.0"}
        assert post(port, "/api/v1/versions/2.0.1/withdrawal", key, body)[0] == 201
        time.sleep(1.1)
        assert all("deprecation" in told(port, exact)[1] for _ in range(CONNECTIONS))
        newest = [told(port, "/api/v1/versions/latest/concepts/C017")[1] for _ in range(CONNECTIONS)]
        assert {fields["content-location"] for fields in newest} == {"/api/v1/versions/2.0.0/concepts/C017"}
        database.close()


def test_every_worker_answers_with_the_same_bytes_and_notices_a_publication(tmp_path: Path) -> None:
    port = free_port()
    environ = environment(tmp_path, port, WORKERS="2", LOG_LEVEL="warning")
    with service(environ):
        for path in PATHS:
            first = told(port, path)
            assert first[0] == 200
            assert all(told(port, path) == first for _ in range(CONNECTIONS)), path
            packed = told(port, path, **{"Accept-Encoding": "gzip"})
            assert all(told(port, path, **{"Accept-Encoding": "gzip"}) == packed for _ in range(CONNECTIONS)), path
        number = publish_another(environ)
        time.sleep(1.1)
        newest = [told(port, "/api/v1/versions/latest/concepts/C017") for _ in range(CONNECTIONS)]
        assert all(answer == newest[0] for answer in newest)
        assert newest[0][1]["content-location"] == f"/api/v1/versions/{number}/concepts/C017"
        counted = told(port, "/metrics")[2].decode()
    assert 'http_requests_total{method="GET",route="/api/v1/versions",status="200"}' in counted
