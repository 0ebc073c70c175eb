"""Publishing what partners proposed: their proposals go with the version, and the notes tell of them."""

from __future__ import annotations

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.curation.lifecycle import State, Verb
from tests.factories import a_concept, links
from tests.support.keys import an_administrator, bearer
from tests.support.proposals import an_edit, draft_of, led, partners, state_of, submitted
from tests.support.publications import LONG, PROPOSALS, SIGNING_KEY, VERSIONS, curated, rehearsed, sent
from tests.support.publications import state_of as seen_in
from tests.support.published import serving
from tests.support.states import drafted, published
from tests.versions.test_publishing import counts

RETIREMENT = {"reason": "Nobody asks for it.", "on": "2026-11-23"}


def test_accepted_proposals_are_published_with_the_version_and_the_feed_tells(database: Database) -> None:
    with curated(database) as (client, key, accepted, rejected, _):
        before = client.get(f"{PROPOSALS}/{accepted}", headers=bearer())
        told = sent(client, key, {"number": "1.0.1"}).get_json()
        again = client.get(f"{PROPOSALS}/{accepted}", headers={**bearer(), "If-None-Match": before.headers["ETag"]})
        other = client.get(f"{PROPOSALS}/{rejected}", headers=bearer()).get_json()
        events = client.get("/api/v1/me/events?type=proposal.published", headers=bearer()).get_json()["items"]
        audit = client.get("/api/v1/audit?action=proposal.published", headers=bearer()).get_json()["items"]
        missing = client.get(f"{VERSIONS}/1.0.1/concepts/T777")
    assert (before.get_json()["state"], again.status_code) == ("accepted", 200)
    assert (again.get_json()["state"], again.get_json()["version"]) == ("published", told["number"])
    assert (other["state"], other["version"], missing.status_code) == ("rejected", None, 404)
    [event] = events
    assert event["subject"] == f"proposal/{accepted}"
    assert event["data"] == {"title": "Better", "state": "published", "version": "1.0.1"}
    assert [entry["subject"] for entry in audit] == [f"proposal/{accepted}"]


def test_a_proposal_is_published_once_and_the_next_version_has_its_own(sqlite_database: Database) -> None:
    with curated(sqlite_database) as (client, key, _, _, (one, other)):
        sent(client, key, {})
        second = submitted(sqlite_database, other, an_edit(field="scope_note", text="To be read with care."))
        led(sqlite_database, one, second, Verb.ACCEPTANCE)
        assert [proposal["id"] for proposal in rehearsed(client, key).get_json()["proposals"]] == [second]
        assert state_of(sqlite_database, one, second) is State.ACCEPTED
        number = sent(client, key, {}).get_json()["number"]
        events = client.get("/api/v1/me/events?type=proposal.published", headers=bearer()).get_json()["items"]
    assert [event["data"]["version"] for event in events] == ["1.0.1", number]


def test_the_notes_of_the_dry_run_tell_who_proposed_what_and_are_kept(database: Database) -> None:
    with curated(database) as (client, key, accepted, *_):
        told = rehearsed(client, key).get_json()
        kept = sent(client, key, {}).get_json()
    assert told["notes"].startswith("**Why**\n\n- Better (Valencia)\n\n")
    assert "**Definitions reworded**: C001" in told["notes"]
    assert kept["notes"] == told["notes"]
    [proposal] = told["proposals"]
    assert (proposal["id"], proposal["title"], proposal["by"]) == (accepted, "Better", "Valencia")
    assert proposal["links"] == {"self": f"{PROPOSALS}/{accepted}"}


def test_notes_are_edited_before_publication_by_giving_others(sqlite_database: Database) -> None:
    with curated(sqlite_database) as (client, key, *_):
        edited = rehearsed(client, key).get_json()["notes"].replace("Better", "C001 says what it is not")
        assert sent(client, key, {"notes": edited}).get_json()["notes"] == edited


def test_what_was_accepted_since_the_dry_run_is_not_published_unseen(sqlite_database: Database) -> None:
    with curated(sqlite_database) as (client, key, _, _, (one, other)):
        seen = seen_in(client, key)
        # changes nothing more, but is another reason for it
        led(sqlite_database, other, submitted(sqlite_database, one, an_edit(text=LONG)), Verb.ACCEPTANCE)
        answer = sent(client, key, {}, seen)
    assert (answer.status_code, answer.get_json()["code"]) == (412, "precondition-failed")


def test_a_dry_run_says_whom_it_touches_and_what_is_signed(sqlite_database: Database) -> None:
    published(sqlite_database)
    key = an_administrator(sqlite_database)
    one, other = partners(sqlite_database)
    change = {"type": "retire", "code": "C002", **RETIREMENT}
    led(sqlite_database, other, submitted(sqlite_database, one, change), Verb.ACCEPTANCE)
    with serving(Settings(database_url=sqlite_database.settings.database_url, signing_key=SIGNING_KEY)) as client:
        told = rehearsed(client, key, title="Fewer").get_json()
    assert (told["number"], told["bump"], [r["code"] for r in told["reasons"]]) == ("2.0.0", "major", ["C002"])
    assert [(entry["code"], entry["outcome"]) for entry in told["impact"]["concepts"]] == [("C002", "retired")]
    assert (told["impact"]["mappings_total"], told["impact"]["organisations"]) == (0, [])
    statement = told["statement"]
    assert (statement["number"], statement["title"], statement["digest"]) == ("2.0.0", "Fewer", told["digest"])
    for finding in told["findings"]:
        assert finding["page"] == f"/rules#{finding['rule']}"


def test_errors_block_a_publication_each_by_name_and_the_draft_stays(database: Database) -> None:
    with curated(database) as (client, key, accepted, *_):
        with database.transaction() as session:
            drafted(session, [a_concept(code=f"C{n}", relations={"part_of": links("D404")}) for n in range(50, 170)])
        told, before = rehearsed(client, key).get_json(), counts(database)
        draft = draft_of(database)
        answer = sent(client, key, {"number": "9.0.0"}, Idempotency_Key="k")
        assert counts(database) == before
        assert draft_of(database) == draft
        state = client.get(f"{PROPOSALS}/{accepted}", headers=bearer()).get_json()["state"]
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], state) == (409, "broken-rules", "accepted")
    assert problem["findings_total"] == len(problem["findings"]) == told["errors"] >= 120
    assert {f"C{n}" for n in range(50, 170)} <= {finding["code"] for finding in problem["findings"]}
    assert problem["findings"] == told["findings"][: told["errors"]]
    page = client.get(problem["findings"][0]["page"].partition("#")[0], follow_redirects=True).text
    assert all(f'id="{finding["rule"]}"' in page for finding in problem["findings"])
