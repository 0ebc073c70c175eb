"""Suggestions for a course: asked for, accepted with their evidence, rejected for good, and heeded for others."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest

from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.courses.ledger.checking import check_sums
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import edited, links
from tests.support.keys import bearer
from tests.support.states import BY_C001, published
from tests.support.suggesting import ALIKE, TEXT, Asking, accept, asking, named, reject

MATCH = "/api/v1/versions/1.0.0/match"
OTHER = "An evening about the history of gardens, with a walk through cloud computing."


@pytest.fixture
def providers(database: Database) -> Iterator[tuple[Asking, Asking]]:
    fresh = dataclasses.replace(database.settings, latest_refresh_seconds=0)
    own = Database(fresh)
    with asking(own) as both:
        yield both
    own.close()


@pytest.fixture
def gov(providers: tuple[Asking, Asking]) -> Asking:
    providers[0].course()
    return providers[0]


def audited(asked: Asking) -> list[dict[str, Any]]:
    answer = asked.client.get("/api/v1/audit?limit=100", headers=bearer())
    return [entry for entry in answer.get_json()["items"] if entry["action"].startswith("suggestion")]


def matched(asked: Asking, text: str = ALIKE) -> dict[str, Any]:
    """What anybody is told who asks without a key."""
    return {item["code"]: item for item in asked.client.post(MATCH, json={"description": text}).get_json()["items"]}


def test_a_course_gets_suggestions_with_what_supports_them(gov: Asking) -> None:
    found = gov.suggested()
    assert {code: found[code]["relation"] for code in found} == {
        "Q001": "teaches",
        "C001": "teaches",
        "T001": "requires",
    }
    item = found["Q001"]
    assert item["evidence"] == "competitive dialogue"
    at = TEXT.index("competitive")
    assert item["evidence_span"] == f"description@en:{at}-{at + len('competitive dialogue')}"
    assert item["why"]["label"] == "Competitive dialogue"


def test_accepting_writes_the_mapping_as_of_the_version_with_its_evidence(gov: Asking) -> None:
    outcome = gov.decide(accept("Q001"), accept("T001"))
    assert outcome == {
        "provider": "gov", "version": "1.0.0",
        "accepted": 2, "rejected": 0, "reopened": 0, "unchanged": 0, "mappings": 2,
    }  # fmt: skip
    written = gov.mappings()
    said = {name: written["Q001"][name] for name in ("relation", "evidence", "version")}
    assert said == {"relation": "teaches", "evidence": "competitive dialogue", "version": "1.0.0"}
    assert written["Q001"]["evidence_span"].startswith("description@en:")
    assert written["T001"]["relation"] == "requires"
    with gov.client.application.extensions["competency-api"].database.reading(fresh=True) as session:
        assert check_sums(session).is_good


def test_what_is_guessed_can_be_said_otherwise(gov: Asking) -> None:
    gov.decide(accept("C001", relation="assesses", level=4, hours=1.5, evidence="By examination."))
    mapping = gov.mappings()["C001"]
    said = [mapping[name] for name in ("relation", "level", "hours", "evidence")]
    assert said == ["assesses", 4, 1.5, "By examination."]


def test_who_decided_when_about_which_text_is_recorded(gov: Asking) -> None:
    text = gov.ask("GET", "courses/SC-1/mappings/suggestions").get_json()["text"]
    gov.decide(accept("Q001"), reject("T001"))
    items = gov.ask("GET", "courses/SC-1/mappings/suggestions/decisions").get_json()["items"]
    assert [(item["concept"], item["standing"], item["text_digest"]) for item in items] == [
        ("Q001", "accepted", text["digest"]),
        ("T001", "rejected", text["digest"]),
    ]
    assert all(item["decided_at"] and item["actor"] for item in items)
    (entry,) = audited(gov)
    assert (entry["details"]["accepted"], entry["details"]["rejected"], entry["details"]["external_id"]) == (
        1,
        1,
        "SC-1",
    )
    (event,) = gov.ask("GET", "/api/v1/me/events?type=suggestion.decided").get_json()["items"]
    assert event["data"]["mappings"] == 1


def test_what_is_mapped_or_rejected_is_not_suggested_again_until_it_is_reopened(gov: Asking) -> None:
    gov.decide(accept("Q001"), reject("T001"))
    assert set(gov.suggested()) == {"C001"}
    assert gov.decide({"concept": "T001", "verdict": "reopen"})["reopened"] == 1
    assert set(gov.suggested()) == {"C001", "T001"}


def test_accepting_again_changes_nothing_and_a_repeated_request_is_answered_as_the_first(gov: Asking) -> None:
    key = {"Idempotency_Key": "one"}
    assert gov.decide(accept("Q001"), fields=key) == gov.decide(accept("Q001"), fields=key)
    before = gov.mappings()
    again = gov.decide(accept("Q001", level=None))
    assert (again["unchanged"], again["mappings"]) == (1, 0)
    assert gov.mappings() == before


@pytest.mark.parametrize(
    ("item", "pointer", "says"),
    [
        (accept("C002"), "/items/1/concept", "not suggested for this course"),
        (accept("C999"), "/items/1/concept", "not suggested for this course"),
        (accept("T001", level=2), "/items/1/level", "no levels"),
        (accept("Q001"), "/items/1/concept", "said already"),
        (accept("C001", level=5), "/items/1/level", "1 to 4"),
        (accept("C001", hours=-1), "/items/1/hours", "Must be"),
        ({"concept": "C001", "verdict": "perhaps"}, "/items/1/verdict", "not known"),
    ],
)
def test_what_cannot_be_is_refused_by_its_place_and_nothing_is_written(
    gov: Asking, item: dict[str, Any], pointer: str, says: str
) -> None:
    answer = gov.decide(accept("Q001"), item, status=422)
    assert [(error["pointer"], says in error["detail"]) for error in answer["errors"]] == [(pointer, True)]
    assert gov.mappings() == {}


def test_another_provider_sees_neither_course_nor_decisions(providers: tuple[Asking, Asking], gov: Asking) -> None:
    other = providers[1]
    other.ask("GET", "/api/v1/providers/gov/courses/SC-1/mappings/suggestions", 404)
    other.ask("GET", "/api/v1/providers/gov/courses/SC-1/mappings/suggestions/decisions", 404)
    other.ask("GET", "courses/SC-1/mappings/suggestions", 404)
    assert other.client.get(f"{gov.base}/courses/SC-1/mappings/suggestions").status_code == 401


def test_what_is_accepted_for_a_public_course_raises_the_concept_for_everybody(gov: Asking) -> None:
    before = matched(gov)["Q001"]
    assert before["why"]["accepted"] is None
    gov.decide(accept("Q001"))
    after = matched(gov)["Q001"]
    assert after["score"] > before["score"]
    assert after["confidence"] > before["confidence"]
    assert after["why"]["accepted"]["organisations"] == 1
    assert matched(gov) == matched(gov)
    assert matched(gov, OTHER)["T001"]["why"]["accepted"] is None


def test_every_organisation_counts_once(providers: tuple[Asking, Asking], gov: Asking) -> None:
    gov.course("SC-2", ALIKE)
    gov.decide(accept("Q001"))
    gov.decide(accept("Q001"), external_id="SC-2")
    alone = matched(gov)["Q001"]["why"]["accepted"]
    providers[1].course("P-1", ALIKE)
    providers[1].decide(accept("Q001"), external_id="P-1")
    both = matched(gov)["Q001"]["why"]["accepted"]
    assert (alone["organisations"], both["organisations"]) == (1, 2)
    assert both["share"] > alone["share"]


def test_what_is_accepted_for_a_private_course_counts_for_its_provider_alone(
    providers: tuple[Asking, Asking], gov: Asking
) -> None:
    gov.course("SC-2", ALIKE, visibility="private")
    before = matched(gov)
    gov.decide(accept("Q001"), external_id="SC-2")
    providers[1].course("P-1", ALIKE)
    assert matched(gov) == before
    assert providers[1].suggested("P-1")["Q001"]["why"]["accepted"] is None
    assert gov.suggested()["Q001"]["why"]["accepted"]["share"] > 0.5


def test_what_was_accepted_while_nobody_else_could_read_it_is_not_told_when_the_course_becomes_public(
    gov: Asking,
) -> None:
    gov.course("SC-2", visibility="private")
    gov.decide(accept("Q001"), external_id="SC-2")
    before = matched(gov)
    etag = {"If_Match": gov.ask("GET", "courses/SC-2").headers["ETag"]}
    public = {"title": {"en": "Smart cities"}, "description": {"en": TEXT}}
    gov.ask("PUT", "courses/SC-2", 200, fields=etag, json=public)
    assert matched(gov) == before
    assert gov.decide(accept("Q001"), external_id="SC-2")["mappings"] == 0
    assert matched(gov)["Q001"]["why"]["accepted"]["organisations"] == 1


def test_what_is_rejected_lowers_the_concept_for_its_provider_alone(
    providers: tuple[Asking, Asking], gov: Asking
) -> None:
    gov.course("SC-2", ALIKE)
    before, public = gov.suggested("SC-2")["Q001"], matched(gov)
    gov.decide(reject("Q001"))
    after = gov.suggested("SC-2", "min_confidence=0")["Q001"]
    assert after["score"] < before["score"]
    assert after["why"]["accepted"]["share"] < 0
    providers[1].course("P-1", ALIKE)
    assert providers[1].suggested("P-1")["Q001"]["why"]["accepted"] is None
    assert matched(gov) == public


@pytest.mark.parametrize("what", ["removed", "unmapped", "private", "reopened"])
def test_an_acceptance_counts_as_long_as_the_public_course_is_mapped_so(gov: Asking, what: str) -> None:
    gov.decide(accept("Q001"))
    assert matched(gov)["Q001"]["why"]["accepted"]
    course = gov.ask("GET", "courses/SC-1")
    etag = {"If_Match": course.headers["ETag"]}
    if what == "reopened":
        gov.decide({"concept": "Q001", "verdict": "reopen"})
    elif what == "removed":
        gov.ask("DELETE", "courses/SC-1", 204, fields=etag)
    elif what == "private":
        body = {"title": {"en": "T"}, "description": {"en": TEXT}, "visibility": "private"}
        gov.ask("PUT", "courses/SC-1", 200, fields=etag, json=body)
    else:
        etag = {"If_Match": gov.ask("GET", "courses/SC-1/mappings").headers["ETag"]}
        gov.ask("PUT", "courses/SC-1/mappings", 200, fields=etag, json={"items": []})
    assert matched(gov)["Q001"]["why"]["accepted"] is None


def replaced() -> Taxonomy:
    """The next version: C002 is C001 now."""
    expected = {"expects": links("C001", level=2)}
    return edited(edited(named(), "C002", retirement=BY_C001), "R001", relations=expected)


def migrated(asked: Asking, to: str) -> None:
    plan = asked.ask("POST", "migrations", 201, json={"to": to}).get_json()
    asked.ask("POST", f"{plan['links']['self']}/application", 201)


def who_accepted(asked: Asking, version: str) -> dict[str, int]:
    """By concept, how many organisations accepted it for texts like this one."""
    found = asked.client.post(f"/api/v1/versions/{version}/match", json={"description": f"{ALIKE} Manage contracts."})
    taken = {item["code"]: item["why"]["accepted"] for item in found.get_json()["items"]}
    return {code: said["organisations"] for code, said in taken.items() if said}


def test_what_was_accepted_comes_along_with_a_mapping_that_moves_and_back(gov: Asking, database: Database) -> None:
    gov.course(text=f"{TEXT} Manage contracts.", external_id="SC-2")
    gov.decide(accept("C002"), accept("Q001"), external_id="SC-2")
    assert who_accepted(gov, "1.0.0") == {"C002": 1, "Q001": 1}
    published(database, replaced())
    migrated(gov, "latest")
    assert who_accepted(gov, "latest") == {"C001": 1, "Q001": 1}
    decided = gov.ask("GET", "courses/SC-2/mappings/suggestions/decisions").get_json()["items"]
    assert {item["concept"]: item["standing"] for item in decided} == {"C001": "accepted", "Q001": "accepted"}
    migrated(gov, "1.0.0")
    assert who_accepted(gov, "1.0.0") == {"C002": 1, "Q001": 1}


@pytest.mark.parametrize("first", ["C001", "C002"])
def test_of_two_acceptances_that_meet_the_later_stays(gov: Asking, database: Database, first: str) -> None:
    gov.course(text=f"{TEXT} Manage contracts.", external_id="SC-2")
    then = clock.now()
    for level, code in enumerate((first, {"C001": "C002", "C002": "C001"}[first]), 1):
        with patch("competency_api.core.clock.now", return_value=then + dt.timedelta(seconds=level)):
            gov.decide(accept(code, level=level), external_id="SC-2")
    published(database, replaced())
    migrated(gov, "latest")
    (decided,) = gov.ask("GET", "courses/SC-2/mappings/suggestions/decisions").get_json()["items"]
    assert (decided["concept"], decided["level"]) == ("C001", 2)


def test_the_text_is_read_in_the_language_that_is_preferred_and_there(gov: Asking) -> None:
    texts = {"es": "Aprenderás a evaluar ofertas.", "en": "Nothing of it."}
    gov.ask("PUT", "courses/SC-9", 201, json={"title": {"en": "Course"}, "description": texts})
    address = "courses/SC-9/mappings/suggestions"
    spanish = gov.ask("GET", f"{address}?language=es-MX&lang=en").get_json()
    assert (spanish["text"]["language"], [item["code"] for item in spanish["items"]]) == ("es", ["C001"])
    assert gov.ask("GET", f"{address}?language=fr").get_json()["text"]["language"] == "en"
