"""Suggestions for a whole catalogue: made by a job, read in pages or as a table, decided in one step."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest

from competency_api.core.db import Database
from competency_api.courses.ledger.checking import check_sums
from competency_api.courses.suggestions.service import KEPT_LISTS
from tests.support.keys import bearer
from tests.support.suggesting import ALIKE, Asking, accept, asking, reject


@pytest.fixture
def gov(database: Database) -> Iterator[Asking]:
    with asking(database) as (gov, _porto):
        gov.course("SC-1")
        gov.course("SC-2", ALIKE)
        gov.course("SC-3", "Nothing that anybody knows.")
        yield gov


def decide(gov: Asking, made: Any, *items: dict[str, Any], status: int = 201, **fields: str) -> Any:
    address = f"{made['links']['self']}/decisions"
    return gov.ask("POST", address, status, json={"items": list(items)}, fields=fields).get_json()


def send(gov: Asking, made: Any, text: str, status: int = 201) -> Any:
    address = f"{made['links']['self']}/decision-file"
    return gov.ask("POST", address, status, data=text.encode(), content_type="text/csv").get_json()


def table(gov: Asking, made: Any, query: str = "") -> list[dict[str, str]]:
    text = gov.ask("GET", f"{made['links']['items']}.csv?{query}").data.decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_a_job_reads_every_course_and_its_result_is_the_list(gov: Asking) -> None:
    made = gov.listed()
    assert (made["id"], made["version"], made["courses"], made["suggestions"]) == (1, "1.0.0", 3, 5)
    items = gov.items(made)
    assert [item["course"] for item in items] == ["SC-1"] * 3 + ["SC-2"] * 2
    assert [item["code"] for item in items[:3]] == list(gov.suggested("SC-1"))
    assert {item["code"] for item in items[3:]} == {"Q001", "C001"}
    assert gov.ask("GET", made["links"]["self"]).get_json() == made
    assert [each["id"] for each in gov.ask("GET", "suggestions").get_json()["items"]] == [1]


def test_it_is_read_in_pages_and_by_course_standing_and_confidence(gov: Asking) -> None:
    made = gov.listed()
    first = gov.ask("GET", f"{made['links']['items']}?limit=3").get_json()
    second = gov.ask("GET", f"{made['links']['items']}?limit=3&cursor={first['next']}").get_json()
    assert len(first["items"]) + len(second["items"]) == 5
    assert second["next"] is None
    assert {item["course"] for item in gov.items(made, "course=SC-2")} == {"SC-2"}
    decide(gov, made, {"course": "SC-1", **accept("Q001")}, {"course": "SC-1", **reject("T001")})
    assert [item["code"] for item in gov.items(made, "standing=accepted")] == ["Q001"]
    assert [item["code"] for item in gov.items(made, "standing=rejected")] == ["T001"]
    assert len(gov.items(made, "standing=open")) == 3
    sure = [item["confidence"] for item in gov.items(made)]
    assert len(gov.items(made, f"min_confidence={max(sure)}")) == sure.count(max(sure))


def test_many_are_accepted_in_one_step(gov: Asking) -> None:
    made = gov.listed()
    items = [{"course": item["course"], **accept(item["code"])} for item in gov.items(made)]
    first = decide(gov, made, *items, Idempotency_Key="one")
    assert (first["accepted"], first["mappings"]) == (5, 5)
    assert decide(gov, made, *items, Idempotency_Key="one") == first
    assert decide(gov, made, *items)["unchanged"] == 5
    assert {**gov.mappings("SC-1")}.keys() == {"Q001", "C001", "T001"}
    with gov.client.application.extensions["competency-api"].database.reading(fresh=True) as session:
        assert check_sums(session).is_good


def test_they_are_decided_in_the_table(gov: Asking) -> None:
    made = gov.listed()
    text = gov.ask("GET", f"{made['links']['items']}.csv").data.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].endswith(",standing,decision")
    filled = [lines[0], *(f"{line}{'accept' if 'SC-1' in line else ''}" for line in lines[1:])]
    assert send(gov, made, "\n".join(filled))["accepted"] == 3
    assert {row["standing"] for row in table(gov, made, "course=SC-1")} == {"accepted"}
    head = "course,concept,relation,level,hours,evidence,decision\n"
    send(gov, made, f'{head}SC-2,C001,assesses,3,"2,5",Seen.,Accept\n')
    mapping = gov.mappings("SC-2")["C001"]
    assert [mapping[name] for name in ("relation", "level", "hours", "evidence")] == ["assesses", 3, 2.5, "Seen."]


def test_errors_are_told_by_line_and_nothing_is_written(gov: Asking) -> None:
    made = gov.listed()
    rows = [
        "SC-1,Q001,teaches,,accept",
        "SC-9,Q001,teaches,,accept",
        "SC-1,C002,teaches,,accept",
        "SC-1,C001,teeches,,accept",
        "SC-1,C001,teaches,7,accept",
        "SC-1,C001,teaches,2,acept",
    ]
    answer = send(gov, made, "\n".join(["course,concept,relation,level,decision", *rows]), 422)
    assert [(error["pointer"], error["detail"].split(".")[0]) for error in answer["errors"]] == [
        ("/lines/3/course", 'This provider has no course "SC-9"'),
        ("/lines/4/concept", '"C002" is not suggested for this course here; it can be mapped without'),
        ("/lines/5/relation", '"teeches" is not known here'),
        ("/lines/6/level", '"7" is not known here'),
        ("/lines/7/decision", '"acept" is not known here'),
    ]
    assert gov.mappings("SC-1") == {}
    assert "missing" in send(gov, made, "course,concept\n", 422)["errors"][0]["detail"]
    gov.ask("POST", f"{made['links']['self']}/decision-file", 415, data=b"{}", content_type="application/json")


def test_of_a_course_whose_text_changed_nothing_is_accepted(gov: Asking) -> None:
    made = gov.listed()
    etag = gov.ask("GET", "courses/SC-1").headers["ETag"]
    body = {"title": {"en": "Other"}, "description": {"en": "Other words."}}
    gov.ask("PUT", "courses/SC-1", 200, json=body, fields={"If_Match": etag})
    assert {item["outdated"] for item in gov.items(made, "course=SC-1")} == {True}
    answer = decide(gov, made, {"course": "SC-2", **accept("Q001")}, {"course": "SC-1", **accept("Q001")}, status=422)
    assert answer["errors"][0]["pointer"] == "/items/1/course"
    assert gov.mappings("SC-2") == {}


def test_what_is_settled_is_left_out_of_the_next_list(gov: Asking) -> None:
    gov.decide(accept("Q001"), reject("T001"))
    made = gov.listed(min_confidence=0.0, limit=1)
    assert [(item["course"], item["code"]) for item in gov.items(made)] == [("SC-1", "C001"), ("SC-2", "Q001")]
    assert gov.items(made, "course=SC-2")[0]["why"]["accepted"]["organisations"] == 1


def test_the_newest_lists_are_kept(gov: Asking) -> None:
    last = [gov.listed()["id"] for _ in range(KEPT_LISTS + 2)][-1]
    kept = [each["id"] for each in gov.ask("GET", "suggestions").get_json()["items"]]
    assert kept == list(range(last, last - KEPT_LISTS, -1))
    gov.ask("GET", "suggestions/1", 404)
    gov.ask("GET", "suggestions/none", 404)


def test_the_same_request_is_one_job_and_nobody_else_sees_it(gov: Asking) -> None:
    fields = {"Idempotency_Key": "one"}
    first, second = (gov.ask("POST", "suggestions", 202, json={}, fields=fields) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    gov.ask("POST", "suggestions", 404, json={"version": "9"})
    made = gov.listed()
    assert gov.client.get(made["links"]["items"]).status_code == 401
    answer = gov.client.get("/api/v1/providers/porto/suggestions", headers=bearer(gov.key))
    assert answer.status_code == 404
