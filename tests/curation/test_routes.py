"""Proposals over HTTP: what a curator's client sends and gets, and what bad input gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.taxonomy.pointers import as_json
from tests.factories import a_concept, in_spanish
from tests.support.curators import Curator, P, keys_of_two
from tests.support.keys import a_key, bearer
from tests.support.proposals import an_edit
from tests.support.published import serving
from tests.support.states import published, second_state

DAY = {"reason": "Nobody asks for it.", "on": "2026-11-23"}


Two = tuple[Curator, Curator]


@pytest.fixture
def two(database: Database) -> Iterator[Two]:
    """Curators of two partners, over a published version with a retired concept."""
    published(database)
    published(database, second_state())
    keys = keys_of_two(database)
    with serving(Settings(database_url=database.settings.database_url)) as client:
        yield Curator(client, keys[0]), Curator(client, keys[1])


def test_two_partners_propose_conflict_settle_and_accept(two: Two) -> None:
    one, other = two
    first, second = one.submitted(an_edit(text="Theirs")), other.submitted(an_edit(text="Yours"))
    assert other.say(first, "acceptance").json["state"] == "accepted"
    refused = one.say(second, "acceptance")
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    [field] = refused.json["conflicts"][0]["fields"]
    assert (field["path"], field["theirs"], field["yours"]) == ("/definition/en", "Theirs", "Yours")
    assert other.get(f"{P}/{second}/conflicts").json["conflicts"] == refused.json["conflicts"]
    decision = {"code": "C001", "path": "/definition/en", "value": "Both of us"}
    assert other.say(second, "rebase", {"decisions": [decision]}).status_code == 200
    assert one.say(second, "acceptance").json["next"] == []
    assert one.get("/api/v1/draft/concepts/C001").json["definition"]["en"] == "Both of us"


def test_a_proposal_shows_what_it_does(two: Two) -> None:
    one, _ = two
    proposal = one.made(
        an_edit(text="Something else.", changes_meaning=True), {"type": "retire", "code": "T001", **DAY}
    )
    found = one.get(f"{P}/{proposal}/difference").json
    assert (found["bump"], found["smallest"], found["concepts"], found["conflicts"]) == ("major", "2.0.0", 2, 0)
    assert {reason["code"] for reason in found["reasons"]} == {"C001", "T001"}
    quality = one.get(f"{P}/{proposal}/quality").json
    assert quality["errors_added"] >= 1
    assert "T001" in {code for finding in quality["added"] for code in (finding["code"], *finding["others"])}
    impact = one.get(f"{P}/{proposal}/impact").json
    outcomes = {concept["code"]: concept["outcome"] for concept in impact["concepts"]}
    assert (outcomes, impact["mappings_total"]) == ({"C001": "review", "T001": "retired"}, 0)


def test_the_difference_is_a_page_for_people_too(two: Two) -> None:
    one, _ = two
    new = as_json(in_spanish(a_concept("technology", "T777", definition={"en": "What nobody had yet."})))
    proposal = one.made(an_edit(text="<b>Bold</b>"), {"type": "add", "concept": new}, title="Bolder <i>words</i>")
    page = one.get(f"{P}/{proposal}/difference.html")
    assert page.status_code == 200
    assert "&lt;b&gt;Bold" in page.text
    assert "<h1>Bolder &lt;i&gt;words" in page.text
    assert "<ins>What nobody had yet.</ins>" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "no-store" in page.headers["Cache-Control"]


def test_a_repeated_request_proposes_once(two: Two) -> None:
    one, _ = two
    body = {"title": "Once", "changes": [an_edit()]}
    answers = [one.post(P, body, Idempotency_Key="k-1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(one.get(P).json["items"]) == 1


def test_changes_are_added_replaced_and_taken_out(two: Two) -> None:
    one, _ = two
    proposal = one.made(an_edit())
    assert one.say(proposal, "changes", {"changes": [an_edit("C003"), an_edit("D001")]}).json["changes"] == 3
    tag = one.get(f"{P}/{proposal}").headers["ETag"]
    put = one.client.put(
        f"{P}/{proposal}/changes/2", json={"change": an_edit("T001")}, headers=bearer(one.key, If_Match=tag)
    )
    gone = one.client.delete(f"{P}/{proposal}/changes/1", headers=bearer(one.key, If_Match=put.headers["ETag"]))
    assert (put.status_code, gone.status_code) == (200, 200)
    items = one.get(f"{P}/{proposal}/changes").json["items"]
    assert [(item["number"], item["codes"]) for item in items] == [(2, ["T001"]), (3, ["D001"])]


def test_comments_and_answers(two: Two) -> None:
    one, other = two
    proposal = one.submitted(an_edit())
    asked = other.post(f"{P}/{proposal}/comments", {"text": "Why?", "change": 1})
    one.post(f"{P}/{proposal}/comments", {"text": "Because.", "reply_to": asked.json["id"]})
    items = other.get(f"{P}/{proposal}/comments").json["items"]
    assert [(c["text"], c["change"], c["organisation"]) for c in items] == [
        ("Why?", 1, "porto"), ("Because.", 1, "valencia"),
    ]  # fmt: skip
    assert items[1]["reply_to"] == items[0]["id"]


def test_drafts_of_others_do_not_exist(two: Two) -> None:
    one, other = two
    proposal = one.made(an_edit())
    paths = [f"{P}/{proposal}{part}" for part in ("", "/changes", "/comments", "/difference", "/quality", "/impact")]
    assert {other.get(path).status_code for path in paths} == {404}
    assert other.get(P).json["items"] == []


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no such concept": (an_edit("C999"), "/changes/0/code"),
    "circle": (
        {"type": "retire", "code": "C001", "successors": [{"code": "C002", "match": "equivalent"}], **DAY},
        "/changes/0/successors/0/code",
    ),
    "edit of a retired one": (an_edit("C002"), "/changes/0/code"),
    "merge into itself": ({"type": "merge", "codes": ["C001"], "into": "C001", **DAY}, "/changes/0/codes/0"),
    "level 5": (
        {"type": "edit", "code": "R001", "fields": {"relations": {"expects": [{"code": "C001", "level": 5}]}}},
        "/changes/0/fields/relations/expects/0/level",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_change_that_makes_no_sense_is_refused_and_nothing_is_written(two: Two, case: str) -> None:
    one, _ = two
    change, place = WRONG[case]
    kept = one.made(an_edit("C003"))
    for answer in (
        one.post(P, {"title": "Wrong", "changes": [change]}),
        one.say(kept, "changes", {"changes": [change]}),
    ):
        assert (answer.status_code, answer.json["code"]) == (422, "invalid-input")
        assert [error["pointer"] for error in answer.json["errors"]] == [place]
    assert [item["changes"] for item in one.get(P).json["items"]] == [1]


def test_too_many_changes_are_refused(two: Two) -> None:
    one, _ = two
    answer = one.post(P, {"title": "Much", "changes": [{"type": "x"}] * 10_001})
    assert answer.status_code == 422
    assert "10,000" in answer.json["detail"]


def test_a_change_of_what_exists_names_the_state_it_was_made_from(two: Two) -> None:
    one, _ = two
    proposal = one.made(an_edit())
    stale = one.get(f"{P}/{proposal}").headers["ETag"]
    one.say(proposal, "changes", {"changes": [an_edit("C003")]})
    for verb, body in (("changes", {"changes": [an_edit()]}), ("submission", {}), ("rebase", {})):
        assert one.post(f"{P}/{proposal}/{verb}", body).status_code == 428
        assert one.post(f"{P}/{proposal}/{verb}", body, If_Match=stale).status_code == 412
    assert one.get(f"{P}/{proposal}").json["changes"] == 2


def test_reviewing_needs_the_scope_and_another_author(database: Database, two: Two) -> None:
    one, _ = two
    proposal = one.submitted(an_edit())
    own = one.say(proposal, "acceptance")
    assert (own.status_code, "own proposal" in own.json["detail"]) == (403, True)
    member, _ = a_key(database, "propose", organisation="porto")
    refused = Curator(one.client, member).say(proposal, "acceptance")
    assert (refused.status_code, refused.json["scope"]) == (403, "review")
    assert one.client.get(P).status_code == 401


def test_a_key_that_has_ended_is_refused_and_what_was_proposed_with_it_is_still_there(
    database: Database, two: Two
) -> None:
    one, _ = two
    proposal = one.made(an_edit())
    with database.transaction() as session:
        session.execute(sa.text("UPDATE api_key SET expires_at = created_at"))
    answer = one.post(P, {"title": "Late", "changes": [an_edit()]})
    assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    with database.reading(fresh=True) as session:
        assert session.scalars(sa.text("SELECT uuid FROM proposal")).all() == [proposal]


def test_a_rejected_proposal_left_no_trace_in_the_draft(two: Two) -> None:
    one, other = two
    before = one.get("/api/v1/draft").json["digest"]
    new = as_json(in_spanish(a_concept("technology", "T777")))
    proposal = one.submitted(an_edit(), {"type": "add", "concept": new})
    assert other.say(proposal, "rejection", {"note": "Not now."}).json["decision"] == "Not now."
    assert one.get("/api/v1/draft").json["digest"] == before
    assert one.get("/api/v1/draft/concepts/T777").status_code == 404
