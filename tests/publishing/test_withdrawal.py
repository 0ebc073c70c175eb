"""A withdrawn version stays readable for ever and says so everywhere; no other name than its exact number means it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.versions.verification import verify_versions
from tests.support.keys import a_key, bearer
from tests.support.publications import VERSIONS, ready, sent
from tests.versions.test_publishing import counts

REASON = "It was published by mistake."


def withdrawn(client: FlaskClient, key: str, number: str = "1.1.0", use: Any = "1.0.0", **fields: str) -> Any:
    """The answer to a withdrawal."""
    body = {"reason": REASON, "use": use}
    return client.post(f"{VERSIONS}/{number}/withdrawal", json=body, headers=bearer(key, **fields))


def test_it_is_marked_everywhere_and_found_by_its_exact_number_only(database: Database) -> None:
    with ready(database) as (client, key):
        sent(client, key, {"number": "1.1.0", "title": "Second"})
        before = client.get(f"{VERSIONS}/1.1.0/export/ndjson")
        assert "Deprecation" not in before.headers
        answer = withdrawn(client, key)
        assert answer.status_code == 201
        mark = answer.get_json()["withdrawn"]
        assert (mark["reason"], mark["use"]) == (REASON, "1.0.0")
        assert client.get(f"{VERSIONS}/1.1.0").get_json()["withdrawn"] == mark
        assert [v["withdrawn"] for v in client.get(VERSIONS).get_json()["items"]] == [mark, None]
        for name in ("latest", "1", "2030-01-01"):
            assert client.get(f"{VERSIONS}/{name}").get_json()["number"] == "1.0.0"
        assert client.get("/api/v1").get_json()["versions"]["latest"] == "1.0.0"
        after = client.get(f"{VERSIONS}/1.1.0/export/ndjson")
        assert after.data == before.data
        audit = client.get("/api/v1/audit?action=version.withdrawn", headers=bearer()).get_json()["items"]
        assert [entry["subject"] for entry in audit] == ["version/1.1.0"]
        [event] = client.get("/api/v1/events?type=version.withdrawn").get_json()["items"]
    assert event["subject"] == "version/1.1.0"
    assert event["data"] == {
        "number": "1.1.0",
        "reason": REASON,
        "use": "1.0.0",
        "withdrawn_at": mark["at"],
        "version": f"{VERSIONS}/1.1.0",
    }
    with database.reading() as session:
        assert verify_versions(session).faults == ()


PATHS = (
    f"{VERSIONS}/1.1.0",
    f"{VERSIONS}/1.1.0/concepts",
    f"{VERSIONS}/1.1.0/concepts/C001",
    "/en/versions/1.1.0/concepts/C001",
    "/en/versions/1.1.0",
    f"{VERSIONS}/1.1.0/tree",
    f"{VERSIONS}/1.1.0/search?q=competency",
    f"{VERSIONS}/1.1.0/quality",
    f"{VERSIONS}/1.0.0/changes/1.1.0",
    f"{VERSIONS}/1.1.0/export/csv",
)


def test_what_was_kept_in_memory_before_carries_the_mark_too(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        sent(client, key, {"number": "1.1.0"})
        for path in PATHS * 2:
            assert "Deprecation" not in client.get(path).headers, path
        withdrawn(client, key)
        for path in PATHS * 2:
            answer = client.get(path)
            assert answer.headers["Deprecation"].startswith("@"), path
            assert '</api/v1/versions/1.0.0>; rel="successor-version"' in answer.headers.getlist("Link"), path
        assert "Deprecation" not in client.get(f"{VERSIONS}/1.0.0/search?q=competency").headers
        assert "Deprecation" not in client.get(f"{VERSIONS}/1.0.0/concepts/C001").headers


#: Pages about the withdrawn version, and where each leads.
INSTEAD = {
    "/en/versions/1.1.0": "/en/versions/1.0.0",
    "/en/versions/1.1.0/concepts": "/en/versions/1.0.0/concepts",
    "/en/versions/1.1.0/kinds/competency": "/en/versions/1.0.0/kinds/competency",
    "/en/versions/1.1.0/concepts/C001": "/en/versions/1.0.0/concepts/C001",
    "/en/versions/1.0.0/changes/1.1.0": "/en/versions/1.0.0",
}


def test_pages_and_the_feed_say_it_to_people(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        sent(client, key, {"number": "1.1.0", "title": "Second"})
        withdrawn(client, key)
        for path, instead in INSTEAD.items():
            page = client.get(path).text
            assert "Version 1.1.0 was withdrawn." in page
            assert REASON in page
            assert f'<a href="{instead}">Use version 1.0.0 instead.</a>' in page
            assert "The newest is" not in page
        for path in ("/en/versions/1.0.0/concepts/C001", "/en/concepts/C001", "/en/"):
            assert "was withdrawn" not in client.get(path).text
        assert f'<span class="tag warn">retirée</span></h2>\n<p lang="en">{REASON}' in client.get("/fr/versions").text
        feed = client.get(f"{VERSIONS}.atom").text
    assert "<title>1.1.0 Second (withdrawn)</title>" in feed
    assert f"<summary>Withdrawn: {REASON}" in feed


REFUSED = [
    ("1.1.0", {"reason": REASON}, 422, "/use"),
    ("1.1.0", {"use": "1.0.0"}, 422, "/reason"),
    ("1.1.0", {"reason": " ", "use": "1.0.0"}, 422, "/reason"),
    ("1.1.0", {"reason": REASON, "use": "9.0.0"}, 422, "there is no such version"),
    ("1.1.0", {"reason": REASON, "use": "1.1.0"}, 422, "about to be"),
    ("1.1.0", {"reason": REASON, "use": "latest"}, 422, "written like 2.1.0"),
    ("9.0.0", {"reason": REASON, "use": "1.0.0"}, 404, "There is no version 9.0.0"),
    ("latest", {"reason": REASON, "use": "1.0.0"}, 404, "exact number"),
]


@pytest.mark.parametrize(("number", "body", "status", "said"), REFUSED)
def test_a_wrong_withdrawal_is_refused_in_clear_words(
    sqlite_database: Database, number: str, body: Any, status: int, said: str
) -> None:
    with ready(sqlite_database) as (client, key):
        sent(client, key, {"number": "1.1.0"})
        before = counts(sqlite_database)
        answer = client.post(f"{VERSIONS}/{number}/withdrawal", json=body, headers=bearer(key))
        assert answer.status_code == status
        assert said in answer.text
        assert counts(sqlite_database) == before


def test_it_happens_once_and_by_whoever_may(database: Database) -> None:
    with ready(database) as (client, key):
        sent(client, key, {"number": "1.1.0"})
        reviewer, _ = a_key(database, "review", organisation="valencia")
        assert withdrawn(client, reviewer).status_code == 403
        first, second = (withdrawn(client, key, Idempotency_Key="once") for _ in range(2))
        assert first.get_json() == second.get_json()
        again = withdrawn(client, key)
        assert (again.status_code, again.get_json()["code"]) == (409, "conflict")
        assert "withdrawn already" in again.get_json()["detail"]
        assert "is withdrawn" in withdrawn(client, key, "1.0.0", "1.1.0").text


def test_when_all_are_withdrawn_other_names_mean_nothing_and_the_numbers_stay(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        assert withdrawn(client, key, "1.0.0", None).get_json()["withdrawn"]["use"] is None
        missing = client.get(f"{VERSIONS}/latest")
        assert (missing.status_code, missing.get_json()["withdrawn"]) == (404, ["1.0.0"])
        exact = client.get(f"{VERSIONS}/1.0.0/concepts/C001")
        assert exact.status_code == 200
        assert "successor-version" not in str(exact.headers)
        assert client.get("/api/v1").get_json()["versions"]["latest"] is None
        assert client.get("/readyz").status_code == 200
        assert sent(client, key, {"number": "1.1.0"}).status_code == 201
        assert client.get(f"{VERSIONS}/latest").get_json()["number"] == "1.1.0"
