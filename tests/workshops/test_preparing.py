"""A workshop with all that it is made of, set up at once: over HTTP and at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from competency_api.cli import main
from competency_api.core.db import Database
from competency_api.core.errors import Conflict, FieldError, InvalidInput
from competency_api.workshops.preparing.faults import Faults
from tests.support.keys import bearer
from tests.support.workshops import BASE, Room, a_room, a_topic, a_workshop

WHOLE: dict[str, Any] = {
    "rounds": [{"title": {"en": "Talk"}, "minutes": 30}, {}],
    "tables": [{"name": "By the window"}, {}],
    "topics": [a_topic(round=2), a_topic("tea", "milk", name="drink")],
}


def sent(room: Room, body: dict[str, Any], query: str = "", **fields: str) -> Any:
    return room.client.post(f"{BASE}{query}", json=body, headers=bearer(room.key, **fields))


def test_faults_of_parts_are_told_with_their_places() -> None:
    faults = Faults()
    faults.tell()
    with faults.of("/tables/0"):
        raise InvalidInput(FieldError("Wrong.", pointer="/challenge"))
    with faults.of("/topics/1"):
        raise Conflict("Twice.")
    with pytest.raises(InvalidInput) as refused:
        faults.tell()
    assert [str(error) for error in refused.value.errors] == ["/tables/0/challenge: Wrong.", "/topics/1: Twice."]


def test_a_workshop_is_made_with_its_rounds_tables_and_topics_at_once_and_once(database: Database) -> None:
    with a_room(database) as room:
        body = a_workshop(code="whole", **WHOLE)
        rehearsed = sent(room, body, "?dry_run=true")
        assert (rehearsed.status_code, rehearsed.json["code"]) == (200, "whole")
        room.code = "whole"
        assert room.ask("GET").status_code == 404
        made = sent(room, body, Idempotency_Key="once")
        assert made.json["parts"] == {"rounds": 2, "tables": 2, "topics": 2, "options": 5} == rehearsed.json["parts"]
        assert made.json["activity"] == room.ask("GET").json["activity"]
        assert made.headers["ETag"] == room.ask("GET").headers["ETag"]
        assert sent(room, body, Idempotency_Key="once").json == made.json
        assert [table["name"] for table in room.ask("GET", "/tables").json["items"]] == ["By the window", "Table 2"]
        assert [topic["round"] for topic in room.ask("GET", "/topics").json["items"]] == [2, None]
        assert room.act("/opening")["state"] == "open"


def test_with_anything_wrong_nothing_is_made_and_all_that_is_wrong_in_the_parts_is_told(
    sqlite_database: Database,
) -> None:
    with a_room(sqlite_database) as room:
        body = a_workshop(code="whole", **WHOLE)
        body["rounds"] = [{"title": {"english": "Talk"}}]
        body["tables"] = [{"challenge": "X999"}, {"number": 3}, {"number": 3}]
        body["topics"] = [a_topic(round=7), a_topic(name="more", filters={"kin": ["competency"]}), a_topic(name="last")]
        refused = sent(room, body)
        assert (refused.status_code, [error["pointer"] for error in refused.json["errors"]]) == (
            422,
            ["/rounds/0/title/english", "/tables/0/challenge", "/tables/2", "/topics/0/round", "/topics/1/filters/kin"],
        )
        assert [one["code"] for one in room.client.get(BASE, headers=bearer(room.key)).json["items"]] == ["room"]
        first = sent(room, body | {"time_zone": "Europe/Madird", "title": {}, "languages": ["english"]})
        assert [error["pointer"] for error in first.json["errors"]] == ["/title", "/time_zone", "/languages/0"]


def test_the_command_line_does_the_same(sqlite_database: Database, tmp_path: Path) -> None:
    environ = {"DATABASE_URL": sqlite_database.settings.database_url, "COMPETENCY_API_KEY": ""}

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["workshops", *arguments], env=environ)

    file = tmp_path / "workshop.json"
    with a_room(sqlite_database) as room:
        file.write_text(json.dumps(a_workshop(code="whole", **WHOLE)))
        parts = "2 rounds, 2 tables, 2 topics, 5 options"
        planned = run("create", str(file), "--dry-run", "--api-key", room.key)
        assert planned.output == f"It would be made: whole, with {parts}.\n"
        made = run("create", str(file), "--api-key", room.key).output.splitlines()
        room.code = "whole"
        assert made == [
            f"Made: whole, with {parts}.",
            *(f"Table {number} is joined with {room.code_of(number)}." for number in (1, 2)),
        ]
        listed = run("list", "--api-key", room.key).output.splitlines()
        assert listed == ["whole  draft  2018-12-12  What we need", "room  draft  2018-12-12  What we need"]
        file.write_text(json.dumps(a_workshop(code="else", tables=[{"number": 0}], tittle={}, time_zone="")))
        wrong = run("create", str(file))
        assert (wrong.exit_code, [line.split(": ")[0].strip() for line in wrong.output[7:].splitlines()]) == (
            1, ["/time_zone", "/tables/0/number", "/tittle"],
        )  # fmt: skip
        file.write_text("{")
        assert "workshop.json:1:2: it is no JSON" in run("create", str(file)).output
