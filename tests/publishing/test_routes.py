"""Publishing over HTTP: what is published is what was looked at, by whoever may, once, under a number that fits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.versions.queries import list_versions
from competency_api.versions.verification import verify_versions
from tests.factories import a_concept, links
from tests.support.keys import ADMIN_KEY, a_key, bearer
from tests.support.publications import KEY_ID, SIGNING_KEY, VERSIONS, ready, rehearsed, sent, state_of
from tests.support.states import drafted
from tests.versions.test_publishing import counts


def numbers(database: Database) -> list[str]:
    with database.reading(fresh=True) as session:
        return [str(version.number) for version in list_versions(session)]


def test_a_dry_run_says_everything_that_would_happen_and_writes_nothing(database: Database) -> None:
    with ready(database, signing_key=SIGNING_KEY) as (client, key):
        before = counts(database)
        answer = rehearsed(client, key, title="Second")
        told = answer.get_json()
        assert answer.status_code == 200
        assert counts(database) == before
    assert (told["is_publishable"], told["obstacles"]) == (True, [])
    assert (told["parent"], told["number"], told["smallest"], told["bump"]) == ("1.0.0", "1.1.0", "1.1.0", "minor")
    assert {reason["code"] for reason in told["reasons"]} == {"T002", "C002", "R001"}
    assert told["changes"] == {"added": 1, "replaced": 1, "renamed": 1, "linked": 1}
    assert [entry["code"] for entry in told["changed"]] == ["C002", "R001", "T002", "C001"]
    assert "- C001 Another name, before: Competency C001" in told["notes"]
    assert (told["publisher"], told["signed_with"]) == ("Valencia", KEY_ID)
    assert told["valid_from"] == clock.today().isoformat()
    assert told["errors"] == 0
    assert told["concepts"] == {"total": 11, "active": 10, "retired": 1}


def test_what_was_looked_at_is_published_and_served_at_once(database: Database) -> None:
    with ready(database, signing_key=SIGNING_KEY) as (client, key):
        plan = rehearsed(client, key)
        answer = sent(client, key, {"number": "1.1.0", "title": "Second"})
        read = client.get(answer.headers["Location"])
        latest = client.get(f"{VERSIONS}/latest").get_json()
        audit = client.get("/api/v1/audit?action=version.published", headers=bearer()).get_json()["items"]
        events = client.get("/api/v1/me/events?type=version.published", headers=bearer()).get_json()["items"]
    assert answer.status_code == 201
    assert answer.get_json() == read.get_json() == latest
    assert (latest["number"], latest["digest"]) == ("1.1.0", plan.get_json()["digest"])
    assert (latest["notes"], latest["publisher"]) == (plan.get_json()["notes"], "Valencia")
    assert latest["signed_with"] == KEY_ID
    [entry] = audit
    assert (entry["subject"], entry["organisation"]) == ("version/1.1.0", "valencia")
    assert entry["details"] == {"digest": latest["digest"], "signed_with": KEY_ID}
    event = events[-1]
    assert (event["subject"], event["actor"]) == ("version/1.1.0", "Valencia (test)")
    said = ("number", "bump", "publisher", "digest", "signed_with")
    assert {name: event["data"][name] for name in said} == {name: latest[name] for name in said}
    with database.reading() as session:
        assert verify_versions(session).faults == ()
        assert list_versions(session)[-1].published_by == "Valencia (test)"


def test_notes_that_are_given_win_also_empty_ones(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        for notes in ("Mine.\n\n- One", ""):
            assert rehearsed(client, key, notes=notes).get_json()["notes"] == notes
        given = {"number": "1.1.0", "notes": " Mine.\r\n", "publisher": "The partnership", "valid_from": "2030-01-01"}
        told = sent(client, key, given).get_json()
    assert (told["notes"], told["publisher"], told["valid_from"]) == ("Mine.", "The partnership", "2030-01-01")
    assert told["signed_with"] is None
    assert told["signature"] is None


@pytest.mark.parametrize(("asked", "number"), [({}, "1.1.0"), ({"number": "3.0.0"}, "3.0.0")])
def test_the_smallest_number_is_taken_or_a_higher_one(sqlite_database: Database, asked: Any, number: str) -> None:
    with ready(sqlite_database) as (client, key):
        assert sent(client, key, asked).get_json()["number"] == number


# -- what is refused ---------------------------------------------------------------------------------------------------

REFUSED = [
    ({"number": "1.0.1"}, 409, "number-refused", "1.0.1 is too small; the smallest permitted number is 1.1.0"),
    ({"number": "1.0.0"}, 409, "number-refused", "1.0.0 is taken: it was published at"),
    ({"number": "1.1.0", "valid_from": "2001-01-01"}, 409, "conflict", "its parent 1.0.0 is from"),
    ({"number": "1.1"}, 422, "invalid-input", "written like 2.1.0"),
    ({"number": 1.1}, 422, "invalid-input", "written like 2.1.0"),
    ({"number": "1.1.0", "note": "x"}, 422, "invalid-input", 'There is no member "note". Did you mean "notes"?'),
    ({"number": "1.1.0", "title": "a\x00"}, 422, "invalid-input", "Character 2 is U+0000 (NUL)"),
    ({"number": "1.1.0", "valid_from": "soon"}, 422, "invalid-input", "written like 2026-11-23"),
]


@pytest.mark.parametrize(("body", "status", "code", "detail"), REFUSED)
def test_a_wrong_publication_is_refused_in_clear_words_and_writes_nothing(
    sqlite_database: Database, body: Any, status: int, code: str, detail: str
) -> None:
    with ready(sqlite_database) as (client, key):
        before = counts(sqlite_database)
        answer = sent(client, key, body)
        problem = answer.get_json()
        assert counts(sqlite_database) == before
    assert (answer.status_code, problem["code"]) == (status, code)
    assert detail in str(problem["detail"]) + str(problem.get("errors"))
    if code == "number-refused":
        assert problem["smallest"] == "1.1.0"
        assert {reason["code"] for reason in problem["reasons"]} == {"T002", "C002", "R001"}


def test_a_dry_run_names_every_obstacle_at_once(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        with sqlite_database.transaction() as session:
            drafted(session, [a_concept(code="C050", relations={"part_of": links("D404")})])
        told = rehearsed(client, key, number="1.0.1", valid_from="2001-01-01").get_json()
        refused = sent(client, key, {"number": "9.0.0"})
    assert told["is_publishable"] is False
    assert [obstacle["code"] for obstacle in told["obstacles"]] == ["number-refused", "broken-rules", "conflict"]
    assert told["errors"] > 0
    assert told["findings"][0]["severity"] == "error"
    assert (refused.status_code, refused.get_json()["code"]) == (409, "broken-rules")
    assert "D404" in str(refused.get_json()["findings"])
    assert numbers(sqlite_database) == ["1.0.0"]


def test_nobody_publishes_a_draft_that_they_did_not_see(database: Database) -> None:
    with ready(database) as (client, key):
        seen = state_of(client, key)
        with database.transaction() as session:
            drafted(session, [a_concept("technology", "T009")])
        stale = sent(client, key, {"number": "1.1.0"}, seen)
        missing = client.post(VERSIONS, json={"number": "1.1.0"}, headers=bearer(key))
        anything = sent(client, key, {"number": "1.1.0"}, "*")
        now = state_of(client, key)
        assert numbers(database) == ["1.0.0"]
        assert [stale.status_code, missing.status_code, anything.status_code] == [412, 428, 428]
        assert stale.get_json()["etag"] == now
        assert sent(client, key, {"number": "1.1.0"}, f'"other", W/{now}').status_code == 201
        again = sent(client, key, {"number": "1.1.0"}, now)
    assert again.status_code == 412


def test_without_a_change_there_is_nothing_to_publish(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        sent(client, key, {"number": "1.1.0"})
        told = rehearsed(client, key).get_json()
        refused = sent(client, key, {"number": "2.0.0"})
    assert (told["smallest"], told["number"], told["notes"]) == (None, None, "")
    assert [obstacle["code"] for obstacle in told["obstacles"]] == ["nothing-to-publish"]
    assert (refused.status_code, refused.get_json()["code"]) == (409, "nothing-to-publish")


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_only_a_key_with_the_scope_may_publish_or_rehearse(sqlite_database: Database, query: str) -> None:
    with ready(sqlite_database) as (client, key):
        reviewer, _ = a_key(sqlite_database, "review", organisation="valencia")
        ends = clock.now() + dt.timedelta(seconds=1)
        expired, _ = a_key(sqlite_database, "publish", organisation="valencia", expires_at=ends)
        state = state_of(client, key)
        later = clock.now() + dt.timedelta(hours=1)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(clock, "now", lambda: later)
            body = {"number": "1.1.0"}
            fields = [{}, bearer("sck_wrong"), bearer(expired), bearer(reviewer)]
            answers = [client.post(VERSIONS + query, json=body, headers={**f, "If-Match": state}) for f in fields]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 403]
        assert [answer.get_json()["code"] for answer in answers[1:]] == ["invalid-key", "invalid-key", "forbidden"]
        assert answers[3].get_json()["scope"] == "publish"
        assert "expired at" in answers[2].get_json()["detail"]
        assert numbers(sqlite_database) == ["1.0.0"]
        assert client.post(VERSIONS + query, json=body, headers=bearer(ADMIN_KEY, If_Match=state)).status_code < 300


def test_an_unknown_parameter_is_refused_before_it_could_publish(sqlite_database: Database) -> None:
    with ready(sqlite_database) as (client, key):
        fields = bearer(key, If_Match=state_of(client, key))
        answer = client.post(f"{VERSIONS}?dryrun=true", json={"number": "1.1.0"}, headers=fields)
    assert answer.status_code == 422
    assert "dry_run" in answer.get_json()["errors"][0]["detail"]
    assert numbers(sqlite_database) == ["1.0.0"]
