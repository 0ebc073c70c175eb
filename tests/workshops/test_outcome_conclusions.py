"""Conclusions over HTTP: who may write them, what each version keeps, who reads them when."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.core.signatures import new_private_key, read_public_keys, read_signer, verified
from competency_api.workshops.models import ConclusionRow
from competency_api.workshops.outcome.conclusions.sealing import ABOUT, statement_in
from tests.support.keys import bearer
from tests.support.published import serving
from tests.support.sources import ROOT
from tests.support.workshops import Room, a_room

SIGNING = new_private_key()
ONE, TWO = "/tables/1/conclusions/food", "/tables/2/conclusions/food"
TEXT = {"text": {"en": "Bread first.", "es": "Primero el pan."}}


@pytest.fixture
def room(database: Database) -> Iterator[Room]:
    with a_room(database, is_open=True, signing_key=SIGNING) as found:
        yield found


def test_each_writing_is_a_version_signed_in_the_name_of_the_key(room: Room) -> None:
    key = room.key_of(1)
    first = room.ask("PUT", ONE, key, json=TEXT)
    assert (first.status_code, first.headers["ETag"], first.json["history"]) == (201, '"1"', [])
    second = room.ask("PUT", ONE, key, etag=first.headers["ETag"], json={"text": {"en": "Cheese."}})
    assert (second.status_code, second.json["number"], second.json["is_intact"]) == (200, 2, True)
    assert second.json["before"] == first.json["digest"] == second.json["history"][0]["digest"]
    assert "table 1" in second.json["signer"].lower()
    signer = read_signer(SIGNING)
    said = statement_in(verified(second.json["signature"], {signer.key_id: signer.public_key}))
    assert said is not None
    assert (said["text"], said["signed_by"]) == ({"en": "Cheese."}, second.json["signed_by"])
    again = room.ask("PUT", ONE, key, etag='"2"', json={"text": {"en": "Cheese."}})
    assert (again.status_code, again.json) == (200, second.json)


def test_conclusions_of_before_are_checked_with_what_is_published_when_the_key_was_replaced(database: Database) -> None:
    private = [SIGNING, new_private_key(), new_private_key()]
    with a_room(database, is_open=True, signing_key=SIGNING) as room:
        first = room.ask("PUT", ONE, json=TEXT).json
        with serving(dataclasses.replace(database.settings, signing_key=private[1])) as client:
            second = Room(client, room.key, room.other).ask("PUT", TWO, json=TEXT).json
    with serving(dataclasses.replace(database.settings, signing_key=private[2])) as client:
        text = client.get("/.well-known/jwks.json").text
    keys = read_public_keys(text)
    present, *earlier = keys  # two keys of the same second have no order
    assert (present, {*earlier}) == (read_signer(private[2]).key_id, {read_signer(key).key_id for key in private[:2]})
    for said in (first, second):
        statement = statement_in(verified(said["signature"], keys))
        assert statement is not None
        assert (statement["subject"], statement["text"]) == (said["subject"], TEXT["text"])


def test_anyone_can_recompute_the_digests_as_the_docs_say(room: Room) -> None:
    page = (ROOT / "docs/reference/digests.md").read_text("utf-8").partition("## Conclusions of workshops")[2]
    rows = [re.findall("`([^`]+)`", line.split("|")[1]) for line in page.splitlines() if line.startswith("| `")]
    room.ask("PUT", ONE, json=TEXT)
    found = room.ask("PUT", ONE, etag='"1"', json={"text": {"es": "El queso."}}).json
    known = {**found, "about": ABOUT, "before": ""}
    for version in [*found["history"], found]:
        known |= version
        said = {member: known[member] for row in rows for member in row}
        written = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        assert hashlib.sha256(written).hexdigest() == version["digest"]
        known["before"] = version["digest"]


def test_what_was_changed_in_the_database_is_no_longer_intact(room: Room, database: Database) -> None:
    room.ask("PUT", ONE, json=TEXT)
    assert room.ask("GET", ONE).json["is_intact"] is True
    with database.transaction() as session:
        session.execute(sa.update(ConclusionRow).values(text='{"en": "Wine first."}'))
    assert room.ask("GET", "/conclusions").json["items"][0]["is_intact"] is False


def test_the_organisation_and_nobody_else_is_told_of_a_conclusion(room: Room) -> None:
    room.ask("PUT", "/report/text", json=TEXT)
    path = "/api/v1/me/events?type=conclusion.signed"
    [event] = room.client.get(path, headers=bearer(room.key)).json["items"]
    assert (event["subject"], event["data"]["conclusion"], event["data"]["number"]) == ("workshop/room", "report", 1)
    assert room.client.get(path, headers=bearer(room.other)).json["items"] == []


def test_nobody_writes_over_what_they_did_not_see(room: Room) -> None:
    assert room.ask("PUT", ONE, etag='"1"', json=TEXT).status_code == 412
    assert room.ask("PUT", ONE, headers={"If-None-Match": "*"}, json=TEXT).status_code == 201
    other = {"text": {"en": "Wine."}}
    assert room.ask("PUT", ONE, json=other).status_code == 428
    assert room.ask("PUT", ONE, etag='"7"', json=other).status_code == 412
    assert room.ask("PUT", ONE, headers={"If-None-Match": "*"}, json=other).status_code == 412
    assert room.ask("GET", ONE).json["number"] == 1


def test_a_facilitator_concludes_for_the_own_table_only_and_organisers_for_the_plenary(room: Room) -> None:
    key = room.key_of(1)
    refused = room.ask("PUT", TWO, key, json=TEXT)
    assert (refused.status_code, refused.json["tables"]) == (403, [1])
    assert room.ask("PUT", "/report/text", key, json=TEXT).status_code == 403
    assert room.ask("PUT", "/report/text", room.other, json=TEXT).status_code == 403
    assert room.ask("PUT", "/report/text", json=TEXT).status_code == 201
    assert room.ask("GET", "/report/text").json["table"] is None
    assert room.ask("PUT", "/tables/9/conclusions/food", json=TEXT).status_code == 404
    assert room.ask("PUT", "/tables/1/conclusions/fod", json=TEXT).status_code == 404


def test_everybody_reads_them_when_the_workshop_is_reported(room: Room) -> None:
    for path in (TWO, ONE, "/report/text"):
        room.ask("PUT", path, json=TEXT)
    assert room.ask("GET", "/conclusions", "").status_code == 403
    assert room.ask("GET", ONE, room.other).status_code == 403
    for verb in ("closing", "reporting"):
        room.act(f"/{verb}")
    found = room.ask("GET", "/conclusions", "").json
    assert [(item["topic"], item["table"]) for item in found["items"]] == [("food", 1), ("food", 2)]
    assert found["report"]["text"] == TEXT["text"]
    assert room.ask("GET", TWO, "").json == found["items"][1]


def test_what_is_no_conclusion_is_refused_with_its_place(room: Room) -> None:
    for text, pointer in (({}, "/text"), ({"xx-yy-zz": "x"}, "/text/xx-yy-zz"), ({"en": ""}, "/text/en")):
        refused = room.ask("PUT", ONE, json={"text": text})
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, pointer)
    assert room.ask("GET", ONE).status_code == 404


def test_before_it_is_open_there_is_nothing_to_conclude(database: Database) -> None:
    with a_room(database) as room:
        assert room.ask("PUT", ONE, json=TEXT).status_code == 409
