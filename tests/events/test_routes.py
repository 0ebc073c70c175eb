"""The feed over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from competency_api.accounts.queries import find_organisation
from competency_api.accounts.values import COMMAND_LINE
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.events import service
from competency_api.events.values import Audience
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.published import serving
from tests.support.states import published, second_state


@contextmanager
def client_of(database: Database) -> Iterator[FlaskClient]:
    with serving(Settings(database_url=database.settings.database_url)) as client:
        yield client


def recorded(database: Database, subject: str, audience: Audience, organisation: str | None = None) -> None:
    with database.transaction() as session:
        row = find_organisation(session, COMMAND_LINE, organisation) if organisation else None
        whose = row.id if row else None
        service.record(session, "thing.done", subject, "Eva", {"n": 1}, audience=audience, organisation_id=whose)


def test_everybody_reads_what_is_public_and_comes_back_for_more(database: Database) -> None:
    published(database)
    with client_of(database) as client:
        first = client.get("/api/v1/events")
        assert [item["subject"] for item in first.json["items"]] == ["version/1.0.0"]
        assert "actor" not in first.json["items"][0]
        assert (first.json["next"], first.headers["Cache-Control"]) == (None, "public, max-age=5")
        resume = first.json["resume"]
        later = client.get(f"/api/v1/events?cursor={resume}").json
        assert later == {"items": [], "next": None, "resume": resume}
        published(database, second_state())
        more = client.get(f"/api/v1/events?cursor={resume}").json
        assert [item["data"]["number"] for item in more["items"]] == ["1.1.0"]


def test_pages_lead_from_one_to_the_next(database: Database) -> None:
    for n in range(5):
        recorded(database, f"thing/{n}", Audience.PUBLIC)
    with client_of(database) as client:
        address, seen = "/api/v1/events?limit=2&type=thing.done", []
        while address:
            answer = client.get(address)
            seen += [item["subject"] for item in answer.json["items"]]
            link = answer.headers.get("Link", "")
            address = link.partition(">")[0].removeprefix("<")
        assert seen == [f"thing/{n}" for n in range(5)]
        assert [i["subject"] for i in client.get("/api/v1/events?subject=thing/3").json["items"]] == ["thing/3"]
        assert client.get("/api/v1/events?type=version.published").json["items"] == []


def test_a_key_shows_what_is_its_own_and_who_did_it(database: Database) -> None:
    an_administrator(database)
    an_organisation(database, "madrid", "provider")
    an_organisation(database, "lisbon", "both")
    recorded(database, "for all", Audience.PUBLIC)
    recorded(database, "for curators", Audience.CURATORS)
    recorded(database, "for madrid", Audience.ORGANISATION, "madrid")
    keys = {
        "provider": (a_key(database, "read", organisation="madrid")[0], ["for all", "for madrid"]),
        "curator": (a_key(database, "propose", organisation="lisbon")[0], ["for all", "for curators"]),
        "reader": (a_key(database, "read", organisation="lisbon")[0], ["for all"]),
        "outside": (a_key(database, "read")[0], ["for all"]),
        "administrator": (bearer()["Authorization"].split()[1], ["for all", "for curators", "for madrid"]),
    }
    with client_of(database) as client:
        for key, expected in keys.values():
            answer = client.get("/api/v1/me/events", headers=bearer(key))
            assert [item["subject"] for item in answer.json["items"]] == expected
            assert {item["actor"] for item in answer.json["items"]} == {"Eva"}
            assert "private" in answer.headers["Cache-Control"]
        assert client.get("/api/v1/me/events").status_code == 401
        assert [i["subject"] for i in client.get("/api/v1/events", headers=bearer()).json["items"]] == ["for all"]


@pytest.mark.parametrize("query", ["cursor=x", "type=Published", "type=a.b,a.b", "subject=", "limit=0", "since=1"])
def test_a_wrong_question_is_answered_with_what_is_right(sqlite_database: Database, query: str) -> None:
    with client_of(sqlite_database) as client:
        answer = client.get(f"/api/v1/events?{query}")
        assert answer.status_code == 422
        assert answer.json["errors"][0]["parameter"].split(".")[0] == query.split("=")[0]
